/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync against a real server that stays there: loads, and edits by a second
 * connection.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sync_rig.h"

static void test_load(void **state)
{
	(void) state;
	for (int i = 0; i < 5000; i++) redis_do(&redis, "HSET mpsk:key:{k%d} psk correct-horse max %d", i, i);
	redis_do(&redis, "HSET mpsk:cfg:nas:ap-1 org acme site north");
	redis_do(&redis, "HSET mpsk:cfg:nas:2001:db8::1 site south");
	redis_do(&redis, "HSET mpsk:cfg:org:acme max 3");
	redis_do(&redis, "HSET mpsk:dev:{bob} x y");
	rig_begin_live();
	assert_int_equal(mirror_count(mirror), 5001);
	assert_int_equal(mirror_max(mirror, "bob"), 3);
	assert_int_equal(mirror_max(mirror, "k4999"), 4999);
	assert_string_equal(mirror_nas(mirror, "ap-1"), "acme/north");
	assert_string_equal(mirror_nas(mirror, "2001:db8::1"), "/south");
	rig_assert_logged("0 connected to unix://");
	rig_assert_logged(": 5001 keys loaded in ");
}

static void test_edits(void **state)
{
	(void) state;
	rig_begin_live();
	redis_do(&redis, "HSET mpsk:key:{bob} max 4");
	rig_assert_soon("bob", 4);
	redis_do(&redis, "HDEL mpsk:key:{bob} max");
	rig_assert_soon("bob", -1);
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	rig_assert_soon("eve", 9);
	redis_do(&redis, "RENAME mpsk:key:{eve} mpsk:key:{ann}");
	rig_assert_soon("ann", 9);
	rig_assert_soon("eve", -2);
	redis_do(&redis, "DEL mpsk:key:{ann}");
	rig_assert_soon("ann", -2);
	redis_do(&redis, "HSET mpsk:key:{tmp} psk battery-staple max 1");
	rig_assert_soon("tmp", 1);
	redis_do(&redis, "PEXPIRE mpsk:key:{tmp} 20");
	rig_assert_soon("tmp", -2);
	assert_int_equal(mirror_loads(mirror), 1);
	assert_true(mpsk_sync_live(sync_thread));
}

/* A key that somebody typed wrong goes, alone, with a line that names the field, once. */
static void test_malformed(void **state)
{
	(void) state;
	rig_begin_live();
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	rig_assert_soon("eve", 9);
	redis_do(&redis, "HSET mpsk:key:{bob} max inf");
	rig_assert_soon("bob", -2);
	rig_assert_logged("1 key bob refused: max: ");
	assert_int_equal(mirror_max(mirror, "eve"), 9);
	redis_do(&redis, "HSET mpsk:key:{bob} note x");
	redis_do(&redis, "HSET mpsk:key:{bob} max 2");
	rig_assert_soon("bob", 2);
	assert_int_equal(mirror_logged(mirror, "key bob refused"), 1);
	redis_do(&redis, "HSET mpsk:key:{bob} max inf");
	rig_assert_soon("bob", -2);
	assert_int_equal(mirror_logged(mirror, "key bob refused"), 2);
	redis_do(&redis, "DEL mpsk:key:{bob}");
	redis_do(&redis, "RPUSH mpsk:key:{bob} x");
	rig_assert_logged("key bob refused: mpsk:key:{bob} is a list, not a hash");
	redis_do(&redis, "HSET mpsk:key:bare psk correct-horse");
	rig_assert_logged("1 key mpsk:key:bare refused: its name ");
	redis_do(&redis, "HSET mpsk:key:{b?d} psk correct-horse");
	rig_assert_logged("1 key mpsk:key:{b?d} refused: its name ");
	assert_int_equal(mirror_count(mirror), 1);
}

