/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wipe brake: data that were lost are not taken over, and edits are.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "store/meta.h"
#include "sync_rig.h"

#define MANY 300
#define OLD_META "HSET mpsk:meta schema 1 made 1000 epoch 0b0e6a52-3d7c-4c1e-9f7c-9f4f1f5d2a11"

static mpsk_sync_timing_t const patient = {
	.rescan_ms = 900000, .untracked_rescan_ms = 30000, .pace = 20000, .hold_ms = 600000,
};
static mpsk_sync_timing_t const brief = {
	.rescan_ms = 900000, .untracked_rescan_ms = 30000, .pace = 20000, .hold_ms = 2000,
};

static bool is_held(void const *uctx)
{
	(void) uctx;
	return mpsk_sync_held(sync_thread);
}

static bool has_epoch(void const *uctx)
{
	(void) uctx;
	return strlen(redis_ask(&redis, "HGET mpsk:meta epoch")) == 36 &&
	       redis_ask(&redis, "HGET mpsk:meta seen")[0];
}

static void begin(mpsk_sync_timing_t const *timing)
{
	rig_begin(redis.uri, timing);
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	assert_true(wait_for(has_epoch, NULL, PATIENCE_MS));
}

static void add_many(int n)
{
	redis_do(&redis, "EVAL %s 0 %d", "for i = 1, tonumber(ARGV[1]) do "
		 "redis.call('HSET', 'mpsk:key:{k' .. i .. '}', 'psk', 'correct-horse', 'max', i) end", n);
}

static void accept_it(void)
{
	mpsk_store_config_t config = mpsk_store_defaults;
	mpsk_store_t *store;

	config.uri = redis.uri;
	assert_int_equal(mpsk_store_create(NULL, &store, &config, &err), MPSK_OK);
	assert_int_equal(mpsk_store_accept(store, &err), MPSK_OK);
	talloc_free(store);
}

static void assert_held(char const *why)
{
	assert_true(wait_for(is_held, NULL, PATIENCE_MS));
	rig_assert_logged("2 Redis seems to have lost data: ");
	rig_assert_logged(why);
	assert_false(mpsk_sync_live(sync_thread));
	assert_int_equal(mirror_max(mirror, "bob"), 3);
}

static void test_flushall(void **state)
{
	(void) state;
	begin(&patient);
	redis_do(&redis, "FLUSHALL");
	assert_held("mpsk:meta is gone. ");
	/* What is typed into it is not believed yet either. */
	redis_do(&redis, "HSET mpsk:key:{bob} psk correct-horse max 9");
	assert_false(wait_for(rig_is_live, NULL, 1500));
	assert_int_equal(mirror_max(mirror, "bob"), 3);
	redis_do(&redis, "DEL mpsk:key:{bob}");
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	accept_it();
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	rig_assert_soon("bob", -2);
	rig_assert_soon("eve", 9);
	assert_true(wait_for(has_epoch, NULL, PATIENCE_MS));
	rig_assert_logged("1 what Redis holds is taken over");
}

static void test_empty_restart(void **state)
{
	char dump[4096];

	(void) state;
	begin(&brief);
	strncpy(dump, redis_ask(&redis, "HGET mpsk:meta epoch"), sizeof(dump) - 1);
	dump[sizeof(dump) - 1] = '\0';
	redis_kill(&redis);
	redis_revive(&redis);
	assert_held("mpsk:meta is gone. ");
	/* Time ends nothing where there is no meta. */
	assert_false(wait_for(rig_is_live, NULL, 3500));
	assert_int_equal(mirror_max(mirror, "bob"), 3);
	/* The data are brought back. */
	redis_do(&redis, "HSET mpsk:key:{bob} psk correct-horse max 3");
	redis_do(&redis, "HSET mpsk:meta epoch %s seen 99999999999", dump);
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	assert_false(mpsk_sync_held(sync_thread));
	assert_int_equal(mirror_max(mirror, "bob"), 3);
}

/* What is edited until EXEC nobody is told: it is seen by a load, all at once. */
static void unheard(void)
{
	redis_do(&redis, "MULTI");
	redis_do(&redis, "CLIENT KILL TYPE pubsub");
	redis_do(&redis, "CLIENT KILL TYPE normal SKIPME yes");
}

/* Data of another epoch, and older ones, are held for a while. */
static void test_others(void **state)
{
	(void) state;
	redis_do(&redis, OLD_META);
	begin(&brief);
	unheard();
	redis_do(&redis, "HSET mpsk:meta epoch another");
	redis_do(&redis, "HSET mpsk:key:{bob} max 9");
	redis_do(&redis, "EXEC");
	assert_held("mpsk:meta has another epoch. ");
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	rig_assert_soon("bob", 9);
	assert_true(mirror_logged(mirror, "taken over by itself"));
}

