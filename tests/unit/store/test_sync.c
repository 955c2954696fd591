/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync against a real server: edits by a second connection, and everything
 * that can happen to the first two.
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
#include "mirror.h"
#include "redis.h"
#include "store/sync.h"
#include "store/sync_timing.h"

#define FORCE_MS	1000	/* an edit has to be in force within */
#define PATIENCE_MS	20000

static redis_t redis;
static mirror_t *mirror;
static mpsk_sync_t *sync_thread;
static mpsk_error_t err;

static void begin(char const *uri, mpsk_sync_timing_t const *timing)
{
	mpsk_store_config_t config = mpsk_store_defaults;

	config.uri = uri;
	assert_int_equal(mpsk_sync_start_timed(NULL, &sync_thread, &config, &mirror_sink, mirror, timing, &err), MPSK_OK);
}

static bool is_live(void const *uctx)
{
	(void) uctx;
	return mpsk_sync_live(sync_thread);
}

static bool is_lost(void const *uctx)
{
	(void) uctx;
	return !mpsk_sync_live(sync_thread);
}

static void begin_live(void)
{
	begin(redis.uri, &mpsk_sync_timing);
	assert_true(wait_for(is_live, NULL, PATIENCE_MS));
}

static int fresh(void **state)
{
	(void) state;
	redis_do(&redis, "FLUSHALL");
	redis_do(&redis, "HSET mpsk:key:{bob} psk correct-horse max 3");
	mirror = mirror_create();
	return 0;
}

static int clean(void **state)
{
	(void) state;
	mpsk_sync_stop(&sync_thread);
	mirror_free(mirror);
	return 0;
}

static int start(void **state)
{
	(void) state;
	redis_start(&redis);
	return 0;
}

static int stop(void **state)
{
	(void) state;
	redis_stop(&redis);
	return 0;
}

/*
 * --- Conditions ---
 */
typedef struct {
	char const	*id;
	long long	max;
} want_t;

static bool has_max(void const *uctx)
{
	want_t const *want = uctx;

	return mirror_max(mirror, want->id) == want->max;
}

/* Whether a key soon has this max; -2: is gone. */
static void assert_soon(char const *id, long long max)
{
	want_t want = { id, max };

	if (wait_for(has_max, &want, FORCE_MS)) return;
	mirror_dump(mirror);
	fail_msg("%s has max %lld instead of %lld", id, mirror_max(mirror, id), max);
}

static bool is_repeated(void const *uctx)
{
	return mirror_logged(mirror, uctx) > 1;
}

static bool is_logged(void const *uctx)
{
	return mirror_logged(mirror, uctx) > 0;
}

static void assert_logged(char const *text)
{
	if (wait_for(is_logged, text, PATIENCE_MS)) return;
	mirror_dump(mirror);
	fail_msg("not logged: %s", text);
}

/*
 * --- Tests ---
 */
static void test_load(void **state)
{
	(void) state;
	for (int i = 0; i < 5000; i++) redis_do(&redis, "HSET mpsk:key:{k%d} psk correct-horse max %d", i, i);
	redis_do(&redis, "HSET mpsk:cfg:nas:ap-1 org acme site north");
	redis_do(&redis, "HSET mpsk:cfg:nas:2001:db8::1 site south");
	redis_do(&redis, "HSET mpsk:cfg:org:acme max 3");
	redis_do(&redis, "HSET mpsk:dev:{bob} x y");
	begin_live();
	assert_int_equal(mirror_count(mirror), 5001);
	assert_int_equal(mirror_max(mirror, "bob"), 3);
	assert_int_equal(mirror_max(mirror, "k4999"), 4999);
	assert_string_equal(mirror_nas(mirror, "ap-1"), "acme/north");
	assert_string_equal(mirror_nas(mirror, "2001:db8::1"), "/south");
	assert_logged("0 connected to unix://");
	assert_logged(": 5001 keys loaded in ");
}

