/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "index/twins.h"

static void chains_by_hash(void **state)
{
	mpsk_twins_t twins = { .n = 0 };
	uint32_t lane;
	size_t n = 0;

	(void) state;
	assert_int_equal(mpsk_twins_first(&twins, 1), MPSK_LANE_NONE);
	assert_int_equal(mpsk_twins_reserve(&twins, 10), MPSK_OK);
	for (lane = 0; lane < 10; lane++)
		mpsk_twins_add(&twins, lane, lane % 2 ? 1 : 1 + (1u << 20));
	assert_int_equal(mpsk_twins_reserve(&twins, 1000), MPSK_OK);
	mpsk_twins_remove(&twins, 3);
	mpsk_twins_remove(&twins, 9);
	for (lane = mpsk_twins_first(&twins, 1); lane != MPSK_LANE_NONE; lane = mpsk_twins_next(&twins, lane)) {
		assert_true(lane == 1 || lane == 5 || lane == 7);
		n++;
	}
	assert_int_equal(n, 3);
	mpsk_twins_add(&twins, 3, 77);
	assert_int_equal(mpsk_twins_first(&twins, 77), 3);
	mpsk_twins_remove(&twins, 3);
	assert_int_equal(mpsk_twins_first(&twins, 77), MPSK_LANE_NONE);
	mpsk_twins_finish(&twins);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(chains_by_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
