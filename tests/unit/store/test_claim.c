/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "claim_rig.h"

static long long seen(uint8_t device)
{
	char const *score = redis_ask(&redis, "ZSCORE " DEV " 00-00-5e-00-53-%s", device == 1 ? "01" : "02");
	long long n = -1;

	sscanf(score, "%lld", &n);
	return n;
}

static void test_cap(void **state)
{
	(void) state;
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	assert_true(result.is_new);
	assert_int_equal(result.used, 1);
	assert_int_equal(result.max, 2);
	assert_int_equal(result.exp, 0);
	assert_int_equal(result.evicted, 0);
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	assert_false(result.is_new);
	assert_int_equal(result.used, 1);
	assert_int_equal(admit(2), MPSK_CLAIM_OK);
	assert_int_equal(admit(3), MPSK_CLAIM_FULL);
	assert_false(result.is_new);
	assert_int_equal(result.used, 2);
	assert_int_equal(redis_do(&redis, "ZCARD " DEV), 2);
	/* A cap that was lowered takes nobody's device. */
	redis_do(&redis, "HSET " KEY " max 1");
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	assert_int_equal(admit(2), MPSK_CLAIM_OK);
	assert_int_equal(result.max, 1);
}

static void test_max_forms(void **state)
{
	static struct {
		char const	*usage, *max;
		int64_t		want;
	} const rows[] = {
		{ "", "", 5 }, { "multi", "", 5 }, { "macs", "3", 3 }, { "single", "", 1 }, { "single", "9", 1 },
		{ "single", "0", 1 }, { "multi", "0", 0 }, { "", "007", 7 }, { "", "999999999999", 999999999999 },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		redis_do(&redis, "HSET " KEY " usage %s max %s", rows[i].usage, rows[i].max);
		assert_int_equal(admit(1), MPSK_CLAIM_OK);
		assert_int_equal(result.max, rows[i].want);
	}
	redis_do(&redis, "HSET " KEY " usage multi max 0");
	for (int i = 2; i < 40; i++) assert_int_equal(admit((uint8_t) i), MPSK_CLAIM_OK);
	assert_int_equal(result.used, 39);
}

static void test_default_unlimited(void **state)
{
	(void) state;
	redis_do(&redis, "HDEL " KEY " max");
	claim.default_max = 0;
	for (int i = 0; i < 20; i++) assert_int_equal(admit((uint8_t) i), MPSK_CLAIM_OK);
}

static void test_ops(void **state)
{
	(void) state;
	assert_int_equal(ask(MPSK_CLAIM_CHECK, 1, NOW), MPSK_CLAIM_NODEV);
	assert_int_equal(ask(MPSK_CLAIM_TOUCH, 1, NOW), MPSK_CLAIM_NODEV);
	assert_int_equal(ask(MPSK_CLAIM_RELEASE, 1, NOW), MPSK_CLAIM_NODEV);
	assert_int_equal(redis_do(&redis, "EXISTS " DEV), 0);
	admit(1);
	assert_int_equal(ask(MPSK_CLAIM_CHECK, 1, NOW + 1000), MPSK_CLAIM_OK);
	assert_int_equal(seen(1), NOW);
	assert_int_equal(ask(MPSK_CLAIM_TOUCH, 1, NOW + 1000), MPSK_CLAIM_OK);
	assert_int_equal(seen(1), NOW + 1000);
	assert_int_equal(result.used, 1);
	assert_int_equal(ask(MPSK_CLAIM_RELEASE, 1, NOW), MPSK_CLAIM_OK);
	assert_int_equal(result.used, 0);
	assert_int_equal(ask(MPSK_CLAIM_CHECK, 1, NOW), MPSK_CLAIM_NODEV);
}