static void test_edits(void **state)
{
	(void) state;
	begin_live();
	redis_do(&redis, "HSET mpsk:key:{bob} max 4");
	assert_soon("bob", 4);
	redis_do(&redis, "HDEL mpsk:key:{bob} max");
	assert_soon("bob", -1);
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	assert_soon("eve", 9);
	redis_do(&redis, "RENAME mpsk:key:{eve} mpsk:key:{ann}");
	assert_soon("ann", 9);
	assert_soon("eve", -2);
	redis_do(&redis, "DEL mpsk:key:{ann}");
	assert_soon("ann", -2);
	redis_do(&redis, "HSET mpsk:key:{tmp} psk battery-staple max 1");
	assert_soon("tmp", 1);
	redis_do(&redis, "PEXPIRE mpsk:key:{tmp} 20");
	assert_soon("tmp", -2);
	assert_int_equal(mirror_loads(mirror), 1);
	assert_true(mpsk_sync_live(sync_thread));
}

/* A key that somebody typed wrong goes, alone, with a line that names the field, once. */
static void test_malformed(void **state)
{
	(void) state;
	begin_live();
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	assert_soon("eve", 9);
	redis_do(&redis, "HSET mpsk:key:{bob} max inf");
	assert_soon("bob", -2);
	assert_logged("1 key bob refused: max: ");
	assert_int_equal(mirror_max(mirror, "eve"), 9);
	redis_do(&redis, "HSET mpsk:key:{bob} note x");
	redis_do(&redis, "HSET mpsk:key:{bob} max 2");
	assert_soon("bob", 2);
	assert_int_equal(mirror_logged(mirror, "key bob refused"), 1);
	redis_do(&redis, "HSET mpsk:key:{bob} max inf");
	assert_soon("bob", -2);
	assert_int_equal(mirror_logged(mirror, "key bob refused"), 2);
	redis_do(&redis, "DEL mpsk:key:{bob}");
	redis_do(&redis, "RPUSH mpsk:key:{bob} x");
	assert_logged("key bob refused: mpsk:key:{bob} is a list, not a hash");
	redis_do(&redis, "HSET mpsk:key:bare psk correct-horse");
	assert_logged("1 key mpsk:key:bare refused: its name ");
	redis_do(&redis, "HSET mpsk:key:{b?d} psk correct-horse");
	assert_logged("1 key mpsk:key:{b?d} refused: its name ");
	assert_int_equal(mirror_count(mirror), 1);
}

static void test_many_malformed(void **state)
{
	(void) state;
	for (int i = 0; i < 100; i++) redis_do(&redis, "HSET mpsk:key:{k%d} psk short", i);
	begin_live();
	assert_logged("80 more keys refused");
	assert_int_equal(mirror_logged(mirror, "refused: psk: "), 20);
	assert_logged("1 keys loaded in");
	assert_logged("(100 refused)");
	/* What was told is not told again. */
	redis_do(&redis, "CLIENT KILL TYPE pubsub");
	assert_true(wait_for(is_lost, NULL, PATIENCE_MS));
	assert_true(wait_for(is_live, NULL, PATIENCE_MS));
	assert_int_equal(mirror_logged(mirror, "refused: psk: "), 20);
	assert_int_equal(mirror_logged(mirror, "more keys refused"), 1);
}

static bool nas_is(void const *uctx)
{
	return strcmp(mirror_nas(mirror, "ap-1"), uctx) == 0;
}

