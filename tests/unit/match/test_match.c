/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "match_make.h"
#include "vector.h"

static keys_t keys;
static mpsk_kernel_t const *scalar;

static int load(void **state)
{
	size_t kernels = 0;

	(void) state;
	for (scalar = mpsk_kernels; scalar->scan; scalar++) kernels += kernel_runs(scalar);
	/* The baseline runs on every machine. */
	return kernels > 0 ? 0 : -1;
}

static void test_every_lane_is_found(void **state)
{
	wpa_handshake_t hs;
	wpa_pmk_t right;

	(void) state;
	random_fill(&right, sizeof(right));
	for (size_t n = 1; n <= 3; n++) {
		keys_random(&keys, n);
		handshake_random(&hs, WPA_AKM_PSK, 2, 121, &right);
		for (size_t at = 0; at < n * MPSK_MATCH_LANES; at++) {
			wpa_pmk_t other = keys.pmks[at];

			keys_set(&keys, at, &right);
			EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, at);
			keys_set(&keys, at, &other);
		}
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, SIZE_MAX);
	}
}

static void test_frames_of_every_length(void **state)
{
	(void) state;
	keys_random(&keys, 2);
	for (size_t len = 99; len <= 700; len++) {
		size_t at = len % (2 * MPSK_MATCH_LANES);
		wpa_handshake_t hs;

		handshake_random(&hs, WPA_AKM_PSK, 2, len, &keys.pmks[at]);
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, at);
	}
	for (size_t len = WPA_FRAME_MAX - 9; len <= WPA_FRAME_MAX; len++) {
		wpa_handshake_t hs;

		handshake_random(&hs, WPA_AKM_WPA1, 2, len, &keys.pmks[5]);
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, 5);
	}
}

/* A bit among the first 32 leaves no candidate; one behind them leaves a candidate that the PMK itself refutes. */
static void test_a_flipped_bit_is_no_match(void **state)
{
	wpa_handshake_t hs;

	(void) state;
	keys_random(&keys, 2);
	handshake_random(&hs, WPA_AKM_PSK, 2, 121, &keys.pmks[20]);
	assert_true(wpa_handshake_verify(&hs, &keys.pmks[20]));
	for (size_t bit = 0; bit < 128; bit++) {
		hs.mic[bit / 8] ^= (uint8_t) (1 << bit % 8);
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, bit < 32 ? SIZE_MAX : 20);
		assert_false(wpa_handshake_verify(&hs, &keys.pmks[20]));
		hs.mic[bit / 8] ^= (uint8_t) (1 << bit % 8);
	}
	hs.frame[50] ^= 1;
	EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, SIZE_MAX);
	hs.frame[50] ^= 1;
	hs.context.snonce[31] ^= 1;
	EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, SIZE_MAX);
}

/* The attack on lanes that are not in use: whoever knew what stands there would have a key to every network. */
static void test_an_unused_lane_never_matches(void **state)
{
	wpa_handshake_t hs;
	wpa_pmk_t const zero = { { 0 } };

	(void) state;
	keys_random(&keys, 3);
	for (size_t at = 0; at < 3 * MPSK_MATCH_LANES; at++) {
		mpsk_match_block_t *block = &keys.blocks[at / MPSK_MATCH_LANES];

		keys_set(&keys, at, &zero);
		block->used &= ~(1u << at % MPSK_MATCH_LANES);
		block->used |= 0xffff0000;	/* beyond the lanes */
		handshake_random(&hs, WPA_AKM_PSK, 2, 121, &zero);
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, SIZE_MAX);
		/* It does not hide the others. */
		handshake_random(&hs, WPA_AKM_PSK, 2, 121, &keys.pmks[(at + 1) % (3 * MPSK_MATCH_LANES)]);
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, (at + 1) % (3 * MPSK_MATCH_LANES));
		random_fill(&keys.pmks[at], sizeof(wpa_pmk_t));
		keys_set(&keys, at, &keys.pmks[at]);
	}
}

static void test_an_empty_block_is_random(void **state)
{
	static mpsk_match_block_t block, other;
	wpa_handshake_t hs;
	wpa_pmk_t const zero = { { 0 } };

	(void) state;
	assert_int_equal(mpsk_match_block_init(&block), MPSK_OK);
	assert_int_equal(mpsk_match_block_init(&other), MPSK_OK);
	assert_int_equal(block.used, 0);
	for (unsigned i = 0; i < MPSK_SHA1_KEY_WORDS; i++) {
		assert_memory_not_equal(block.sha1[i], other.sha1[i], sizeof(block.sha1[i]));
		for (unsigned j = 0; j < i; j++) {
			assert_memory_not_equal(block.sha1[i], block.sha1[j], sizeof(block.sha1[i]));
		}
	}
	keys = (keys_t) { .n = 1, .list = { &block } };
	handshake_random(&hs, WPA_AKM_PSK, 2, 121, &zero);
	EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, SIZE_MAX);
	assert_alone(&keys, &hs, scalar, SIZE_MAX);
}

