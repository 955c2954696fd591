/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy/bucket.h"

static mpsk_bucket_size_t const size = { .rate = 4, .burst = 10 };

static void a_new_one_is_full(void **state)
{
	mpsk_bucket_t bucket = { .begun = false };
	int64_t wait = 0;

	(void) state;
	for (unsigned i = 0; i < 10; i++)
		assert_true(mpsk_bucket_take(&bucket, &size, 1000, 1, &wait));
	assert_false(mpsk_bucket_take(&bucket, &size, 1000, 1, &wait));
	assert_int_equal(wait, 250);
}

static void it_fills_with_time(void **state)
{
	mpsk_bucket_t bucket = { .begun = false };
	int64_t wait = 0;

	(void) state;
	assert_true(mpsk_bucket_take(&bucket, &size, 0, 10, &wait));
	assert_false(mpsk_bucket_take(&bucket, &size, 249, 1, &wait));
	assert_int_equal(wait, 1);
	assert_true(mpsk_bucket_take(&bucket, &size, 250, 1, &wait));
	assert_false(mpsk_bucket_take(&bucket, &size, 250, 1, &wait));
	/* In steps of a millisecond nothing is lost. */
	for (int64_t now = 251; now < 500; now++)
		assert_false(mpsk_bucket_take(&bucket, &size, now, 1, &wait));
	assert_true(mpsk_bucket_take(&bucket, &size, 500, 1, &wait));
	/* Never over burst; also after a time that would not fit. */
	assert_false(mpsk_bucket_take(&bucket, &size, INT64_MAX / 2, 11 * size.burst, &wait) &&
		     mpsk_bucket_take(&bucket, &size, INT64_MAX / 2, 1, &wait));
}

static void a_clock_that_stands_or_goes_back_adds_nothing(void **state)
{
	mpsk_bucket_t bucket = { .begun = false };
	int64_t wait = 0;

	(void) state;
	assert_true(mpsk_bucket_take(&bucket, &size, 1000, 10, &wait));
	assert_false(mpsk_bucket_take(&bucket, &size, 1000, 1, &wait));
	assert_false(mpsk_bucket_take(&bucket, &size, 0, 1, &wait));
	assert_false(mpsk_bucket_take(&bucket, &size, 1249, 1, &wait));
	assert_true(mpsk_bucket_take(&bucket, &size, 1250, 1, &wait));
}

/* What is over burst can be had, from a full one, and is owed then. */
static void more_than_burst_takes_all_and_owes(void **state)
{
	mpsk_bucket_t bucket = { .begun = false };
	int64_t wait = 0;

	(void) state;
	assert_true(mpsk_bucket_take(&bucket, &size, 0, 14, &wait));
	assert_false(mpsk_bucket_take(&bucket, &size, 1000, 1, &wait));
	assert_int_equal(wait, 250);
	assert_false(mpsk_bucket_take(&bucket, &size, 3499, 14, &wait));
	assert_int_equal(wait, 1);
	assert_true(mpsk_bucket_take(&bucket, &size, 3500, 14, &wait));
}

static void what_was_taken_too_much_comes_back(void **state)
{
	mpsk_bucket_t bucket = { .begun = false };
	int64_t wait = 0;

	(void) state;
	assert_true(mpsk_bucket_take(&bucket, &size, 0, 10, &wait));
	mpsk_bucket_charge(&bucket, &size, 0, -1);
	assert_true(mpsk_bucket_take(&bucket, &size, 0, 1, &wait));
	mpsk_bucket_charge(&bucket, &size, 0, -1000);
	assert_true(mpsk_bucket_take(&bucket, &size, 0, 10, &wait));
	assert_false(mpsk_bucket_take(&bucket, &size, 0, 1, &wait));
	mpsk_bucket_charge(&bucket, &size, 0, 3);
	assert_false(mpsk_bucket_take(&bucket, &size, 0, 1, &wait));
	assert_int_equal(wait, 1000);
}

/* Whatever is charged, it is paid within the time that fills it twice. */
static void what_is_owed_has_an_end(void **state)
{
	mpsk_bucket_t bucket = { .begun = false };
	int64_t wait = 0;

	(void) state;
	for (unsigned i = 0; i < 1000; i++)
		mpsk_bucket_charge(&bucket, &size, 0, 7);
	assert_false(mpsk_bucket_take(&bucket, &size, 0, 10, &wait));
	assert_int_equal(wait, 5000);
	assert_true(mpsk_bucket_take(&bucket, &size, 5000, 34, &wait));
	mpsk_bucket_charge(&bucket, &size, 5000, 1);
	assert_false(mpsk_bucket_take(&bucket, &size, 5000, 1, &wait));
	assert_int_equal(wait, 24 * 250 + 250);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(a_new_one_is_full),
		cmocka_unit_test(it_fills_with_time),
		cmocka_unit_test(a_clock_that_stands_or_goes_back_adds_nothing),
		cmocka_unit_test(more_than_burst_takes_all_and_owes),
		cmocka_unit_test(what_was_taken_too_much_comes_back),
		cmocka_unit_test(what_is_owed_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
