/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <limits.h>

#include "base/deadline.h"

static void test_clock_never_goes_back(void **state)
{
	int64_t before = mpsk_monotonic_ms();

	(void) state;
	assert_true(before > 0);
	for (int i = 0; i < 1000; i++) {
		int64_t now = mpsk_monotonic_ms();

		assert_true(now >= before);
		before = now;
	}
}

static void test_left(void **state)
{
	int left = mpsk_deadline_left(mpsk_deadline_in(60000));

	(void) state;
	assert_true(left > 0 && left <= 60000);
	assert_int_equal(mpsk_deadline_left(mpsk_deadline_in(INT64_MAX)), INT_MAX);
	assert_int_equal(mpsk_deadline_left(mpsk_deadline_in((int64_t) INT_MAX + 60000)), INT_MAX);
}

static void test_passed(void **state)
{
	(void) state;
	assert_true(mpsk_deadline_passed(mpsk_deadline_in(0)));
	assert_true(mpsk_deadline_passed(mpsk_deadline_in(-5000)));
	assert_int_equal(mpsk_deadline_left(mpsk_deadline_in(-5000)), 0);
	assert_false(mpsk_deadline_passed(mpsk_deadline_in(60000)));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_clock_never_goes_back),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_passed),
	};

	return cmocka_run_group_tests_name("base/deadline", tests, NULL, NULL);
}