static void test_clear_forgets(void **state)
{
	mpsk_match_block_t was;
	wpa_handshake_t hs;

	(void) state;
	keys_random(&keys, 1);
	was = keys.blocks[0];
	assert_int_equal(mpsk_match_block_clear(&keys.blocks[0], 7), MPSK_OK);
	assert_int_equal(keys.blocks[0].used, 0xffff & ~(1u << 7));
	for (unsigned i = 0; i < MPSK_SHA1_KEY_WORDS; i++) {
		assert_int_not_equal(keys.blocks[0].sha1[i][7], was.sha1[i][7]);
		assert_int_equal(keys.blocks[0].sha1[i][6], was.sha1[i][6]);
		assert_int_equal(keys.blocks[0].sha1[i][8], was.sha1[i][8]);
	}
	handshake_random(&hs, WPA_AKM_PSK, 2, 121, &keys.pmks[7]);
	EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, SIZE_MAX);
}

/* Hits in many blocks, two in one: the scan stops at each, and goes on. */
static void test_all_that_match_are_found(void **state)
{
	size_t const at[] = { 0, 17, 40, 41, 64, 100, 143 };
	uint32_t expected[BLOCKS_MAX] = { 0 }, candidates[BLOCKS_MAX];
	wpa_handshake_t hs;
	wpa_pmk_t right;

	(void) state;
	random_fill(&right, sizeof(right));
	keys_random(&keys, BLOCKS_MAX);
	handshake_random(&hs, WPA_AKM_PSK, 2, 121, &right);
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		keys_set(&keys, at[i], &right);
		expected[at[i] / MPSK_MATCH_LANES] |= 1u << at[i] % MPSK_MATCH_LANES;
	}
	EACH_KERNEL(kernel) {
		memset(candidates, 0xff, sizeof(candidates));
		keys_scan(&keys, &hs, kernel, candidates);
		assert_memory_equal(candidates, expected, sizeof(expected));
	}
}

/* An AKM without lanes, and a machine without: every lane in use is a candidate, and the PMK decides. */
static void test_the_plain_way_leaves_it_to_the_pmk(void **state)
{
	static struct {
		wpa_suite_t	suite;
		uint8_t		version;
		bool		plain;	/* by any kernel */
	} const akms[] = {
		{ WPA_AKM_PSK, 1, true }, { WPA_AKM_WPA1, 1, true }, { WPA_AKM_PSK, 2, false },
		{ WPA_AKM_WPA1, 2, false },
	};
	uint32_t candidates[BLOCKS_MAX];
	wpa_handshake_t hs;

	(void) state;
	keys_random(&keys, 3);
	assert_int_equal(mpsk_match_block_clear(&keys.blocks[1], 4), MPSK_OK);
	for (size_t i = 0; i < sizeof(akms) / sizeof(akms[0]); i++) {
		handshake_random(&hs, akms[i].suite, akms[i].version, 121, &keys.pmks[21]);
		keys_scan(&keys, &hs, akms[i].plain ? mpsk_kernels : scalar, candidates);
		assert_int_equal(candidates[0], 0xffff);
		assert_int_equal(candidates[1], 0xffff & ~(1u << 4));
		assert_int_equal(candidates[2], 0xffff);
		for (size_t at = 0; at < 3 * MPSK_MATCH_LANES; at++) {
			assert_int_equal(wpa_handshake_verify(&hs, &keys.pmks[at]), at == 21);
		}
		if (!akms[i].plain) EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, 21);
	}
}

/* What hostapd sent. */
static void test_captured_handshakes(void **state)
{
	static vector_t vectors[VECTOR_COUNT];
	size_t matched = 0;

	(void) state;
	vectors_load(vectors);
	keys_random(&keys, 2);
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		wpa_handshake_t hs;

		if (vector_handshake(&hs, &vectors[i], NULL) != MPSK_OK || hs.version != 2 ||
		    !wpa_handshake_verify(&hs, &vectors[i].pmk)) {
			continue;
		}
		keys_set(&keys, 19, &vectors[i].pmk);
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, 19);
		matched++;
	}
	assert_true(matched >= 5);
}

static void test_finish_wipes(void **state)
{
	static mpsk_match_t match;
	static mpsk_match_t const zero;
	wpa_handshake_t hs;

	(void) state;
	keys_random(&keys, 1);
	handshake_random(&hs, WPA_AKM_PSK, 2, 121, &keys.pmks[0]);
	mpsk_match_prepare(&match, &hs);
	assert_memory_not_equal(&match, &zero, sizeof(match));
	mpsk_match_finish(&match);
	assert_memory_equal(&match, &zero, sizeof(match));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_every_lane_is_found),
		cmocka_unit_test(test_frames_of_every_length),
		cmocka_unit_test(test_a_flipped_bit_is_no_match),
		cmocka_unit_test(test_an_unused_lane_never_matches),
		cmocka_unit_test(test_an_empty_block_is_random),
		cmocka_unit_test(test_clear_forgets),
		cmocka_unit_test(test_all_that_match_are_found),
		cmocka_unit_test(test_the_plain_way_leaves_it_to_the_pmk),
		cmocka_unit_test(test_captured_handshakes),
		cmocka_unit_test(test_finish_wipes),
	};

	return cmocka_run_group_tests_name("match/match", tests, load, NULL);
}
