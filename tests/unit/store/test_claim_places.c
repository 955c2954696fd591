/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places of those that are online, and who makes way at the device cap.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "claim_rig.h"

static void test_places(void **state)
{
	(void) state;
	redis_do(&redis, "HSET " KEY " max 9 concurrent 2");
	/* Registered, not come: no place. */
	assert_int_equal(admit(9), MPSK_CLAIM_OK);
	assert_int_equal(redis_do(&redis, "EXISTS " LIVE), 0);
	claim.place_s = 300;
	assert_int_equal(ask(MPSK_CLAIM_CHECK, 9, NOW), MPSK_CLAIM_OK);
	assert_int_equal(redis_do(&redis, "EXISTS " LIVE), 0);
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	assert_int_equal(result.live, 1);
	assert_int_equal(result.concurrent, 2);
	assert_string_equal(redis_ask(&redis, "ZSCORE " LIVE " 00-00-5e-00-53-01"), "1700000299.5");
	assert_int_equal(admit(1), MPSK_CLAIM_OK);
	assert_int_equal(admit(2), MPSK_CLAIM_OK);
	assert_int_equal(result.live, 2);
	/* A new one, and a known one without a place. */
	assert_int_equal(admit(3), MPSK_CLAIM_BUSY);
	assert_int_equal(result.live, 2);
	assert_int_equal(ask(MPSK_CLAIM_TOUCH, 9, NOW), MPSK_CLAIM_BUSY);
	assert_int_equal(redis_do(&redis, "ZCARD " DEV), 3);
	/* Who has one keeps it wherever it goes, longer where accounting has said so. */
	redis_do(&redis, "ZADD " LIVE " 1700003600 00-00-5e-00-53-01");
	assert_int_equal(ask(MPSK_CLAIM_TOUCH, 1, NOW + 10), MPSK_CLAIM_OK);
	assert_string_equal(redis_ask(&redis, "ZSCORE " LIVE " 00-00-5e-00-53-01"), "1700003599.5");
	/* A place that nobody holds runs out, and one that is given back is free. */
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 3, NOW + 299), MPSK_CLAIM_BUSY);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 3, NOW + 300), MPSK_CLAIM_OK);
	assert_int_equal(ask(MPSK_CLAIM_RELEASE, 3, NOW + 300), MPSK_CLAIM_OK);
	assert_int_equal(ask(MPSK_CLAIM_CLAIM, 2, NOW + 300), MPSK_CLAIM_OK);
	/* A cap that was lowered takes nobody's place. */
	redis_do(&redis, "HSET " KEY " concurrent 1");
	assert_int_equal(ask(MPSK_CLAIM_TOUCH, 1, NOW + 301), MPSK_CLAIM_OK);
}

static void test_places_wrong(void **state)
{
	(void) state;
	redis_do(&redis, "HSET " KEY " concurrent 2");
	redis_do(&redis, "SET " LIVE " x");
	claim.place_s = 300;
	assert_int_equal(admit(1), MPSK_CLAIM_BADKEY);
	assert_non_null(strstr(err.text, LIVE));
	redis_do(&redis, "HSET " KEY " concurrent x");
	assert_int_equal(admit(1), MPSK_CLAIM_BADKEY);
	assert_non_null(strstr(err.text, "concurrent"));
}

/* The random MAC that was seen longest ago, but none that the key lists. */
static void test_replace_random(void **state)
{
	(void) state;
	redis_do(&redis, "HSET " KEY " max 4 when_full replace-oldest-random macs %s", "0a:00:00:00:00:01,aa*");
	redis_do(&redis, "ZADD " DEV " 10 00-00-5e-00-53-01 20 0a-00-00-00-00-01 30 0a-00-00-00-00-02 "
		 "40 0a-00-00-00-00-03");
	assert_int_equal(admit(3), MPSK_CLAIM_OK);
	assert_int_equal(result.evicted, 1);
	assert_int_equal(result.n_macs, 1);
	assert_int_equal(result.macs[0].octets[5], 2);
	assert_int_equal(admit(4), MPSK_CLAIM_OK);
	assert_int_equal(result.macs[0].octets[5], 3);
	assert_int_equal(admit(5), MPSK_CLAIM_FULL);
	assert_int_equal(redis_do(&redis, "ZCARD " DEV), 4);
}

/* The key's rule before the site's before the configuration's. */
static void test_replace_rules(void **state)
{
	static struct {
		char const		*key;
		mpsk_when_full_t	site, configured;
		mpsk_claim_code_t	code;
	} const rows[] = {
		{ "", MPSK_WHEN_FULL_UNSET, MPSK_WHEN_FULL_UNSET, MPSK_CLAIM_FULL },
		{ "", MPSK_WHEN_FULL_UNSET, MPSK_WHEN_FULL_REPLACE_IDLE, MPSK_CLAIM_FULL },
		{ "", MPSK_WHEN_FULL_UNSET, MPSK_WHEN_FULL_REPLACE_OLDEST_RANDOM, MPSK_CLAIM_OK },
		{ "", MPSK_WHEN_FULL_REJECT, MPSK_WHEN_FULL_REPLACE_OLDEST_RANDOM, MPSK_CLAIM_FULL },
		{ "", MPSK_WHEN_FULL_REPLACE_IDLE, MPSK_WHEN_FULL_REJECT, MPSK_CLAIM_OK },
		{ "reject", MPSK_WHEN_FULL_REPLACE_IDLE, MPSK_WHEN_FULL_UNSET, MPSK_CLAIM_FULL },
		{ "replace-idle", MPSK_WHEN_FULL_REJECT, MPSK_WHEN_FULL_UNSET, MPSK_CLAIM_OK },
		{ "replace-all", MPSK_WHEN_FULL_UNSET, MPSK_WHEN_FULL_UNSET, MPSK_CLAIM_BADKEY },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		redis_do(&redis, "DEL " DEV);
		redis_do(&redis, "ZADD " DEV " 10 0a-00-00-00-00-01");
		redis_do(&redis, "HSET " KEY " max 1 when_full %s", rows[i].key);
		claim.site_when_full = rows[i].site;
		claim.default_when_full = rows[i].configured;
		assert_int_equal(admit(3), rows[i].code);
	}
}

static void test_live_stays(void **state)
{
	(void) state;
	redis_do(&redis, "HSET " KEY " max 2 concurrent 5 when_full replace-oldest-random");
	redis_do(&redis, "ZADD " DEV " 10 0a-00-00-00-00-01 20 0a-00-00-00-00-02");
	redis_do(&redis, "ZADD " LIVE " %d 0a-00-00-00-00-01", NOW + 10);
	claim.place_s = 300;
	assert_int_equal(admit(3), MPSK_CLAIM_OK);
	assert_int_equal(result.macs[0].octets[5], 2);
	assert_int_equal(admit(4), MPSK_CLAIM_FULL);
}

#define TEST(_name) cmocka_unit_test_setup(_name, claim_fresh)

int main(void)
{
	struct CMUnitTest const tests[] = {
		TEST(test_places), TEST(test_places_wrong), TEST(test_replace_random), TEST(test_replace_rules),
		TEST(test_live_stays),
	};

	return cmocka_run_group_tests(tests, store_start, store_stop);
}