static void test_old(void **state)
{
	(void) state;
	begin(&patient);
	unheard();
	redis_do(&redis, "HSET mpsk:meta seen 1000");
	redis_do(&redis, "HSET mpsk:key:{bob} max 9");
	redis_do(&redis, "EXEC");
	assert_held("its data are older than those that were there. ");
	accept_it();
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	rig_assert_soon("bob", 9);
}

/* A failover may lose what was written last. */
static void test_epoch_lost(void **state)
{
	(void) state;
	begin(&patient);
	unheard();
	redis_do(&redis, "DEL mpsk:meta");
	redis_do(&redis, "HSET mpsk:key:{bob} max 9");
	redis_do(&redis, "EXEC");
	rig_assert_soon("bob", 9);
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	assert_true(wait_for(has_epoch, NULL, PATIENCE_MS));
	assert_false(mpsk_sync_held(sync_thread));
	rig_assert_logged("1 mpsk:meta is gone, seconds after it was made: ");
}

/* But not a key besides. */
static void test_epoch_and_key_lost(void **state)
{
	(void) state;
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	begin(&patient);
	unheard();
	redis_do(&redis, "DEL mpsk:meta mpsk:key:{eve}");
	redis_do(&redis, "EXEC");
	assert_held("mpsk:meta is gone. ");
	assert_int_equal(mirror_max(mirror, "eve"), 9);
}

/* Of one that is older, no failover loses anything. */
static void test_old_epoch_lost(void **state)
{
	(void) state;
	redis_do(&redis, OLD_META);
	begin(&patient);
	unheard();
	redis_do(&redis, "DEL mpsk:meta");
	redis_do(&redis, "HSET mpsk:key:{bob} max 9");
	redis_do(&redis, "EXEC");
	assert_held("mpsk:meta is gone. ");
}

/* Most keys are gone, and nobody was told. */
static void test_lost(void **state)
{
	(void) state;
	add_many(MANY);
	begin(&patient);
	assert_int_equal(mirror_count(mirror), MANY + 1);
	unheard();
	redis_do(&redis, "EVAL %s 0 %d", "for i = 1, tonumber(ARGV[1]) do "
		 "redis.call('DEL', 'mpsk:key:{k' .. i .. '}') end", MANY);
	redis_do(&redis, "EXEC");
	assert_held("300 of 301 keys are gone. ");
	assert_int_equal(mirror_count(mirror), MANY + 1);
	accept_it();
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	assert_int_equal(mirror_count(mirror), 1);
}

/* What somebody deletes is gone at once, however much it is. */
static void test_deleted(void **state)
{
	(void) state;
	add_many(MANY);
	begin(&patient);
	for (int i = 1; i <= MANY; i++) redis_do(&redis, "DEL mpsk:key:{k%d}", i);
	rig_assert_soon("k300", -2);
	assert_int_equal(mirror_count(mirror), 1);
	assert_false(mpsk_sync_held(sync_thread));
	assert_true(mpsk_sync_live(sync_thread));
}

/* A server that starts on an empty Redis does not say that this is right. */
static void test_empty_start(void **state)
{
	(void) state;
	redis_do(&redis, "FLUSHALL");
	rig_begin(redis.uri, &patient);
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	assert_false(wait_for(has_epoch, NULL, 500));
}

/* What a later version laid out is not read, whoever says that it is right; what is in memory stays in force. */
static void test_newer(void **state)
{
	(void) state;
	begin(&brief);
	unheard();
	redis_do(&redis, "HSET mpsk:meta schema %d", MPSK_SCHEMA + 1);
	redis_do(&redis, "HSET mpsk:key:{bob} max 9");
	redis_do(&redis, "EXEC");
	assert_true(wait_for(is_held, NULL, PATIENCE_MS));
	rig_assert_logged("2 mpsk:meta: the data in Redis are of schema 2, and this version of mpsk reads schema 1: ");
	accept_it();
	assert_false(wait_for(rig_is_live, NULL, 3500));
	assert_int_equal(mirror_max(mirror, "bob"), 3);
	redis_do(&redis, "HSET mpsk:meta schema %d", MPSK_SCHEMA);
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	rig_assert_soon("bob", 9);
}

#define TEST(_name) cmocka_unit_test_setup_teardown(_name, rig_fresh, rig_clean)

int main(void)
{
	struct CMUnitTest const tests[] = {
		TEST(test_flushall), TEST(test_empty_restart), TEST(test_others), TEST(test_old),
		TEST(test_epoch_lost), TEST(test_epoch_and_key_lost), TEST(test_old_epoch_lost), TEST(test_lost),
		TEST(test_deleted), TEST(test_empty_start), TEST(test_newer),
	};

	return cmocka_run_group_tests(tests, rig_start, rig_stop);
}
