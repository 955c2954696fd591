/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy/repeats.h"

static void the_same_is_told_once_in_a_while(void **state)
{
	mpsk_repeats_t *repeats = mpsk_repeats_create(NULL, &(mpsk_repeats_config_t) {
		.quiet_ms = 1000, .rate = 100, .burst = 100
	});

	(void) state;
	assert_non_null(repeats);
	assert_int_equal(mpsk_repeats_note(repeats, "a", 1, 5000), 1);
	assert_int_equal(mpsk_repeats_note(repeats, "b", 1, 5000), 1);
	for (int64_t now = 5001; now < 6000; now += 100) assert_int_equal(mpsk_repeats_note(repeats, "a", 1, now), 0);
	/* Ten that were merged, and this one. */
	assert_int_equal(mpsk_repeats_note(repeats, "a", 1, 6000), 11);
	assert_int_equal(mpsk_repeats_note(repeats, "a", 1, 6001), 0);
	assert_int_equal(mpsk_repeats_dropped(repeats), 0);
	talloc_free(repeats);
}

static void a_flood_is_bounded(void **state)
{
	mpsk_repeats_t *repeats = mpsk_repeats_create(NULL, &(mpsk_repeats_config_t) {
		.quiet_ms = 1000, .rate = 10, .burst = 20
	});
	unsigned told = 0;

	(void) state;
	assert_non_null(repeats);
	for (uint32_t i = 0; i < 100000; i++) told += mpsk_repeats_note(repeats, &i, sizeof(i), 1000 + i / 100) > 0;
	assert_in_range(told, 20, 31);
	assert_int_equal(mpsk_repeats_dropped(repeats), 100000 - told);
	talloc_free(repeats);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(the_same_is_told_once_in_a_while),
		cmocka_unit_test(a_flood_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