/* Last-seen: once a minute, never backwards. */
static void test_last_seen(void **state)
{
	(void) state;
	admit(1);
	ask(MPSK_CLAIM_CLAIM, 1, NOW + 59);
	assert_int_equal(seen(1), NOW);
	ask(MPSK_CLAIM_CLAIM, 1, NOW + 60);
	assert_int_equal(seen(1), NOW + 60);
	ask(MPSK_CLAIM_CLAIM, 1, NOW - 1000);
	assert_int_equal(seen(1), NOW + 60);
	redis_do(&redis, "ZADD " DEV " inf 00-00-5e-00-53-01");
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, NOW), MPSK_CLAIM_OK);
}

static void test_nokey(void **state)
{
	(void) state;
	redis_do(&redis, "DEL " KEY);
	for (mpsk_claim_op_t op = MPSK_CLAIM_CLAIM; op <= MPSK_CLAIM_RELEASE; op++) {
		assert_int_equal(ask(op, 1, NOW), MPSK_CLAIM_NOKEY);
	}
	assert_int_equal(redis_do(&redis, "DBSIZE"), 0);
	/* What a deleted key left behind can be cleared. */
	redis_do(&redis, "ZADD " DEV " 1 00-00-5e-00-53-01");
	assert_int_equal(admit(1), MPSK_CLAIM_NOKEY);
	assert_int_equal(ask(MPSK_CLAIM_RELEASE, 2, NOW), MPSK_CLAIM_NODEV);
	assert_int_equal(ask(MPSK_CLAIM_RELEASE, 1, NOW), MPSK_CLAIM_OK);
	assert_int_equal(redis_do(&redis, "DBSIZE"), 0);
}

static void test_disabled(void **state)
{
	(void) state;
	admit(1);
	redis_do(&redis, "HSET " KEY " enabled 0");
	assert_int_equal(admit(1), MPSK_CLAIM_DISABLED);
	assert_int_equal(admit(2), MPSK_CLAIM_DISABLED);
	assert_int_equal(ask(MPSK_CLAIM_CHECK, 1, NOW), MPSK_CLAIM_DISABLED);
	assert_int_equal(ask(MPSK_CLAIM_RELEASE, 1, NOW), MPSK_CLAIM_OK);
	redis_do(&redis, "HSET " KEY " enabled 1");
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	redis_do(&redis, "HSET " KEY " enabled %s", "");
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
}

static void test_time_edges(void **state)
{
	(void) state;
	redis_do(&redis, "HSET " KEY " nbf %d exp %d", NOW, NOW + 10);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, NOW - 1), MPSK_CLAIM_NOTYET);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, NOW), MPSK_CLAIM_OK);
	assert_int_equal(result.exp, NOW + 10);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, NOW + 9), MPSK_CLAIM_OK);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, NOW + 10), MPSK_CLAIM_EXPIRED);
	assert_int_equal(ask(MPSK_CLAIM_RELEASE, 1, NOW + 10), MPSK_CLAIM_OK);
	redis_do(&redis, "HSET " KEY " nbf 0 exp 0");
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, 1), MPSK_CLAIM_OK);
	assert_int_equal(result.exp, 0);
}

static long long field(char const *name)
{
	long long n = -1;

	sscanf(redis_ask(&redis, "HGET " KEY " %s", name), "%lld", &n);
	return n;
}

/* The first use sets the end, and no other does. */
static void test_valid_for(void **state)
{
	char fingerprint[MPSK_FINGERPRINT_LEN + 1];

	(void) state;
	mpsk_key_fingerprint(fingerprint, "correct-horse", strlen("correct-horse"));
	redis_do(&redis, "HSET " KEY " valid_for 100");
	assert_int_equal(admit(1), MPSK_CLAIM_OK);	/* registered, not used */
	assert_int_equal(result.exp, 0);
	claim.fingerprint = fingerprint;
	assert_int_equal(ask(MPSK_CLAIM_CHECK, 1, NOW), MPSK_CLAIM_OK);
	assert_int_equal(field("activated"), -1);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, NOW), MPSK_CLAIM_OK);
	assert_int_equal(result.exp, NOW + 100);
	assert_int_equal(field("exp"), NOW + 100);
	assert_int_equal(field("activated"), NOW);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 2, NOW + 99), MPSK_CLAIM_OK);
	assert_int_equal(result.exp, NOW + 100);
	assert_int_equal(field("activated"), NOW);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 2, NOW + 100), MPSK_CLAIM_EXPIRED);
	/* Anew, by a new device; exp is then the latest end. */
	redis_do(&redis, "HDEL " KEY " activated");
	redis_do(&redis, "HSET " KEY " max 3 exp %d", NOW + 150);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 3, NOW + 100), MPSK_CLAIM_OK);
	assert_true(result.is_new);
	assert_int_equal(result.exp, NOW + 150);
	assert_int_equal(field("exp"), NOW + 150);
	/* A refusal is no use. */
	redis_do(&redis, "HDEL " KEY " activated exp");
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 4, NOW), MPSK_CLAIM_FULL);
	assert_int_equal(field("activated"), -1);
}

