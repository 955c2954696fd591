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
	(void) state;
	for (scalar = mpsk_kernels; scalar->lanes > 1; scalar++) {}
	return 0;
}

static int unload(void **state)
{
	(void) state;
	for (size_t i = 0; i < BLOCKS_MAX; i++) mpsk_match_block_finish(&keys.blocks[i]);
	return 0;
}

static void test_every_lane_is_found(void **state)
{
	wpa_handshake_t hs;
	wpa_pmk_t right;

	(void) state;
	random_fill(&right, sizeof(right));
	for (size_t n = 1; n <= 3; n++) {
		keys_random(&keys, n);
		EACH_AKM(i) {
			handshake_random(&hs, akms[i].suite, akms[i].version, 121, &right);
			for (size_t at = 0; at < n * MPSK_MATCH_LANES; at++) {
				wpa_pmk_t other = keys.pmks[at];

				keys_set(&keys, at, &right);
				EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, at);
				keys_set(&keys, at, &other);
			}
			EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, SIZE_MAX);
		}
	}
}

static void test_frames_of_every_length(void **state)
{
	wpa_handshake_t hs;

	(void) state;
	keys_random(&keys, 2);
	EACH_AKM(i) {
		for (size_t len = 99; len <= 700; len++) {
			size_t at = len % (2 * MPSK_MATCH_LANES);

			handshake_random(&hs, akms[i].suite, akms[i].version, len, &keys.pmks[at]);
			EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, at);
		}
		for (size_t len = WPA_FRAME_MAX - 17; len <= WPA_FRAME_MAX; len++) {
			handshake_random(&hs, akms[i].suite, akms[i].version, len, &keys.pmks[5]);
			EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, 5);
		}
	}
}

/* A bit among the first 32 leaves no candidate; one behind them leaves a candidate that the PMK itself refutes. */
static void test_a_flipped_bit_is_no_match(void **state)
{
	wpa_handshake_t hs;

	(void) state;
	keys_random(&keys, 2);
	EACH_AKM(i) {
		uint8_t *octets = akms[i].suite == WPA_AKM_FT_PSK ? hs.ft.pmk_r1_name : hs.mic;

		handshake_random(&hs, akms[i].suite, akms[i].version, 121, &keys.pmks[20]);
		assert_true(wpa_handshake_verify(&hs, &keys.pmks[20]));
		for (size_t bit = 0; bit < 128; bit++) {
			octets[bit / 8] ^= (uint8_t) (1 << bit % 8);
			EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, bit < 32 ? SIZE_MAX : 20);
			assert_false(wpa_handshake_verify(&hs, &keys.pmks[20]));
			octets[bit / 8] ^= (uint8_t) (1 << bit % 8);
		}
		hs.context.spa.octets[5] ^= 1;
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, SIZE_MAX);
		hs.context.spa.octets[5] ^= 1;
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, 20);
	}
}

/* What the MIC covers, FT's name does not: there the PMK itself refutes it. */
static void test_a_flipped_bit_of_the_frame_is_no_match(void **state)
{
	wpa_handshake_t hs;

	(void) state;
	keys_random(&keys, 2);
	EACH_AKM(i) {
		size_t at = akms[i].suite == WPA_AKM_FT_PSK ? 20 : SIZE_MAX;

		handshake_random(&hs, akms[i].suite, akms[i].version, 121, &keys.pmks[20]);
		hs.frame[50] ^= 1;
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, at);
		assert_false(wpa_handshake_verify(&hs, &keys.pmks[20]));
		hs.frame[50] ^= 1;
		hs.context.snonce[31] ^= 1;
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, at);
		assert_false(wpa_handshake_verify(&hs, &keys.pmks[20]));
	}
}

/* Both lengths are tried in one scan, and no other. */
static void test_each_length_of_the_ptk(void **state)
{
	uint16_t const bits[] = { 384, 512, 640, 768 };
	wpa_handshake_t hs;

	(void) state;
	keys_random(&keys, 2);
	handshake_random(&hs, WPA_AKM_PSK_SHA256, 3, 121, &keys.pmks[9]);
	for (size_t i = 0; i < 16; i++) {
		hs.ptk_bits[0] = bits[i / 4];
		hs.ptk_bits[1] = bits[i % 4];
		hs.n_ptk = 2;
		for (size_t n = 0; n < 2; n++) {
			mic_make(&hs, &keys.pmks[9], n);
			EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, 9);
			assert_true(wpa_handshake_verify(&hs, &keys.pmks[9]));
		}
		/* The MIC is of the second length. */
		hs.n_ptk = 1;
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, i / 4 == i % 4 ? 9 : SIZE_MAX);
	}
}

