/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of limits, how much is remembered at most, and many threads at a time. */
#include <pthread.h>

#include "guard_rig.h"

static mpsk_guard_config_t const strict = { .repeat_memory = 5, .nas_rate = 1, .nas_burst = 1 };

static void nothing_is_told_where_no_limit_acts(void **state)
{
	mpsk_guard_report_t report;
	rig_t rig;

	(void) state;
	rig_start(&rig, &strict);
	assert_false(mpsk_guard_report(NULL, 0, &report));
	assert_false(mpsk_guard_report(rig.guard, rig.now_ms, &report));
	assert_int_equal(visit(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit(&rig), MPSK_GUARD_REPEAT);
	assert_false(mpsk_guard_report(rig.guard, rig.now_ms + 1000000, &report));
	rig_end(&rig);
}

static void the_first_refusal_is_told_at_once_then_one_line_a_minute(void **state)
{
	mpsk_guard_report_t report;
	rig_t rig;

	(void) state;
	rig_start(&rig, &strict);
	assert_int_equal(visit(&rig), MPSK_GUARD_PASS);
	assert_int_equal(visit(&rig), MPSK_GUARD_REPEAT);
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_NAS);
	assert_true(mpsk_guard_report(rig.guard, rig.now_ms, &report));
	assert_int_equal(report.limited, 1);
	assert_int_equal(report.refused[MPSK_GUARD_NAS], 1);
	assert_int_equal(report.refused[MPSK_GUARD_REPEAT], 1);
	assert_int_equal(report.seconds, 1);
	assert_string_equal(report.nas, "ap-1");
	assert_int_equal(report.nas_limited, 1);
	assert_false(mpsk_guard_report(rig.guard, rig.now_ms + MPSK_GUARD_REPORT_MS, &report));

	for (unsigned i = 0; i < 7; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_NAS);
	strcpy(rig.nas, "ap-2");
	assert_int_equal(visit_anew(&rig), MPSK_GUARD_PASS);
	for (unsigned i = 0; i < 9; i++)
		assert_int_equal(visit_anew(&rig), MPSK_GUARD_NAS);
	rig.now_ms += MPSK_GUARD_REPORT_MS - 1;
	assert_false(mpsk_guard_report(rig.guard, rig.now_ms, &report));
	rig.now_ms++;
	assert_true(mpsk_guard_report(rig.guard, rig.now_ms, &report));
	assert_int_equal(report.limited, 16);
	assert_int_equal(report.seconds, 60);
	assert_string_equal(report.nas, "ap-2");
	assert_int_equal(report.nas_limited, 9);
	assert_int_equal(report.refused[MPSK_GUARD_REPEAT], 0);
	rig_end(&rig);
}

/* Of names that nobody can count, the last ones are known. */
static void a_flood_of_names_forgets_the_oldest(void **state)
{
	size_t before;
	rig_t rig;

	(void) state;
	rig_start(&rig, &(mpsk_guard_config_t) { .repeat_memory = 60, .mac_failures = 1, .mac_window = 60,
						 .mac_pause = 60, .nas_rate = 1, .nas_burst = 1 });
	before = talloc_total_size(rig.guard);
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(rig.nas, sizeof(rig.nas), "nas-%u", i);
		memcpy(rig.mac.octets + 2, &i, 4);
		memcpy(rig.hs.mic, &i, sizeof(i));
		assert_int_equal(visit(&rig), MPSK_GUARD_PASS);
	}
	assert_int_equal(visit(&rig), MPSK_GUARD_REPEAT);
	rig.hs.mic[5]++;
	assert_int_equal(visit(&rig), MPSK_GUARD_MAC);
	rig.mac.octets[0]++;
	assert_int_equal(visit(&rig), MPSK_GUARD_NAS);
	assert_int_equal(talloc_total_size(rig.guard), before);
	rig_end(&rig);
}

#define THREADS	4
#define TURNS	3000
#define BURST	1000

static void *flood_run(void *uctx)
{
	rig_t rig = *(rig_t *) uctx;
	mpsk_guard_report_t report;
	uintptr_t passed = 0;

	for (unsigned i = 0; i < TURNS; i++) {
		another(&rig);
		passed += visit(&rig) == MPSK_GUARD_PASS;
		(void) mpsk_guard_report(rig.guard, rig.now_ms, &report);
	}
	return (void *) passed;
}

/* No time passes, so what passes is the burst, whoever takes it. */
static void threads_share_one_bucket(void **state)
{
	mpsk_guard_config_t const configs[] = {
		{ .nas_rate = 1, .nas_burst = BURST },
		{ .server_rate = 1, .server_burst = BURST * 100 },
	};

	(void) state;
	for (size_t c = 0; c < 2; c++) {
		mpsk_guard_counters_t const *counters;
		pthread_t threads[THREADS];
		uint64_t passed = 0;
		rig_t rig;

		rig_start(&rig, &configs[c]);
		rig.spent_us = 100;
		counters = mpsk_guard_counters(rig.guard);
		for (size_t i = 0; i < THREADS; i++)
			assert_int_equal(pthread_create(&threads[i], NULL, flood_run, &rig), 0);
		for (size_t i = 0; i < THREADS; i++) {
			void *n;

			assert_int_equal(pthread_join(threads[i], &n), 0);
			passed += (uintptr_t) n;
		}
		assert_int_equal(passed, BURST);
		assert_int_equal(counters->scans, BURST);
		assert_int_equal(counters->refused[MPSK_GUARD_NAS] + counters->refused[MPSK_GUARD_SERVER],
				 THREADS * TURNS - BURST);
		rig_end(&rig);
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(nothing_is_told_where_no_limit_acts),
		cmocka_unit_test(the_first_refusal_is_told_at_once_then_one_line_a_minute),
		cmocka_unit_test(a_flood_of_names_forgets_the_oldest),
		cmocka_unit_test(threads_share_one_bucket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
