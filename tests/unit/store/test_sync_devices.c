/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the devices of a key reach a copy.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/deadline.h"
#include "sync_rig.h"

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
	rig_begin_live();
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
	rig_assert_logged("1 devices of key bob refused: mpsk:dev:{bob} is a string, not a sorted set");
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
	rig_begin_live();
	began = mpsk_monotonic_ms();
	for (int i = 0; i < 2000; i++) redis_do(&redis, "ZADD mpsk:dev:{bob} 2 00-00-5e-00-53-02");
	redis_do(&redis, "ZADD mpsk:dev:{bob} 1 00-00-5e-00-53-01");
	assert_true(wait_for(devices_begin, "00-00-5e-00-53-01 1 00-00-5e-00-53-02 2 ", FORCE_MS));
	/* Half a second of rest each. */
	assert_in_range(mirror_devices_puts(mirror), 2, 2 + (mpsk_monotonic_ms() - began) / 500 + 1);
}

#define TEST(_name) cmocka_unit_test_setup_teardown(_name, rig_fresh, rig_clean)

int main(void)
{
	struct CMUnitTest const tests[] = { TEST(test_devices), TEST(test_large_set) };

	return cmocka_run_group_tests(tests, rig_start, rig_stop);
}
