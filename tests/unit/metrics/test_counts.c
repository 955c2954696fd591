/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "metrics/counts.h"
#include "metrics/histogram.h"

#define THREADS	40	/* more than there are shares */
#define EACH	20000
#define SLOTS	(3 + MPSK_HISTOGRAM_SLOTS)

static void *count(void *arg)
{
	mpsk_counts_t *counts = arg;

	for (int i = 0; i < EACH; i++) {
		mpsk_count_t *mine = mpsk_counts_mine(counts);

		mpsk_count_add(&mine[0], 1);
		mpsk_count_add(&mine[2], 3);
		mpsk_histogram_note(&mine[3], 10001);
	}
	return NULL;
}

static void none_is_lost_between_threads(void **state)
{
	mpsk_counts_t *counts = mpsk_counts_create(NULL, SLOTS);
	pthread_t threads[THREADS];

	(void) state;
	assert_non_null(counts);
	for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, count, counts), 0);
	for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
	assert_int_equal(mpsk_counts_sum(counts, 0), THREADS * EACH);
	assert_int_equal(mpsk_counts_sum(counts, 1), 0);
	assert_int_equal(mpsk_counts_sum(counts, 2), 3 * THREADS * EACH);
	assert_int_equal(mpsk_counts_sum(counts, 3), 0);
	assert_int_equal(mpsk_counts_sum(counts, 4), THREADS * EACH);
	assert_int_equal(mpsk_counts_sum(counts, 3 + MPSK_HISTOGRAM_BOUNDS + 1), THREADS * EACH * UINT64_C(10001));
	talloc_free(counts);
}

static void a_bucket_holds_its_bound(void **state)
{
	mpsk_counts_t *counts = mpsk_counts_create(NULL, MPSK_HISTOGRAM_SLOTS);
	mpsk_count_t *mine = mpsk_counts_mine(counts);

	(void) state;
	mpsk_histogram_note(mine, 0);
	mpsk_histogram_note(mine, 10000);
	mpsk_histogram_note(mine, 10001);
	mpsk_histogram_note(mine, 1000000000);
	mpsk_histogram_note(mine, 1000000001);
	assert_int_equal(mpsk_counts_sum(counts, 0), 2);
	assert_int_equal(mpsk_counts_sum(counts, 1), 1);
	assert_int_equal(mpsk_counts_sum(counts, MPSK_HISTOGRAM_BOUNDS - 1), 1);
	assert_int_equal(mpsk_counts_sum(counts, MPSK_HISTOGRAM_BOUNDS), 1);
	assert_int_equal(mpsk_counts_sum(counts, MPSK_HISTOGRAM_BOUNDS + 1), 2000020002);
	talloc_free(counts);
}

static void bounds_rise_and_say_what_they_are(void **state)
{
	(void) state;
	for (unsigned i = 0; i < MPSK_HISTOGRAM_BOUNDS; i++) {
		double seconds = strtod(mpsk_histogram_le(i), NULL);

		assert_int_equal((uint64_t) (seconds * 1e9 + 0.5), mpsk_histogram_bounds[i].ns);
		if (i > 0) assert_true(mpsk_histogram_bounds[i].ns > mpsk_histogram_bounds[i - 1].ns);
	}
	assert_string_equal(mpsk_histogram_le(MPSK_HISTOGRAM_BOUNDS), "+Inf");
}

static void is_near(double got, double expected)
{
	assert_true(got > expected * 0.999999 && got < expected * 1.000001);
}

static void quantiles_lie_between_bounds(void **state)
{
	uint64_t counts[MPSK_HISTOGRAM_BOUNDS + 1] = { 0 };

	(void) state;
	assert_true(mpsk_histogram_quantile(counts, 0.5) == 0);
	counts[6] = 100;	/* 0.5 to 1 ms */
	is_near(mpsk_histogram_quantile(counts, 0.5), 0.00075);
	is_near(mpsk_histogram_quantile(counts, 0.99), 0.000995);
	counts[7] = 100;	/* up to 2.5 ms */
	is_near(mpsk_histogram_quantile(counts, 0.5), 0.001);
	is_near(mpsk_histogram_quantile(counts, 0.75), 0.00175);
	counts[MPSK_HISTOGRAM_BOUNDS] = 10000;
	is_near(mpsk_histogram_quantile(counts, 0.99), 1);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(none_is_lost_between_threads),
		cmocka_unit_test(a_bucket_holds_its_bound),
		cmocka_unit_test(bounds_rise_and_say_what_they_are),
		cmocka_unit_test(quantiles_lie_between_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