static void test_server_time(void **state)
{
	long long now = (long long) time(NULL);

	(void) state;
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, 0), MPSK_CLAIM_OK);
	assert_in_range(seen(1), now - 2, now + 60);
	redis_do(&redis, "HSET " KEY " exp %d", 1000);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, 0), MPSK_CLAIM_EXPIRED);
}

static void test_fingerprint(void **state)
{
	char of_new[MPSK_FINGERPRINT_LEN + 1], of_old[MPSK_FINGERPRINT_LEN + 1];

	(void) state;
	mpsk_key_fingerprint(of_new, "correct-horse", 13);
	mpsk_key_fingerprint(of_old, "battery-staple", 14);
	claim.fingerprint = of_new;
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	claim.fingerprint = of_old;
	assert_int_equal(admit(1), MPSK_CLAIM_STALE);
	assert_int_equal(admit(2), MPSK_CLAIM_STALE);
	redis_do(&redis, "HSET " KEY " old_psk battery-staple");
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	redis_do(&redis, "HSET " KEY " old_exp 0");
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	redis_do(&redis, "HSET " KEY " old_exp %d", NOW + 1);
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	redis_do(&redis, "HSET " KEY " old_exp %d", NOW);
	assert_int_equal(admit(1), MPSK_CLAIM_STALE);
	claim.fingerprint = of_new;
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	redis_do(&redis, "HDEL " KEY " psk");
	assert_int_equal(admit(1), MPSK_CLAIM_STALE);
	/* The SHA-1 of nothing fits no absent psk. */
	mpsk_key_fingerprint(of_old, "", 0);
	claim.fingerprint = of_old;
	assert_int_equal(admit(1), MPSK_CLAIM_STALE);
}

/* Noted once a minute, and only of what was granted to the old psk. */
static void test_old_used(void **state)
{
	char of_new[MPSK_FINGERPRINT_LEN + 1], of_old[MPSK_FINGERPRINT_LEN + 1];

	(void) state;
	mpsk_key_fingerprint(of_new, "correct-horse", 13);
	mpsk_key_fingerprint(of_old, "battery-staple", 14);
	redis_do(&redis, "HSET " KEY " old_psk battery-staple old_exp %d", NOW + 100);
	claim.fingerprint = "";
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	claim.fingerprint = of_new;
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	assert_int_equal(field("old_used"), -1);
	claim.fingerprint = of_old;
	assert_int_equal(ask(MPSK_CLAIM_CHECK, 1, NOW), MPSK_CLAIM_OK);
	assert_int_equal(ask(MPSK_CLAIM_TOUCH, 9, NOW), MPSK_CLAIM_NODEV);
	assert_int_equal(field("old_used"), -1);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, NOW), MPSK_CLAIM_OK);
	assert_int_equal(field("old_used"), NOW);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, NOW + 59), MPSK_CLAIM_OK);
	assert_int_equal(field("old_used"), NOW);
	/* By a new device too, and by none beyond the cap. */
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 2, NOW + 60), MPSK_CLAIM_OK);
	assert_true(result.is_new);
	assert_int_equal(field("old_used"), NOW + 60);
	redis_do(&redis, "HDEL " KEY " old_used");
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 3, NOW + 60), MPSK_CLAIM_FULL);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, NOW + 100), MPSK_CLAIM_STALE);
	assert_int_equal(field("old_used"), -1);
	/* The same psk again is no old one. */
	redis_do(&redis, "HSET " KEY " old_psk correct-horse");
	claim.fingerprint = of_new;
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	assert_int_equal(field("old_used"), -1);
}