static void test_nas(void **state)
{
	(void) state;
	begin_live();
	redis_do(&redis, "HSET mpsk:cfg:nas:ap-1 org acme site north");
	assert_true(wait_for(nas_is, "acme/north", FORCE_MS));
	redis_do(&redis, "HDEL mpsk:cfg:nas:ap-1 org");
	assert_true(wait_for(nas_is, "/north", FORCE_MS));
	redis_do(&redis, "HSET mpsk:cfg:nas:ap-1 org %b", "a\0b", (size_t) 3);
	assert_true(wait_for(nas_is, "", FORCE_MS));
	assert_logged("1 NAS ap-1 refused: org: ");
	redis_do(&redis, "HSET mpsk:cfg:nas:ap-1 org acme");
	assert_true(wait_for(nas_is, "acme/north", FORCE_MS));
	redis_do(&redis, "DEL mpsk:cfg:nas:ap-1");
	assert_true(wait_for(nas_is, "", FORCE_MS));
	redis_do(&redis, "SET mpsk:cfg:nas:ap-1 x");
	assert_logged("1 NAS ap-1 refused: mpsk:cfg:nas:ap-1 is a string");
}

static bool devices_are(void const *uctx)
{
	return strcmp(mirror_devices(mirror, "bob"), uctx) == 0;
}

static bool devices_begin(void const *uctx)
{
	return strncmp(mirror_devices(mirror, "bob"), uctx, strlen(uctx)) == 0;
}

static void test_devices(void **state)
{
	static char const one[] = "00-00-5e-00-53-01 100 ";
	static char const both[] = "00-00-5e-00-53-01 100 00-00-5e-00-53-02 200 ";

	(void) state;
	redis_do(&redis, "ZADD mpsk:dev:{bob} 100 00-00-5e-00-53-01");
	begin_live();
	assert_string_equal(mirror_devices(mirror, "bob"), one);
	redis_do(&redis, "ZADD mpsk:dev:{bob} 200 00-00-5e-00-53-02");
	assert_true(wait_for(devices_are, both, FORCE_MS));
	/* A claim would not find these, so nobody has them. */
	redis_do(&redis, "ZADD mpsk:dev:{bob} 300 00:00:5E:00:53:03 300 00-00-5E-00-53-04 300 x");
	redis_do(&redis, "ZREM mpsk:dev:{bob} 00-00-5e-00-53-02");
	assert_true(wait_for(devices_are, one, FORCE_MS));
	redis_do(&redis, "DEL mpsk:dev:{bob}");
	assert_true(wait_for(devices_are, "", FORCE_MS));
	redis_do(&redis, "ZADD mpsk:dev:{bob} 100 00-00-5e-00-53-01");
	assert_true(wait_for(devices_are, one, FORCE_MS));
	redis_do(&redis, "SET mpsk:dev:{bob} x");
	assert_logged("1 devices of key bob refused: mpsk:dev:{bob} is a string, not a sorted set");
	assert_true(wait_for(devices_are, "", FORCE_MS));
	redis_do(&redis, "DEL mpsk:dev:{bob}");
	redis_do(&redis, "ZADD mpsk:dev:{bob} 100 00-00-5e-00-53-01");
	assert_true(wait_for(devices_are, one, FORCE_MS));
	redis_do(&redis, "FLUSHALL");
	assert_true(wait_for(devices_are, "", FORCE_MS));
}

/* A set of thousands is not read anew at every change, and is right a second after the last. */
static void test_large_set(void **state)
{
	int64_t began;

	(void) state;
	for (int i = 0; i < 10000; i++) {
		redis_do(&redis, "ZADD mpsk:dev:{bob} %d 02-00-5e-00-%x-%x", i + 10, 0x10 + i / 200, 0x20 + i % 200);
	}
	begin_live();
	began = mpsk_monotonic_ms();
	for (int i = 0; i < 2000; i++) redis_do(&redis, "ZADD mpsk:dev:{bob} 2 00-00-5e-00-53-02");
	redis_do(&redis, "ZADD mpsk:dev:{bob} 1 00-00-5e-00-53-01");
	assert_true(wait_for(devices_begin, "00-00-5e-00-53-01 1 00-00-5e-00-53-02 2 ", FORCE_MS));
	/* Half a second of rest each. */
	assert_in_range(mirror_devices_puts(mirror), 2, 2 + (mpsk_monotonic_ms() - began) / 500 + 1);
}

