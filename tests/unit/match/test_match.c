/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "match/match.h"
#include "vector.h"

static vector_t vectors[VECTOR_COUNT];
static wpa_handshake_t handshake;
static wpa_pmk_t const *right;

static int load(void **state)
{
	vector_t const *v;

	(void) state;
	vectors_load(vectors);
	v = vector_find(vectors, "wpa2-ccmp-min");
	right = &v->pmk;
	return vector_handshake(&handshake, v, NULL) != MPSK_OK;
}

static void test_an_empty_block_matches_nothing(void **state)
{
	mpsk_match_block_t block;
	wpa_pmk_t const zero = { { 0 } };

	(void) state;
	memset(&block, 0, sizeof(block));
	assert_int_equal(mpsk_match_block_init(&block), MPSK_OK);
	assert_int_equal(block.used, 0);
	for (unsigned i = 0; i < MPSK_MATCH_LANES; i++) {
		assert_memory_not_equal(&block.pmk[i], &zero, sizeof(zero));
		for (unsigned j = 0; j < i; j++) assert_memory_not_equal(&block.pmk[i], &block.pmk[j], sizeof(zero));
	}
	assert_int_equal(mpsk_match_block_scan(&block, &handshake), 0);
}

static void test_every_lane_is_found(void **state)
{
	(void) state;
	for (unsigned lane = 0; lane < MPSK_MATCH_LANES; lane++) {
		mpsk_match_block_t block;

		assert_int_equal(mpsk_match_block_init(&block), MPSK_OK);
		for (unsigned i = 0; i < MPSK_MATCH_LANES; i++) mpsk_match_block_set(&block, i, &vectors[0].pmk);
		mpsk_match_block_set(&block, lane, right);
		assert_int_equal(block.used, 0xffff);
		assert_int_equal(mpsk_match_block_scan(&block, &handshake), 1u << lane);
	}
}

static void test_two_lanes_are_both_reported(void **state)
{
	mpsk_match_block_t block;

	(void) state;
	assert_int_equal(mpsk_match_block_init(&block), MPSK_OK);
	mpsk_match_block_set(&block, 3, right);
	mpsk_match_block_set(&block, 15, right);
	mpsk_match_block_set(&block, 9, &vectors[0].pmk);
	assert_int_equal(mpsk_match_block_scan(&block, &handshake), 1u << 3 | 1u << 15);
}

static void test_an_unused_lane_never_matches(void **state)
{
	mpsk_match_block_t block;

	(void) state;
	assert_int_equal(mpsk_match_block_init(&block), MPSK_OK);
	block.pmk[5] = *right;
	assert_int_equal(mpsk_match_block_scan(&block, &handshake), 0);
	block.used |= 1u << 16;	/* beyond the lanes: passed over, not read */
	assert_int_equal(mpsk_match_block_scan(&block, &handshake), 0);
}

static void test_clear_forgets(void **state)
{
	mpsk_match_block_t block;
	wpa_pmk_t const zero = { { 0 } };

	(void) state;
	assert_int_equal(mpsk_match_block_init(&block), MPSK_OK);
	mpsk_match_block_set(&block, 7, right);
	mpsk_match_block_set(&block, 8, right);
	assert_int_equal(mpsk_match_block_clear(&block, 7), MPSK_OK);
	assert_int_equal(block.used, 1u << 8);
	assert_memory_not_equal(&block.pmk[7], right, sizeof(*right));
	assert_memory_not_equal(&block.pmk[7], &zero, sizeof(zero));
	assert_int_equal(mpsk_match_block_scan(&block, &handshake), 1u << 8);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_an_empty_block_matches_nothing),
		cmocka_unit_test(test_every_lane_is_found),
		cmocka_unit_test(test_two_lanes_are_both_reported),
		cmocka_unit_test(test_an_unused_lane_never_matches),
		cmocka_unit_test(test_clear_forgets),
	};

	return cmocka_run_group_tests_name("match/match", tests, load, NULL);
}