static void test_many_malformed(void **state)
{
	(void) state;
	for (int i = 0; i < 100; i++) redis_do(&redis, "HSET mpsk:key:{k%d} psk short", i);
	rig_begin_live();
	rig_assert_logged("80 more keys refused");
	assert_int_equal(mirror_logged(mirror, "refused: psk: "), 20);
	rig_assert_logged("1 keys loaded in");
	rig_assert_logged("(100 refused)");
	/* What was told is not told again. */
	redis_do(&redis, "CLIENT KILL TYPE pubsub");
	assert_true(wait_for(rig_is_lost, NULL, PATIENCE_MS));
	assert_true(wait_for(rig_is_live, NULL, PATIENCE_MS));
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
	rig_begin_live();
	redis_do(&redis, "HSET mpsk:cfg:nas:ap-1 org acme site north");
	assert_true(wait_for(nas_is, "acme/north", FORCE_MS));
	redis_do(&redis, "HSET mpsk:cfg:nas:ap-1 dialect cisco session_timeout 0");
	assert_true(wait_for(nas_is, "acme/north cisco/ no-timeout", FORCE_MS));
	redis_do(&redis, "HDEL mpsk:cfg:nas:ap-1 dialect session_timeout");
	redis_do(&redis, "HDEL mpsk:cfg:nas:ap-1 org");
	assert_true(wait_for(nas_is, "/north", FORCE_MS));
	redis_do(&redis, "HSET mpsk:cfg:nas:ap-1 org %b", "a\0b", (size_t) 3);
	assert_true(wait_for(nas_is, "", FORCE_MS));
	rig_assert_logged("1 NAS ap-1 refused: org: ");
	redis_do(&redis, "HSET mpsk:cfg:nas:ap-1 org acme");
	assert_true(wait_for(nas_is, "acme/north", FORCE_MS));
	redis_do(&redis, "DEL mpsk:cfg:nas:ap-1");
	assert_true(wait_for(nas_is, "", FORCE_MS));
	redis_do(&redis, "SET mpsk:cfg:nas:ap-1 x");
	rig_assert_logged("1 NAS ap-1 refused: mpsk:cfg:nas:ap-1 is a string");
}

static bool site_is(void const *uctx)
{
	return strcmp(mirror_site(mirror, "hq"), uctx) == 0;
}

static void test_site(void **state)
{
	(void) state;
	rig_begin_live();
	redis_do(&redis, "HSET mpsk:cfg:site:hq vlans %s", "guest=20, staff=30");
	assert_true(wait_for(site_is, "guest=20, staff=30", FORCE_MS));
	redis_do(&redis, "HSET mpsk:cfg:site:hq vlans %s", "guest=4095");
	assert_true(wait_for(site_is, "", FORCE_MS));
	rig_assert_logged("1 site hq refused: vlans: 'guest=4095' is not a name");
	redis_do(&redis, "HSET mpsk:cfg:site:hq vlans guest=21");
	assert_true(wait_for(site_is, "guest=21", FORCE_MS));
	redis_do(&redis, "DEL mpsk:cfg:site:hq");
	assert_true(wait_for(site_is, "", FORCE_MS));
}

static void test_flushall(void **state)
{
	(void) state;
	redis_do(&redis, "HSET mpsk:key:{eve} psk battery-staple max 9");
	rig_begin_live();
	redis_do(&redis, "FLUSHALL");
	rig_assert_soon("bob", -2);
	redis_do(&redis, "HSET mpsk:key:{bob} psk correct-horse max 7");
	rig_assert_soon("bob", 7);
	rig_assert_soon("eve", -2);
	rig_assert_logged("synchronised again with");
	assert_int_equal(mirror_logged(mirror, "lost Redis"), 0);
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
	rig_begin_live();
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
	rig_assert_soon("bob", 44);
	mirror_set_work(mirror, 0);
	/* Nor does a Redis that is away hold up work. */
	redis_kill(&redis);
	assert_true(wait_for(rig_is_lost, NULL, PATIENCE_MS));
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

#define TEST(_name) cmocka_unit_test_setup_teardown(_name, rig_fresh, rig_clean)

int main(void)
{
	struct CMUnitTest const tests[] = {
		TEST(test_load), TEST(test_edits), TEST(test_malformed), TEST(test_many_malformed), TEST(test_nas),
		TEST(test_site),
		TEST(test_flushall), TEST(test_idle), TEST(test_bad_config),
	};

	return cmocka_run_group_tests(tests, rig_start, rig_stop);
}