static void test_flushall(void **state)
{
	(void) state;
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	begin_live();
	redis_do(&redis, "FLUSHALL");
	assert_soon("bob", -2);
	redis_do(&redis, "HSET mpsk:key:{bob} psk correct-horse max 7");
	assert_soon("bob", 7);
	assert_soon("eve", -2);
	assert_logged("synchronised again with");
	assert_int_equal(mirror_logged(mirror, "lost Redis"), 0);
}

static void test_restart(void **state)
{
	(void) state;
	begin_live();
	redis_kill(&redis);
	assert_true(wait_for(is_lost, NULL, FORCE_MS));
	/* The copy outlives its origin. */
	assert_int_equal(mirror_max(mirror, "bob"), 3);
	assert_logged("1 lost Redis, its keys are kept: ");
	assert_logged("1 no Redis: cannot connect to unix://");
	redis_revive(&redis);
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	assert_true(wait_for(is_live, NULL, PATIENCE_MS));
	assert_soon("eve", 9);
	assert_int_equal(mirror_max(mirror, "bob"), -2);
}

static void test_down_at_start(void **state)
{
	(void) state;
	redis_kill(&redis);
	begin(redis.uri, &mpsk_sync_timing);
	assert_logged("1 no Redis: cannot connect to unix://");
	/* Several attempts, one line. */
	assert_false(wait_for(is_repeated, "no Redis: ", 500));
	assert_false(mpsk_sync_live(sync_thread));
	redis_revive(&redis);
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	assert_true(wait_for(is_live, NULL, PATIENCE_MS));
	assert_soon("eve", 9);
}

/* Cut connections, and edit before anybody can be back: nobody is told of that edit. */
static void test_gap(void **state)
{
	static char const *const kills[] = {
		"CLIENT KILL TYPE pubsub", "CLIENT KILL TYPE normal SKIPME yes", NULL	/* NULL: both */
	};

	(void) state;
	begin_live();
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
		assert_soon("bob", 100 + i);
		assert_true(wait_for(is_live, NULL, PATIENCE_MS));
		assert_int_equal(mirror_count(mirror), 2);
		assert_true(mirror_loads(mirror) > loads);
	}
}

/* Edits at random, connections cut at random, and in the end both are equal. */
static void test_converges(void **state)
{
	unsigned seed = 20240607;
	static long long truth[300];

	(void) state;
	redis_do(&redis, "FLUSHALL");
	for (int i = 0; i < 300; i++) truth[i] = -2;
	begin_live();
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
	assert_true(wait_for(is_live, NULL, PATIENCE_MS));
	for (int n = 0; n < 300; n++) {
		char id[16];

		snprintf(id, sizeof(id), "k%d", n);
		assert_soon(id, truth[n]);
	}
}

/* Edits of keys that a load has passed, or has not come to yet. */
static void test_edits_during_load(void **state)
{
	(void) state;
	redis_do(&redis, "EVAL %s 0", "for i = 1, 30000 do redis.call('HSET', 'mpsk:key:{k' .. i .. '}', "
		 "'psk', 'correct-horse', 'max', i) end");
	begin(redis.uri, &mpsk_sync_timing);
	for (int i = 1; i <= 2000; i++) redis_do(&redis, "HSET mpsk:key:{k%d} max 0", i);
	for (int i = 2001; i <= 2100; i++) redis_do(&redis, "DEL mpsk:key:{k%d}", i);
	assert_true(wait_for(is_live, NULL, PATIENCE_MS));
	for (int i = 1; i <= 2100; i += 7) {
		char id[16];

		snprintf(id, sizeof(id), "k%d", i);
		assert_soon(id, i <= 2000 ? 0 : -2);
	}
	assert_soon("k2100", -2);
	assert_int_equal(mirror_count(mirror), 30000 - 100 + 1);
}

