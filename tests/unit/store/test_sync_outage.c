/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync against a server that goes, comes back, hangs, refuses, or does not
 * tell what changes; and edits at the worst time.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/deadline.h"
#include "sync_rig.h"

static void test_restart(void **state)
{
	(void) state;
	rig_begin_live();
	redis_kill(&redis);
	assert_true(wait_for(rig_is_lost, NULL, FORCE_MS));
	/* The copy outlives its origin. */
	assert_int_equal(mirror_max(mirror, "bob"), 3);
	rig_assert_logged("1 lost Redis, its keys are kept: ");
	rig_assert_logged("1 no Redis: cannot connect to unix://");
	redis_revive(&redis);
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	rig_assert_soon("eve", 9);
	assert_int_equal(mirror_max(mirror, "bob"), -2);
	/* The first one was in nobody's place that we know of; the second was. */
	assert_int_equal(mirror_restored(mirror), 2);
	assert_int_equal(mirror_replaced(mirror), 2);
	assert_int_equal(mpsk_sync_age(sync_thread), 0);
}

static bool is_repeated(void const *uctx)
{
	return mirror_logged(mirror, uctx) > 1;
}

static void test_down_at_start(void **state)
{
	(void) state;
	redis_kill(&redis);
	rig_begin(redis.uri, &mpsk_sync_timing);
	rig_assert_logged("1 no Redis: cannot connect to unix://");
	/* Several attempts, one line. */
	assert_false(wait_for(is_repeated, "no Redis: ", 500));
	assert_false(mpsk_sync_live(sync_thread));
	redis_revive(&redis);
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	rig_assert_soon("eve", 9);
}

/* Cut connections, and edit before anybody can be back: nobody is told of that edit. */
static void test_gap(void **state)
{
	static char const *const kills[] = {
		"CLIENT KILL TYPE pubsub", "CLIENT KILL TYPE normal SKIPME yes", NULL	/* NULL: both */
	};

	(void) state;
	rig_begin_live();
	for (int i = 0; i < 9; i++) {
		char const *which = kills[i % 3];
		int loads = mirror_loads(mirror);

		redis_do(&redis, "MULTI");
		if (which) {
			redis_do(&redis, which);
		} else {
			redis_do(&redis, kills[0]);
			redis_do(&redis, kills[1]);
		}
		redis_do(&redis, "HSET mpsk:key:{bob} max %d", 100 + i);
		redis_do(&redis, "HSET mpsk:key:{k%d} psk correct-horse max 1", i);
		redis_do(&redis, "DEL mpsk:key:{k%d}", i - 1);
		redis_do(&redis, "EXEC");
		rig_assert_soon("bob", 100 + i);
		assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
		assert_int_equal(mirror_count(mirror), 2);
		assert_true(mirror_loads(mirror) > loads);
	}
	/* It was the same server all the time. */
	assert_true(mirror_restored(mirror) >= 9);
	assert_int_equal(mirror_replaced(mirror), 1);
}

/* Edits at random, connections cut at random, and in the end both are equal. */
static void test_converges(void **state)
{
	unsigned seed = 20240607;
	static long long truth[300];

	(void) state;
	redis_do(&redis, "FLUSHALL");
	for (int i = 0; i < 300; i++) truth[i] = -2;
	rig_begin_live();
	for (int i = 0; i < 30000; i++) {
		int n = rand_r(&seed) % 300, what = rand_r(&seed) % 100;

		if (what < 70) {
			truth[n] = rand_r(&seed) % 1000;
			redis_do(&redis, "HSET mpsk:key:{k%d} psk correct-horse max %d", n, (int) truth[n]);
		} else if (what < 99) {
			truth[n] = -2;
			redis_do(&redis, "UNLINK mpsk:key:{k%d}", n);
		} else if (rand_r(&seed) % 10 == 0) {
			redis_do(&redis, rand_r(&seed) % 2 ? "CLIENT KILL TYPE normal SKIPME yes"
							   : "CLIENT KILL TYPE pubsub");
		}
	}
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	for (int n = 0; n < 300; n++) {
		char id[16];

		snprintf(id, sizeof(id), "k%d", n);
		rig_assert_soon(id, truth[n]);
	}
}

