/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sync_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

redis_t redis;
mirror_t *mirror;
mpsk_sync_t *sync_thread;
mpsk_error_t err;

void rig_begin(char const *uri, mpsk_sync_timing_t const *timing)
{
	mpsk_store_config_t config = mpsk_store_defaults;

	config.uri = uri;
	assert_int_equal(mpsk_sync_start_timed(NULL, &sync_thread, &config, &mirror_sink, mirror, timing, &err),
			 MPSK_OK);
}

bool rig_is_live(void const *uctx)
{
	(void) uctx;
	return mpsk_sync_live(sync_thread);
}

bool rig_is_lost(void const *uctx)
{
	(void) uctx;
	return !mpsk_sync_live(sync_thread);
}

/* Nothing is held: whatever a test does to the keys, it wants to see done. */
static mpsk_sync_timing_t const timing = { .rescan_ms = 900000, .untracked_rescan_ms = 30000, .pace = 20000 };

void rig_begin_live(void)
{
	rig_begin(redis.uri, &timing);
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
}

int rig_fresh(void **state)
{
	(void) state;
	redis_do(&redis, "FLUSHALL");
	redis_do(&redis, "HSET mpsk:key:{bob} psk correct-horse max 3");
	mirror = mirror_create();
	return 0;
}

int rig_clean(void **state)
{
	(void) state;
	mpsk_sync_stop(&sync_thread);
	mirror_free(mirror);
	return 0;
}

int rig_start(void **state)
{
	(void) state;
	redis_start(&redis);
	return 0;
}

int rig_stop(void **state)
{
	(void) state;
	redis_stop(&redis);
	return 0;
}

bool rig_has_max(void const *uctx)
{
	rig_want_t const *want = uctx;

	return mirror_max(mirror, want->id) == want->max;
}

void rig_assert_soon(char const *id, long long max)
{
	rig_want_t want = { id, max };

	if (wait_for(rig_has_max, &want, FORCE_MS)) return;
	mirror_dump(mirror);
	fail_msg("%s has max %lld instead of %lld", id, mirror_max(mirror, id), max);
}

static bool is_logged(void const *uctx)
{
	return mirror_logged(mirror, uctx) > 0;
}

void rig_assert_logged(char const *text)
{
	if (wait_for(is_logged, text, PATIENCE_MS)) return;
	mirror_dump(mirror);
	fail_msg("not logged: %s", text);
}