/* SWAPDB is told to nobody: the re-scan finds it, and readers see no gap meanwhile. */
static void test_rescan(void **state)
{
	mpsk_sync_timing_t const timing = { .rescan_ms = 100, .untracked_rescan_ms = 100, .pace = 20000 };

	(void) state;
	begin(redis.uri, &timing);
	assert_true(wait_for(is_live, NULL, PATIENCE_MS));
	redis_do(&redis, "SELECT 1");
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	redis_do(&redis, "SELECT 0");
	redis_do(&redis, "SWAPDB 0 1");
	assert_logged("connected to");
	{
		want_t eve = { "eve", 9 }, bob = { "bob", -2 };

		assert_true(wait_for(has_max, &eve, PATIENCE_MS));
		assert_true(wait_for(has_max, &bob, PATIENCE_MS));
	}
	assert_true(mpsk_sync_live(sync_thread));
	assert_int_equal(mirror_logged(mirror, "keys loaded"), 1);
}

/* A user who may not track: all keys are read again and again. */
static void test_untracked(void **state)
{
	mpsk_sync_timing_t const timing = { .rescan_ms = 1000000, .untracked_rescan_ms = 100, .pace = 20000 };
	char uri[120];
	want_t want = { "bob", 5 };

	(void) state;
	redis_do(&redis, "ACL SETUSER mpsk on >pw ~mpsk:* resetchannels -@all +scan +hgetall +role +ping +type");
	snprintf(uri, sizeof(uri), "unix://mpsk:pw@%s", redis.socket);
	begin(uri, &timing);
	assert_true(wait_for(is_live, NULL, PATIENCE_MS));
	assert_logged("1 this Redis does not tell which keys change (");
	redis_do(&redis, "HSET mpsk:key:{bob} max 5");
	assert_true(wait_for(has_max, &want, PATIENCE_MS));
	assert_true(mpsk_sync_live(sync_thread));
}

/* The rights that the documentation tells people to give are enough. */
static void test_least_rights(void **state)
{
	char uri[120];

	(void) state;
	redis_do(&redis, "ACL SETUSER mpsk on >pw resetkeys ~mpsk:* resetchannels &__redis__:invalidate -@all +ping "
		 "+role +time +type +wait +info +scan +hgetall +hget +hlen +hmget +hset +hdel +expire +pexpire +zscore "
		 "+zcard +zadd +zrem +zrange +eval +evalsha +script|load +subscribe +client|id +client|tracking "
		 "+client|trackinginfo +client|setname +cluster|slots +asking +readonly");
	snprintf(uri, sizeof(uri), "unix://mpsk:pw@%s", redis.socket);
	begin(uri, &mpsk_sync_timing);
	assert_true(wait_for(is_live, NULL, PATIENCE_MS));
	redis_do(&redis, "HSET mpsk:key:{bob} max 5");
	assert_soon("bob", 5);
	assert_int_equal(mirror_logged(mirror, "does not tell"), 0);
}

static void test_wrong_password(void **state)
{
	char uri[120];

	(void) state;
	snprintf(uri, sizeof(uri), "unix://mpsk:wRoNg@%s", redis.socket);
	begin(uri, &mpsk_sync_timing);
	assert_logged("1 no Redis: unix://");
	assert_logged("refused");
	assert_int_equal(mirror_logged(mirror, "wRoNg"), 0);
	assert_false(mpsk_sync_live(sync_thread));
}

static void test_replica(void **state)
{
	(void) state;
	begin_live();
	redis_do(&redis, "REPLICAOF 127.0.0.1 1");
	assert_true(wait_for(is_lost, NULL, PATIENCE_MS));
	assert_logged("lost Redis, its keys are kept: this Redis is no primary");
	redis_do(&redis, "REPLICAOF NO ONE");
	assert_true(wait_for(is_live, NULL, PATIENCE_MS));
}