/* Edits of keys that a load has passed, or has not come to yet. */
static void test_edits_during_load(void **state)
{
	(void) state;
	redis_do(&redis, "EVAL %s 0", "for i = 1, 30000 do redis.call('HSET', 'mpsk:key:{k' .. i .. '}', "
		 "'psk', 'correct-horse', 'max', i) end");
	rig_begin(redis.uri, &mpsk_sync_timing);
	for (int i = 1; i <= 2000; i++) redis_do(&redis, "HSET mpsk:key:{k%d} max 0", i);
	for (int i = 2001; i <= 2100; i++) redis_do(&redis, "DEL mpsk:key:{k%d}", i);
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	for (int i = 1; i <= 2100; i += 7) {
		char id[16];

		snprintf(id, sizeof(id), "k%d", i);
		rig_assert_soon(id, i <= 2000 ? 0 : -2);
	}
	rig_assert_soon("k2100", -2);
	assert_int_equal(mirror_count(mirror), 30000 - 100 + 1);
}

/* SWAPDB is told to nobody: the re-scan finds it, and readers see no gap meanwhile. */
static void test_rescan(void **state)
{
	mpsk_sync_timing_t const timing = { .rescan_ms = 100, .untracked_rescan_ms = 100, .pace = 20000 };
	rig_want_t const eve = { "eve", 9 }, bob = { "bob", -2 };

	(void) state;
	rig_begin(redis.uri, &timing);
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	redis_do(&redis, "SELECT 1");
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	redis_do(&redis, "SELECT 0");
	redis_do(&redis, "SWAPDB 0 1");
	assert_true(wait_for(rig_has_max, &eve, PATIENCE_MS));
	assert_true(wait_for(rig_has_max, &bob, PATIENCE_MS));
	assert_true(mpsk_sync_live(sync_thread));
	assert_int_equal(mirror_logged(mirror, "keys loaded"), 1);
}

/* A user who may not track: all keys are read again and again. */
static void test_untracked(void **state)
{
	mpsk_sync_timing_t const timing = { .rescan_ms = 1000000, .untracked_rescan_ms = 100, .pace = 20000 };
	char uri[120];
	rig_want_t want = { "bob", 5 };

	(void) state;
	redis_do(&redis, "ACL SETUSER mpsk on >pw ~mpsk:* resetchannels -@all +scan +hgetall +role +ping +type");
	snprintf(uri, sizeof(uri), "unix://mpsk:pw@%s", redis.socket);
	rig_begin(uri, &timing);
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	rig_assert_logged("1 this Redis does not tell which keys change (");
	redis_do(&redis, "HSET mpsk:key:{bob} max 5");
	assert_true(wait_for(rig_has_max, &want, PATIENCE_MS));
	assert_true(mpsk_sync_live(sync_thread));
}

/* What stands after the password in the line "user mpsk on >PASSWORD ..." of a page. */
static void documented_rights(char *rights, size_t size)
{
	static char const line_begins[] = "       user mpsk on >PASSWORD ";
	char const *srcdir = getenv("srcdir");
	char line[1024] = "", path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/docs/how-to/redis-standalone.md", srcdir ? srcdir : ".");
	f = fopen(path, "r");
	if (!f) fail_msg("%s is not there", path);
	while (fgets(line, sizeof(line), f) && strncmp(line, line_begins, sizeof(line_begins) - 1) != 0) continue;
	fclose(f);
	line[strcspn(line, "\n")] = '\0';
	assert_true(strlen(line) > sizeof(line_begins));
	snprintf(rights, size, "%s", line + sizeof(line_begins) - 1);
}

/* Every call of the store but a deletion, for which the page names one right more. */
static void assert_all_allowed(char const *uri)
{
	mpsk_field_t const fields[] = { { "psk", 3, "correct-horse", 13 }, { "max", 3, "5", 1 } };
	mpsk_claim_t claim = { .id = "bob", .fingerprint = "", .mac = { { 0, 0, 0x5e, 0, 0x53, 1 } } };
	mpsk_store_config_t config = mpsk_store_defaults;
	mpsk_ssid_t const ssid = { 4, "Acme" };
	char id[MPSK_ID_MAX + 1];
	mpsk_store_t *store;
	mpsk_store_info_t info;
	mpsk_claim_result_t result;
	mpsk_device_t *devices;
	mpsk_key_t *key;
	size_t n;

	config.uri = uri;
	assert_int_equal(mpsk_store_create(NULL, &store, &config, &err), MPSK_OK);
	assert_int_equal(mpsk_store_ping(store, &info, &err), MPSK_OK);
	assert_int_equal(mpsk_store_claim(store, &claim, &result, &err), MPSK_OK);
	assert_int_equal(result.code, MPSK_CLAIM_OK);
	assert_int_equal(mpsk_store_devices(store, store, "bob", &devices, &n, &err), MPSK_OK);
	claim.op = MPSK_CLAIM_RELEASE;
	assert_int_equal(mpsk_store_claim(store, &claim, &result, &err), MPSK_OK);
	assert_int_equal(mpsk_store_key_read(store, store, "bob", &key, &err), MPSK_OK);
	assert_int_equal(mpsk_store_key_write(store, "bob", MPSK_WRITE_EDIT, fields, 2, NULL, &err), MPSK_OK);
	assert_int_equal(mpsk_store_hint_set(store, &claim.mac, &ssid, "bob", &err), MPSK_OK);
	assert_int_equal(mpsk_store_hint_get(store, &claim.mac, &ssid, id, &err), MPSK_OK);
	assert_int_equal(mpsk_store_hint_drop(store, &claim.mac, &ssid, &err), MPSK_OK);
	assert_int_equal(mpsk_store_key_delete(store, "bob", &err), MPSK_BAD);
	talloc_free(store);
}

