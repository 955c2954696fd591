/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each limit alone, its clock held: just below, at, and above it. */
#include "guard_rig.h"

static void without_limits_all_pass(void **state)
{
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .repeat_memory = 0 });
	rig.spent_us = 1000000;
	rig.keys = 100000;
	for (unsigned i = 0; i < 2000; i++)
		assert_int_equal(visit(&rig), MPSK_GUARD_PASS);
	rig_end(&rig);
	assert_int_equal(mpsk_guard_enter(NULL, &rig.visit), MPSK_GUARD_PASS);
	assert_int_equal(mpsk_guard_scan(NULL, &rig.visit, KEYS), MPSK_GUARD_PASS);
	mpsk_guard_leave(NULL, &rig.visit, MPSK_GUARD_WRONG, 5);
}

static void the_same_handshake_is_refused_again(void **state)
{
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .repeat_memory = 5 });
	assert_int_equal(visit(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit(&rig), MPSK_GUARD_REPEAT);
	assert_non_null(strstr(explained(&rig, MPSK_GUARD_REPEAT), "a moment ago"));
	rig.now_ms += 4999;
	assert_int_equal(visit(&rig), MPSK_GUARD_REPEAT);
	rig.now_ms++;
	assert_int_equal(visit(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit(&rig), MPSK_GUARD_REPEAT);
	assert_int_equal(mpsk_guard_counters(rig.guard)->refused[MPSK_GUARD_REPEAT], 3);
	assert_int_equal(mpsk_guard_counters(rig.guard)->scans, 2);
	assert_int_equal(mpsk_guard_counters(rig.guard)->keys, 2 * KEYS);
	/* A key was added. */
	rig.changes++;
	assert_int_equal(visit(&rig), MPSK_GUARD_PASS);
	rig_end(&rig);
}

/* Whatever differs makes it another one. */
static void another_handshake_is_not_refused(void **state)
{
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .repeat_memory = 5 });
	uint8_t *const octets[] = {
		rig.hs.mic, rig.hs.mic + WPA_MIC_MAX - 1, rig.hs.frame, rig.hs.frame + 120,
		rig.hs.context.aa.octets, rig.hs.context.spa.octets, rig.hs.context.anonce, rig.hs.context.snonce,
		rig.ssid.octets,
	};
	assert_int_equal(visit(&rig), MPSK_GUARD_PASS);
	for (size_t i = 0; i < sizeof(octets) / sizeof(octets[0]); i++) {
		octets[i][0] ^= 0x80;
		assert_int_equal(visit(&rig), MPSK_GUARD_PASS);
		assert_int_equal(visit(&rig), MPSK_GUARD_REPEAT);
	}
	rig.hs.frame_len++;
	assert_int_equal(visit(&rig), MPSK_GUARD_PASS);
	rig_end(&rig);
}

static void only_what_is_wrong_is_remembered(void **state)
{
	mpsk_guard_result_t const results[] = { MPSK_GUARD_FOUND, MPSK_GUARD_OPEN };
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .repeat_memory = 5, .mac_failures = 1, .mac_window = 1,
						 .mac_pause = 1 });
	for (size_t i = 0; i < 2; i++) {
		rig.result = results[i];
		assert_int_equal(visit(&rig), MPSK_GUARD_PASS);
		assert_int_equal(visit(&rig), MPSK_GUARD_PASS);
	}
	rig_end(&rig);
}

static void a_mac_with_many_failures_pauses(void **state)
{
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .mac_failures = 3, .mac_window = 10, .mac_pause = 5 });
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	rig.now_ms += 9999;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_MAC);
	assert_non_null(strstr(explained(&rig, MPSK_GUARD_MAC), "mac_failures: 3 wrong handshakes of this MAC"));
	assert_non_null(strstr(explained(&rig, MPSK_GUARD_MAC), "in 5 s"));
	rig.now_ms += 4999;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_MAC);
	assert_non_null(strstr(explained(&rig, MPSK_GUARD_MAC), "in 1 s"));
	/* Another MAC, or the same one on another SSID, is not meant. */
	rig.mac.octets[5]++;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	rig.mac.octets[5]--;
	(void) mpsk_ssid_set(&rig.ssid, "Two", 3);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	(void) mpsk_ssid_set(&rig.ssid, "One", 3);
	/* And then it begins anew. */
	rig.now_ms++;
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_MAC);
	assert_int_equal(mpsk_guard_counters(rig.guard)->refused[MPSK_GUARD_MAC], 3);
	rig_end(&rig);
}

static void failures_that_are_far_apart_do_not_count_together(void **state)
{
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .mac_failures = 3, .mac_window = 10, .mac_pause = 5 });
	for (unsigned i = 0; i < 20; i++) {
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
		rig.now_ms += 5000;
	}
	rig_end(&rig);
}

static void a_key_that_was_added_ends_the_pause(void **state)
{
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .mac_failures = 3, .mac_window = 10, .mac_pause = 5 });
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_MAC);
	rig.changes++;
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_MAC);
	/* As it takes back what was counted before. */
	rig.changes++;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	rig.changes++;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	/* So does a handshake that a key made. */
	rig.result = MPSK_GUARD_FOUND;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	rig.result = MPSK_GUARD_WRONG;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	rig_end(&rig);
}

static void a_nas_has_its_rate_and_its_burst(void **state)
{
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .nas_rate = 2, .nas_burst = 5 });
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_NAS);
	assert_non_null(strstr(explained(&rig, MPSK_GUARD_NAS), "nas_rate: more than 2 "));
	rig.now_ms += 499;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_NAS);
	rig.now_ms++;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_NAS);
	strcpy(rig.nas, "ap-2");
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	/* It fills up to burst, no more. */
	rig.now_ms += 3600000;
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_NAS);
	rig_end(&rig);
}