/* A server that hangs keeps its connections open and says nothing. */
static void test_silent_server(void **state)
{
	int64_t began;

	(void) state;
	begin_live();
	kill(redis.pid, SIGSTOP);
	began = mpsk_monotonic_ms();
	assert_true(wait_for(is_lost, NULL, PATIENCE_MS));
	assert_in_range(mpsk_monotonic_ms() - began, 2000, 6000);
	/* And the thread can still be stopped. */
	began = mpsk_monotonic_ms();
	mpsk_sync_stop(&sync_thread);
	kill(redis.pid, SIGCONT);
	assert_true(mpsk_monotonic_ms() - began < 1000);
}

static bool asked_server(void const *uctx)
{
	(void) uctx;
	return mirror_idled(mirror) > 0;
}

/* Stopped in the middle of an exchange with a server that hangs. */
static void test_stop_while_waiting(void **state)
{
	int64_t began;

	(void) state;
	begin_live();
	assert_true(wait_for(asked_server, NULL, PATIENCE_MS));
	kill(redis.pid, SIGSTOP);
	began = mpsk_monotonic_ms();
	while (mpsk_monotonic_ms() - began < 1200) (void) mpsk_sync_live(sync_thread);	/* until ROLE waits */
	began = mpsk_monotonic_ms();
	mpsk_sync_stop(&sync_thread);
	kill(redis.pid, SIGCONT);
	assert_true(mpsk_monotonic_ms() - began < 1000);
}

typedef struct { int times; } idled_t;

static bool has_idled(void const *uctx)
{
	idled_t const *want = uctx;

	return mirror_idled(mirror) >= want->times;
}

static void test_idle(void **state)
{
	idled_t want;

	(void) state;
	mirror_set_work(mirror, 50);
	begin_live();
	want.times = 51;
	assert_true(wait_for(has_idled, &want, PATIENCE_MS));
	want.times = mirror_idled(mirror) + 21;
	mirror_set_work(mirror, 20);
	mpsk_sync_wake(sync_thread);
	assert_true(wait_for(has_idled, &want, FORCE_MS));
	/* Work without end holds no edit up. */
	mirror_set_work(mirror, 1000000000);
	mpsk_sync_wake(sync_thread);
	redis_do(&redis, "HSET mpsk:key:{bob} max 44");
	assert_soon("bob", 44);
	mirror_set_work(mirror, 0);
	/* Nor does a Redis that is away hold up work. */
	redis_kill(&redis);
	assert_true(wait_for(is_lost, NULL, PATIENCE_MS));
	want.times = mirror_idled(mirror) + 21;
	mirror_set_work(mirror, 20);
	mpsk_sync_wake(sync_thread);
	assert_true(wait_for(has_idled, &want, PATIENCE_MS));
	redis_revive(&redis);
}

static void test_bad_config(void **state)
{
	mpsk_store_config_t config = mpsk_store_defaults;

	(void) state;
	config.uri = "http://127.0.0.1";
	assert_int_equal(mpsk_sync_start(NULL, &sync_thread, &config, &mirror_sink, mirror, &err), MPSK_BAD);
	assert_null(sync_thread);
}

#define TEST(_name) cmocka_unit_test_setup_teardown(_name, fresh, clean)

int main(void)
{
	struct CMUnitTest const tests[] = {
		TEST(test_load), TEST(test_edits), TEST(test_malformed), TEST(test_many_malformed), TEST(test_devices),
		TEST(test_load), TEST(test_edits), TEST(test_malformed), TEST(test_many_malformed), TEST(test_large_set),
		TEST(test_load), TEST(test_edits), TEST(test_malformed), TEST(test_many_malformed), TEST(test_nas),
		TEST(test_flushall), TEST(test_restart), TEST(test_down_at_start), TEST(test_gap), TEST(test_converges),
		TEST(test_edits_during_load), TEST(test_rescan), TEST(test_untracked), TEST(test_least_rights),
		TEST(test_wrong_password), TEST(test_replica), TEST(test_silent_server), TEST(test_stop_while_waiting),
		TEST(test_idle), TEST(test_bad_config),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
