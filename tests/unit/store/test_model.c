/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync converges: random edits, connections that are cut among them, and a
 * comparison once it is quiet, round after round. And it would not without
 * the load on every connect, which shows that the rounds lose something.
 *
 * In the environment: MODEL_EDITS and MODEL_KILLS in all, and MODEL_SEED.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/deadline.h"
#include "cluster_rig.h"
#include "model.h"
#include "store/feed.h"
#include "store/sync_timing.h"

#define ROUND_KILLS	10
#define EDITS		30000
#define KILLS		20
#define LOSSY_ROUNDS	50
#define LOSSY_EDITS	2000
#define PATIENCE_MS	20000

/* What nobody runs for its speed has longer. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define QUIET_MS	10000
#else
#define QUIET_MS	2000
#endif

/* What a flush takes away is to be gone, not held; and no re-scan mends what was missed. */
static mpsk_sync_timing_t const timing = { .rescan_ms = 3600000, .untracked_rescan_ms = 3600000, .pace = 20000 };

static redis_t redis;
static bool resync = true;

/* The linker puts it in the place of mpsk_feed_load(): a load on a reconnect can be left out. */
void __real_mpsk_feed_load(mpsk_feed_t *feed, unsigned pace);
void __wrap_mpsk_feed_load(mpsk_feed_t *feed, unsigned pace);

void __wrap_mpsk_feed_load(mpsk_feed_t *feed, unsigned pace)
{
	if (resync || !feed->current) __real_mpsk_feed_load(feed, pace);
}

static long from_env(char const *name, long otherwise)
{
	char const *value = getenv(name);

	return value && *value ? strtol(value, NULL, 10) : otherwise;
}

static bool is_live(void const *uctx)
{
	model_t const *model = uctx;

	return mpsk_sync_live(model->sync);
}

static void begin(model_t *model, mpsk_store_config_t const *config)
{
	mpsk_error_t err;

	model->random = (unsigned) from_env("MODEL_SEED", getpid() ^ (long) mpsk_monotonic_ms());
	printf("# MODEL_SEED=%u\n", model->random);
	model->mirror = mirror_create();
	for (unsigned i = 0; i < model->n; i++) redis_do(model->nodes[i], "FLUSHALL");
	assert_int_equal(mpsk_sync_start_timed(NULL, &model->sync, config, &mirror_sink, model->mirror, &timing, &err),
			 MPSK_OK);
	assert_true(wait_for(is_live, model, PATIENCE_MS));
}

static void begin_standalone(model_t *model)
{
	mpsk_store_config_t config = mpsk_store_defaults;

	config.uri = redis.uri;
	model->nodes[0] = &redis;
	model->n = 1;
	for (unsigned id = 0; id < MODEL_IDS; id++) model->owners[id] = &redis;
	begin(model, &config);
}

static void end(model_t *model)
{
	mpsk_sync_stop(&model->sync);
	mirror_free(model->mirror);
}

/* One after the other, until all edits and kills are done. */
static void rounds(model_t *model)
{
	long edits = from_env("MODEL_EDITS", EDITS), kills = from_env("MODEL_KILLS", KILLS);
	long n = kills / ROUND_KILLS > 0 ? kills / ROUND_KILLS : 1;
	int64_t longest = 0;

	for (long i = 0; i < n; i++) {
		int64_t quiet;

		model_edit(model, edits / n + (i < edits % n), kills / n + (i < kills % n));
		quiet = mpsk_monotonic_ms();
		if (!wait_for(model_is_equal, model, QUIET_MS)) {
			mirror_dump(model->mirror);
			fail_msg("round %ld of %ld: %s", i + 1, n, model->wrong);
		}
		quiet = mpsk_monotonic_ms() - quiet;
		if (quiet > longest) longest = quiet;
	}
	printf("# %ld edits, %ld disconnects, %ld flushes, %ld rounds: equal within %ld ms\n", model->edits,
	       model->kills, model->flushes, n, (long) longest);
	assert_true(model->edits >= edits && model->kills == kills);
}

static void test_standalone(void **state)
{
	model_t model = { .n = 0 };

	(void) state;
	begin_standalone(&model);
	rounds(&model);
	end(&model);
}

/* The same edits with no load on reconnect: what was said in between is missed, and the comparison sees it. */
static void test_without_resync(void **state)
{
	model_t model = { .n = 0 };
	int lost = 0;

	(void) state;
	begin_standalone(&model);
	model_edit(&model, LOSSY_EDITS, 0);
	if (!wait_for(model_is_equal, &model, QUIET_MS)) fail_msg("before anything is cut: %s", model.wrong);
	resync = false;
	for (int i = 0; i < LOSSY_ROUNDS && !lost; i++) {
		model_edit(&model, LOSSY_EDITS, ROUND_KILLS);
		lost += !wait_for(model_is_equal, &model, QUIET_MS);
	}
	resync = true;
	printf("# without a load on reconnect, after %ld disconnects: %s\n", model.kills, model.wrong);
	assert_int_equal(lost, 1);
	end(&model);
}

static void test_cluster(void **state)
{
	mpsk_store_config_t config;
	model_t model = { .n = CLUSTER_PRIMARIES };

	cluster_start(state);
	for (int i = 0; i < CLUSTER_PRIMARIES; i++) model.nodes[i] = &cluster_nodes[i].redis;
	for (unsigned id = 0; id < MODEL_IDS; id++) {
		char name[32];

		model_name(name, id);
		model.owners[id] = &cluster_owner(name)->redis;
	}
	config = cluster_config();
	begin(&model, &config);
	rounds(&model);
	end(&model);
	cluster_stop(state);
}

static int start(void **state)
{
	(void) state;
	redis_start(&redis);
	return 0;
}

static int halt(void **state)
{
	(void) state;
	redis_stop(&redis);
	return 0;
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_standalone),
		cmocka_unit_test(test_without_resync),
		cmocka_unit_test(test_cluster),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, start, halt);
}