static void right_handshakes_cost_a_nas_nothing(void **state)
{
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .nas_rate = 1, .nas_burst = 2 });
	rig.result = MPSK_GUARD_FOUND;
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	rig.result = MPSK_GUARD_OPEN;
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	rig.result = MPSK_GUARD_WRONG;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_NAS);
	rig_end(&rig);
}

/* Half a CPU, and a second saved up: searches of 10 ms. */
static void the_server_has_its_share_and_its_burst(void **state)
{
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .server_rate = 500000, .server_burst = 1000000 });
	rig.spent_us = 10000;
	rig.keys = 100000;	/* at the 100 ns that are taken for a key at first, what they cost */
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_SERVER);
	assert_non_null(strstr(explained(&rig, MPSK_GUARD_SERVER), "server_share: "));
	rig.now_ms += 19;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_SERVER);
	rig.now_ms++;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_SERVER);
	rig.now_ms += 1000;
	for (unsigned i = 0; i < 50; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_SERVER);
	assert_int_equal(mpsk_guard_counters(rig.guard)->spent_us, 151 * 10000);
	rig_end(&rig);
}

/* A search that costs more than thought is paid for all the same, and the next one is known to. */
static void what_a_key_costs_is_learnt(void **state)
{
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .server_rate = 1000000, .server_burst = 1000000 });
	rig.keys = 10000;
	rig.spent_us = 25000;
	for (unsigned i = 0; i < 40; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_SERVER);
	assert_true(rig.visit.wait_ms >= 20 && rig.visit.wait_ms <= 25);
	/* A search that ended at a hit, or never began, teaches nothing. */
	rig.now_ms += 100000;
	rig.result = MPSK_GUARD_FOUND;
	rig.spent_us = 1;
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_true(rig.visit.reserved_us >= 20000);
	rig_end(&rig);
}

static void a_search_over_burst_begins_with_a_full_bucket(void **state)
{
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .server_rate = 100000, .server_burst = 1000 });
	rig.spent_us = 100000;
	rig.keys = 1000000;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	rig.now_ms += 999;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_SERVER);
	rig.now_ms++;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	rig_end(&rig);
}

static void long_searches_go_one_at_a_time(void **state)
{
	rig_t rig;
	mpsk_guard_visit_t first;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .nas_rate = 1, .nas_burst = 103, .server_rate = 1,
						 .server_burst = 10000, .long_us = 1000, .long_scans = 1,
						 .long_wait_ms = 1 });
	first = (mpsk_guard_visit_t) {
		.mac = &rig.mac, .ssid = &rig.ssid, .nas = "ap-9", .hs = &rig.hs, .now_ms = 1000000
	};
	assert_int_equal(mpsk_guard_enter(rig.guard, &first), MPSK_GUARD_PASS);
	assert_int_equal(mpsk_guard_scan(rig.guard, &first, 10000), MPSK_GUARD_PASS);
	rig.keys = 10000;
	/* Refused: of the server's share nothing is taken for what was not done. */
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_LONG);
	assert_non_null(strstr(explained(&rig, MPSK_GUARD_LONG), "long_scans: 1 "));
	rig.keys = 9999;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	rig.keys = 10000;
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_LONG);
	mpsk_guard_leave(rig.guard, &first, MPSK_GUARD_FOUND, 0);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_int_equal(mpsk_guard_counters(rig.guard)->refused[MPSK_GUARD_LONG], 101);
	/* Of its NAS's, a token each. */
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_NAS);
	rig_end(&rig);
}

/* What is learnt of one AKM is not held against another; and a slow one is long with few keys. */
static void what_a_key_costs_goes_by_its_akm(void **state)
{
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .server_rate = 1, .server_burst = 100000000, .long_us = 1000,
						 .long_scans = 1 });
	rig.hs.suite = WPA_AKM_FT_PSK;
	rig.hs.version = 3;
	rig.spent_us = 2500;
	for (unsigned i = 0; i < 40; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	assert_true(rig.visit.reserved_us >= 2000);
	assert_true(rig.visit.is_long);
	rig.hs.suite = WPA_AKM_PSK;
	for (uint8_t version = 1; version <= 2; version++) {
		rig.hs.version = version;
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
		assert_int_equal(rig.visit.reserved_us, 100);
		assert_false(rig.visit.is_long);
	}
	rig_end(&rig);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(without_limits_all_pass),
		cmocka_unit_test(the_same_handshake_is_refused_again),
		cmocka_unit_test(another_handshake_is_not_refused),
		cmocka_unit_test(only_what_is_wrong_is_remembered),
		cmocka_unit_test(a_mac_with_many_failures_pauses),
		cmocka_unit_test(failures_that_are_far_apart_do_not_count_together),
		cmocka_unit_test(a_key_that_was_added_ends_the_pause),
		cmocka_unit_test(a_nas_has_its_rate_and_its_burst),
		cmocka_unit_test(right_handshakes_cost_a_nas_nothing),
		cmocka_unit_test(the_server_has_its_share_and_its_burst),
		cmocka_unit_test(what_a_key_costs_is_learnt),
		cmocka_unit_test(what_a_key_costs_goes_by_its_akm),
		cmocka_unit_test(a_search_over_burst_begins_with_a_full_bucket),
		cmocka_unit_test(long_searches_go_one_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