static void test_bad_fields(void **state)
{
	static char digits[401];
	static struct {
		char const	*field, *value;
	} const rows[] = {
		{ "max", "inf" }, { "max", "nan" }, { "max", "-1" }, { "max", "+1" }, { "max", "1.0" },
		{ "max", "1e3" },
		{ "max", "0x10" }, { "max", " 1" }, { "max", "1 " }, { "max", "1\n" }, { "max", "1234567890123" },
		{ "max", digits }, { "idle", "1d" }, { "exp", "never" }, { "nbf", "2024-01-01" }, { "old_exp", "x" },
		{ "old_used", "never" },
		{ "valid_for", "30d" }, { "activated", "now" },
		{ "enabled", "2" }, { "enabled", "yes" }, { "enabled", "00" }, { "usage", "Multi" }, { "usage", "any" },
	};

	(void) state;
	memset(digits, '9', 400);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		redis_do(&redis, "HSET " KEY " %s %s", rows[i].field, rows[i].value);
		assert_int_equal(admit(1), MPSK_CLAIM_BADKEY);
		assert_non_null(strstr(err.text, "key bob: "));
		assert_non_null(strstr(err.text, rows[i].field));
		assert_int_equal(ask(MPSK_CLAIM_RELEASE, 1, NOW), MPSK_CLAIM_NODEV);
		redis_do(&redis, "HDEL " KEY " %s", rows[i].field);
		assert_int_equal(admit(1), MPSK_CLAIM_OK);
		assert_int_equal(ask(MPSK_CLAIM_RELEASE, 1, NOW), MPSK_CLAIM_OK);
	}
	/* BADKEY comes before DISABLED. */
	redis_do(&redis, "HSET " KEY " enabled 0 max inf");
	assert_int_equal(admit(1), MPSK_CLAIM_BADKEY);
}

static void test_wrong_types(void **state)
{
	(void) state;
	redis_do(&redis, "DEL " KEY);
	redis_do(&redis, "RPUSH " KEY " a");
	assert_int_equal(admit(1), MPSK_CLAIM_BADKEY);
	assert_non_null(strstr(err.text, KEY));
	claim_fresh(NULL);
	redis_do(&redis, "SET " DEV " a");
	for (mpsk_claim_op_t op = MPSK_CLAIM_CLAIM; op <= MPSK_CLAIM_RELEASE; op++) {
		assert_int_equal(ask(op, 1, NOW), MPSK_CLAIM_BADKEY);
		assert_non_null(strstr(err.text, DEV));
	}
}

static void test_idle(void **state)
{
	(void) state;
	redis_do(&redis, "HSET " KEY " idle 100");
	redis_do(&redis, "ZADD " DEV " %d 00-00-5e-00-53-01 %d 00-00-5e-00-53-02", NOW - 100, NOW - 99);
	/* Idle for just 100 s is not over 100 s. */
	assert_int_equal(admit(3), MPSK_CLAIM_FULL);
	assert_int_equal(result.evicted, 0);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 3, NOW + 1), MPSK_CLAIM_OK);
	assert_int_equal(result.evicted, 1);
	assert_int_equal(result.used, 2);
	assert_int_equal(seen(1), -1);
	assert_int_equal(seen(2), NOW - 99);
}