/* The rights that the documentation tells people to give are enough. */
static void test_least_rights(void **state)
{
	char uri[120], rights[1024], command[1100];

	(void) state;
	documented_rights(rights, sizeof(rights));
	snprintf(command, sizeof(command), "ACL SETUSER mpsk on >pw %s", rights);
	redis_do(&redis, command);
	snprintf(uri, sizeof(uri), "unix://mpsk:pw@%s", redis.socket);
	rig_begin(uri, &mpsk_sync_timing);
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	assert_all_allowed(uri);
	rig_assert_soon("bob", 5);
	assert_int_equal(mirror_logged(mirror, "does not tell"), 0);
}

static void test_wrong_password(void **state)
{
	char uri[120];

	(void) state;
	snprintf(uri, sizeof(uri), "unix://mpsk:wRoNg@%s", redis.socket);
	rig_begin(uri, &mpsk_sync_timing);
	rig_assert_logged("1 no Redis: unix://");
	rig_assert_logged("refused");
	assert_int_equal(mirror_logged(mirror, "wRoNg"), 0);
	assert_false(mpsk_sync_live(sync_thread));
}

static void test_replica(void **state)
{
	(void) state;
	rig_begin_live();
	redis_do(&redis, "REPLICAOF 127.0.0.1 1");
	assert_true(wait_for(rig_is_lost, NULL, PATIENCE_MS));
	rig_assert_logged("lost Redis, its keys are kept: this Redis is no primary");
	redis_do(&redis, "REPLICAOF NO ONE");
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
}

/* A server that hangs keeps its connections open and says nothing. */
static void test_silent_server(void **state)
{
	int64_t began;

	(void) state;
	rig_begin_live();
	kill(redis.pid, SIGSTOP);
	began = mpsk_monotonic_ms();
	assert_true(wait_for(rig_is_lost, NULL, PATIENCE_MS));
	assert_in_range(mpsk_monotonic_ms() - began, 2000, 6000);
	/* And the thread can still be stopped. */
	began = mpsk_monotonic_ms();
	mpsk_sync_stop(&sync_thread);
	kill(redis.pid, SIGCONT);
	assert_true(mpsk_monotonic_ms() - began < 1000);
}

/* Stopped in the middle of an exchange with a server that hangs. */
static void test_stop_while_waiting(void **state)
{
	int64_t began;

	(void) state;
	rig_begin_live();
	kill(redis.pid, SIGSTOP);
	/* By then it waits for an answer, and has not lost patience. */
	assert_false(wait_for(rig_is_lost, NULL, 1200));
	began = mpsk_monotonic_ms();
	mpsk_sync_stop(&sync_thread);
	kill(redis.pid, SIGCONT);
	assert_true(mpsk_monotonic_ms() - began < 1000);
}

#define TEST(_name) cmocka_unit_test_setup_teardown(_name, rig_fresh, rig_clean)

int main(void)
{
	struct CMUnitTest const tests[] = {
		TEST(test_restart), TEST(test_down_at_start), TEST(test_gap), TEST(test_converges),
		TEST(test_edits_during_load), TEST(test_rescan), TEST(test_untracked), TEST(test_least_rights),
		TEST(test_wrong_password), TEST(test_replica), TEST(test_silent_server), TEST(test_stop_while_waiting),
	};

	return cmocka_run_group_tests(tests, rig_start, rig_stop);
}
