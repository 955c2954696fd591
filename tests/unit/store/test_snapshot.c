/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync begins with its snapshot, and keeps it.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "ring.h"
#include "sync_rig.h"

#define FILE_LEN_MAX	65536

static char path[RING_PATH_MAX], ring_path[RING_PATH_MAX], other_path[RING_PATH_MAX];
static mpsk_keyring_t *ring, *other_ring;

static int start(void **state)
{
	rig_start(state);
	snprintf(path, sizeof(path), "%s/keys.snapshot", redis.dir);
	ring_make(ring_path, redis.dir, "keyring", "k1", &ring);
	ring_make(other_path, redis.dir, "other", "k1", &other_ring);
	return 0;
}

static int halt(void **state)
{
	talloc_free(ring);
	talloc_free(other_ring);
	unlink(ring_path);
	unlink(other_path);
	return rig_stop(state);
}

static int fresh(void **state)
{
	unlink(path);
	return rig_fresh(state);
}

static int clean(void **state)
{
	int result = rig_clean(state);

	if (!redis.hand) redis_revive(&redis);
	unlink(path);
	return result;
}

static mpsk_sync_timing_t const timing = {
	.rescan_ms = 900000, .untracked_rescan_ms = 30000, .pace = 20000, .hold_ms = 600000,
};

static mpsk_status_t begin_with(char const *keyring, int interval_s, int64_t max_s)
{
	mpsk_store_config_t config = mpsk_store_defaults;

	config.uri = redis.uri;
	config.keyring = keyring;
	config.snapshot = path;
	config.snapshot_s = interval_s;
	config.snapshot_max_s = max_s;
	return mpsk_sync_start_timed(NULL, &sync_thread, &config, &mirror_sink, mirror, &timing, &err);
}

static void begin(int interval_s)
{
	assert_int_equal(begin_with(ring_path, interval_s, 86400), MPSK_OK);
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	rig_assert_logged("the keys are kept in ");
}

/* A server that is started while Redis is away. */
static void again(void)
{
	mpsk_sync_stop(&sync_thread);
	mirror_free(mirror);
	mirror = mirror_create();
	redis_kill(&redis);
	assert_int_equal(begin_with(ring_path, 60, 86400), MPSK_OK);
	rig_assert_logged("it was in step with Redis ");
	rig_assert_logged("no Redis: ");
}

static bool is_held(void const *uctx)
{
	(void) uctx;
	return mpsk_sync_held(sync_thread);
}

static void test_cold_start(void **state)
{
	(void) state;
	redis_do(&redis, "HSET mpsk:cfg:nas:ap-1 org acme site north");
	redis_do(&redis, "HSET mpsk:cfg:site:north vlans guest=20");
	redis_do(&redis, "ZADD mpsk:dev:{bob} 1700000001 00-00-5e-00-53-01 1700000002 00-00-5e-00-53-02");
	redis_do(&redis, "SET mpsk:key:{wrong} text");
	begin(60);
	redis_do(&redis, "HSET mpsk:key:{bob} max 4");
	redis_do(&redis, "HSET mpsk:key:{carol} psk another-horse max 7");
	redis_do(&redis, "HSET mpsk:key:{dave} psk a-third-horse max 8");
	redis_do(&redis, "DEL mpsk:key:{dave}");
	rig_assert_soon("bob", 4);
	rig_assert_soon("carol", 7);
	rig_assert_soon("dave", -2);
	again();
	assert_false(mpsk_sync_live(sync_thread));
	assert_int_equal(mirror_loads(mirror), 1);
	assert_int_equal(mirror_max(mirror, "bob"), 4);
	assert_int_equal(mirror_max(mirror, "carol"), 7);
	assert_int_equal(mirror_max(mirror, "dave"), -2);
	assert_int_equal(mirror_count(mirror), 2);
	assert_string_equal(mirror_nas(mirror, "ap-1"), "acme/north");
	assert_string_equal(mirror_site(mirror, "north"), "guest=20");
	assert_non_null(strstr(mirror_devices(mirror, "bob"), "00-00-5e-00-53-02 1700000002"));
	assert_true(mpsk_sync_age(sync_thread) < 60);
}