/* Only the oldest go, and nobody where that would not do. */
static void test_idle_enough(void **state)
{
	(void) state;
	claim.default_idle = 100;
	redis_do(&redis, "ZADD " DEV " 10 a 20 b 30 c %d 00-00-5e-00-53-02", NOW);
	redis_do(&redis, "HSET " KEY " max 1");
	assert_int_equal(admit(3), MPSK_CLAIM_FULL);
	assert_int_equal(redis_do(&redis, "ZCARD " DEV), 4);
	redis_do(&redis, "HSET " KEY " max 3");
	assert_int_equal(admit(3), MPSK_CLAIM_OK);
	assert_int_equal(result.evicted, 2);
	assert_int_equal(result.used, 3);
	assert_int_equal(redis_do(&redis, "ZCARD " DEV), 3);
	assert_string_equal(redis_ask(&redis, "ZSCORE " DEV " c"), "30");
	/* 0 in the key means never, whatever the default. */
	redis_do(&redis, "HSET " KEY " idle 0");
	assert_int_equal(admit(4), MPSK_CLAIM_FULL);
	/* A known device is no reason to evict anybody. */
	redis_do(&redis, "HSET " KEY " idle 1 max 1");
	assert_int_equal(admit(3), MPSK_CLAIM_OK);
	assert_int_equal(redis_do(&redis, "ZCARD " DEV), 3);
}

static void test_idle_thousands(void **state)
{
	(void) state;
	redis_do(&redis, "EVAL %s 1 " DEV, "for i = 1, 20000 do redis.call('ZADD', KEYS[1], i, 'm' .. i) end");
	redis_do(&redis, "HSET " KEY " idle 1 max 1");
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	assert_int_equal(result.evicted, 20000);
	assert_int_equal(result.used, 1);
}

/* Out of memory: who is known stays known, and nobody is evicted for one who cannot come. */
static void test_out_of_memory(void **state)
{
	(void) state;
	admit(1);
	redis_do(&redis, "HSET " KEY " idle 1 max 1");
	redis_do(&redis, "CONFIG SET maxmemory 1");
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 1, NOW + 1000), MPSK_CLAIM_OK);
	claim.mac.octets[5] = 2;
	assert_int_equal(mpsk_store_claim(store, &claim, &result, &err), MPSK_AGAIN);
	assert_non_null(strstr(err.text, "OOM"));
	redis_do(&redis, "CONFIG SET maxmemory 0");
	assert_int_equal(seen(1), NOW);
	assert_int_equal(ask(MPSK_CLAIM_CHECK, 1, NOW), MPSK_CLAIM_OK);
}

static void test_noscript(void **state)
{
	(void) state;
	redis_do(&redis, "SCRIPT FLUSH");
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	redis_do(&redis, "SCRIPT FLUSH");
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	assert_int_equal(result.used, 1);
}

static void test_arguments(void **state)
{
	static mpsk_claim_t const bad[] = {
		{ .id = "", .fingerprint = "" }, { .id = "b{}", .fingerprint = "" }, { .id = "a b", .fingerprint = "" },
		{ .id = "bob", .fingerprint = "abc" }, { .id = "bob", .fingerprint = "", .now = -1 },
		{ .id = "bob", .fingerprint = "", .now = 1000000000000 },
		{ .id = "bob", .fingerprint = "", .default_max = -1 },
		{ .id = "bob", .fingerprint = "", .default_idle = -1 },
		{ .id = "bob", .fingerprint = "", .place_s = -1 },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(mpsk_store_claim(store, &bad[i], &result, &err), MPSK_BAD);
	}
}

#define TEST(_name) cmocka_unit_test_setup(_name, claim_fresh)

int main(void)
{
	struct CMUnitTest const tests[] = {
		TEST(test_cap), TEST(test_max_forms), TEST(test_default_unlimited), TEST(test_ops),
		TEST(test_last_seen), TEST(test_nokey), TEST(test_disabled), TEST(test_time_edges),
		TEST(test_valid_for), TEST(test_server_time), TEST(test_fingerprint), TEST(test_old_used),
		TEST(test_bad_fields), TEST(test_wrong_types),
		TEST(test_idle), TEST(test_idle_enough), TEST(test_idle_thousands), TEST(test_out_of_memory),
		TEST(test_noscript), TEST(test_arguments),
	};

	return cmocka_run_group_tests(tests, store_start, store_stop);
}