/* The longest and the shortest make two blocks and one. */
static void test_ft_of_every_length(void **state)
{
	wpa_handshake_t hs;

	(void) state;
	keys_random(&keys, 2);
	handshake_random(&hs, WPA_AKM_FT_PSK, 3, 300, &keys.pmks[31]);
	for (uint8_t ssid_len = 0; ssid_len <= MPSK_SSID_MAX; ssid_len++) {
		for (uint8_t id_len = 1; id_len <= WPA_R0KH_ID_MAX; id_len++) {
			hs.ft.ssid.len = ssid_len;
			hs.ft.r0kh_id_len = id_len;
			mic_make(&hs, &keys.pmks[31], 0);
			EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, 31);
		}
	}
	assert_true(wpa_handshake_verify(&hs, &keys.pmks[31]));
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
		size_t other = (at + 1) % (3 * MPSK_MATCH_LANES);

		keys_set(&keys, at, &zero);
		block->used &= ~(1u << at % MPSK_MATCH_LANES);
		block->used |= 0xffff0000;	/* beyond the lanes */
		EACH_AKM(i) {
			handshake_random(&hs, akms[i].suite, akms[i].version, 121, &zero);
			EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, SIZE_MAX);
			/* It does not hide the others. */
			handshake_random(&hs, akms[i].suite, akms[i].version, 121, &keys.pmks[other]);
			EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, other);
		}
		random_fill(&keys.pmks[at], sizeof(wpa_pmk_t));
		keys_set(&keys, at, &keys.pmks[at]);
	}
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
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		keys_set(&keys, at[i], &right);
		expected[at[i] / MPSK_MATCH_LANES] |= 1u << at[i] % MPSK_MATCH_LANES;
	}
	EACH_AKM(i) {
		handshake_random(&hs, akms[i].suite, akms[i].version, 121, &right);
		EACH_KERNEL(kernel) {
			if (!has_lanes(kernel, &hs)) continue;
			memset(candidates, 0xff, sizeof(candidates));
			keys_scan(&keys, &hs, kernel, candidates);
			assert_memory_equal(candidates, expected, sizeof(expected));
		}
	}
}

static mpsk_match_cmac_kernel_t *cmac_none(void)
{
	return NULL;
}

/* An AKM without lanes, and a machine without: every lane in use is a candidate, and the PMK decides. */
static void assert_plain(wpa_handshake_t const *hs, mpsk_kernel_t const *kernel)
{
	uint32_t candidates[BLOCKS_MAX];

	keys_scan(&keys, hs, kernel, candidates);
	assert_int_equal(candidates[0], 0xffff);
	assert_int_equal(candidates[1], 0xffff & ~(1u << 4));
	assert_int_equal(candidates[2], 0xffff);
}

static void test_the_plain_way_leaves_it_to_the_pmk(void **state)
{
	wpa_handshake_t hs;

	(void) state;
	keys_random(&keys, 3);
	assert_int_equal(mpsk_match_block_clear(&keys.blocks[1], 4), MPSK_OK);
	EACH_AKM(i) {
		handshake_random(&hs, akms[i].suite, akms[i].version, 121, &keys.pmks[21]);
		assert_plain(&hs, scalar);
		for (size_t at = 0; at < 3 * MPSK_MATCH_LANES; at++) {
			assert_int_equal(wpa_handshake_verify(&hs, &keys.pmks[at]), at == 21);
		}
	}
	EACH_KERNEL(kernel) {
		mpsk_kernel_t without = *kernel;

		without.cmac = cmac_none;
		handshake_random(&hs, WPA_AKM_PSK_SHA256, 3, 121, &keys.pmks[21]);
		assert_plain(&hs, &without);
		hs.akm = wpa_akm_find(WPA_AKM_PSK_SHA384, 0);
		assert_plain(&hs, kernel);
		hs.akm = wpa_akm_find(WPA_AKM_FT_PSK_SHA384, 0);
		assert_plain(&hs, kernel);
	}
}

/* What hostapd sent. */
static void test_captured_handshakes(void **state)
{
	static vector_t vectors[VECTOR_COUNT];

	(void) state;
	vectors_load(vectors);
	keys_random(&keys, 2);
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		wpa_handshake_t hs;

		assert_int_equal(vector_handshake(&hs, &vectors[i], NULL), MPSK_OK);
		assert_true(wpa_handshake_verify(&hs, &vectors[i].pmk));
		keys_set(&keys, 19, &vectors[i].pmk);
		EACH_KERNEL(kernel) assert_alone(&keys, &hs, kernel, 19);
	}
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
		cmocka_unit_test(test_a_flipped_bit_of_the_frame_is_no_match),
		cmocka_unit_test(test_each_length_of_the_ptk),
		cmocka_unit_test(test_ft_of_every_length),
		cmocka_unit_test(test_an_unused_lane_never_matches),
		cmocka_unit_test(test_all_that_match_are_found),
		cmocka_unit_test(test_the_plain_way_leaves_it_to_the_pmk),
		cmocka_unit_test(test_captured_handshakes),
		cmocka_unit_test(test_finish_wipes),
	};

	return cmocka_run_group_tests_name("match/match", tests, load, unload);
}