static void test_comes_back_empty(void **state)
{
	(void) state;
	begin(60);
	again();
	redis_revive(&redis);
	assert_true(wait_for(is_held, NULL, PATIENCE_MS));
	rig_assert_logged("mpsk:meta is gone. ");
	assert_int_equal(mirror_max(mirror, "bob"), 3);
	/* What is held does not become the snapshot. */
	again();
	assert_int_equal(mirror_max(mirror, "bob"), 3);
	redis_revive(&redis);
	assert_true(wait_for(is_held, NULL, PATIENCE_MS));
}

static void test_comes_back_changed(void **state)
{
	char epoch[80];

	(void) state;
	begin(60);
	snprintf(epoch, sizeof(epoch), "%s", redis_ask(&redis, "HGET mpsk:meta epoch"));
	again();
	redis_revive(&redis);
	/* In one step, or it would be seen half done. */
	redis_do(&redis, "EVAL %s 0 %s %lld", "redis.call('HSET', 'mpsk:meta', 'epoch', ARGV[1], 'seen', ARGV[2]) "
		 "redis.call('HSET', 'mpsk:key:{erin}', 'psk', 'a-new-horse', 'max', 9)", epoch,
		 (long long) time(NULL));
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	assert_int_equal(mirror_max(mirror, "bob"), -2);
	assert_int_equal(mirror_max(mirror, "erin"), 9);
}

static bool is_written(void const *uctx)
{
	struct stat const *before = uctx;
	struct stat st;

	return stat(path, &st) == 0 && st.st_ino != before->st_ino;
}

static void test_interval(void **state)
{
	struct stat before;

	(void) state;
	begin(1);
	assert_int_equal(stat(path, &before), 0);
	redis_do(&redis, "HSET mpsk:key:{bob} max 5");
	rig_assert_soon("bob", 5);
	assert_true(wait_for(is_written, &before, PATIENCE_MS));
}

static void test_too_old(void **state)
{
	(void) state;
	begin(60);
	mpsk_sync_stop(&sync_thread);
	redis_kill(&redis);
	mirror_free(mirror);
	mirror = mirror_create();
	assert_int_equal(begin_with(ring_path, 60, -1), MPSK_OK);
	rig_assert_logged("no snapshot to begin with: ");
	rig_assert_logged("are allowed (stale_max)");
	assert_int_equal(mirror_loads(mirror), 0);
	assert_int_equal(mirror_count(mirror), 0);
}

static void test_not_ours(void **state)
{
	(void) state;
	assert_int_equal(begin_with(NULL, 60, 86400), MPSK_BAD);
	assert_non_null(strstr(err.text, "set 'keyring'"));
	begin(60);
	mpsk_sync_stop(&sync_thread);
	assert_int_equal(begin_with(other_path, 60, 86400), MPSK_OK);
	rig_assert_logged("or sealed with another key of that id");
	/* Redis is there, and says all. */
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	assert_int_equal(mirror_max(mirror, "bob"), 3);
}

static void test_no_folder(void **state)
{
	char before[sizeof(path)];

	(void) state;
	memcpy(before, path, sizeof(path));
	snprintf(path, sizeof(path), "%s/nowhere/keys", redis.dir);
	assert_int_equal(begin_with(ring_path, 60, 86400), MPSK_OK);
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
	rig_assert_logged("2 the snapshot could not be written, and the next full load will try again: ");
	memcpy(path, before, sizeof(path));
	assert_int_equal(mirror_max(mirror, "bob"), 3);
}

/* No secret of a key in clear, and no file that is not whole, however it is stopped. */
static void test_sealed(void **state)
{
	static uint8_t octets[FILE_LEN_MAX];
	ssize_t len;
	int fd;

	(void) state;
	begin(60);
	mpsk_sync_stop(&sync_thread);
	fd = open(path, O_RDONLY);
	len = read(fd, octets, sizeof(octets));
	close(fd);
	assert_true(len > 0);
	assert_null(memmem(octets, (size_t) len, "correct-horse", 13));
	assert_null(memmem(octets, (size_t) len, "bob", 3));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, clean)

int main(void)
{
	struct CMUnitTest const tests[] = {
		TEST(test_cold_start), TEST(test_comes_back_empty), TEST(test_interval), TEST(test_too_old),
		TEST(test_not_ours), TEST(test_no_folder), TEST(test_sealed), TEST(test_comes_back_changed),
	};

	return cmocka_run_group_tests(tests, start, halt);
}
