/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "wpa/handshake.h"
#include "vector_rig.h"

#define MUTATIONS 200000

static void test_captured(void **state)
{
	(void) state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		vector_t const *v = &vectors[i];
		mpsk_error_t err = { "" };
		wpa_handshake_t hs;

		if (vector_handshake(&hs, v, &err) != MPSK_OK) fail_msg("%s: %s", v->name, err.text);
		assert_true(hs.suite == (strcmp(v->name, "wpa1-tkip") ? v->akm : WPA_AKM_WPA1));
		assert_int_equal(hs.version, v->frame[6] & 7);
		assert_non_null(hs.akm);
		assert_int_equal(hs.n_ptk, 1);
		assert_false(hs.is_mlo);
		if (!wpa_handshake_verify(&hs, &v->pmk)) fail_msg("%s does not match", v->name);
	}
}

static void test_wrong_key(void **state)
{
	(void) state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		wpa_handshake_t hs;
		wpa_pmk_t pmk = vectors[i].pmk;

		assert_int_equal(vector_handshake(&hs, &vectors[i], NULL), MPSK_OK);
		for (size_t bit = 0; bit < 8 * sizeof(pmk); bit++) {
			pmk.octets[bit / 8] ^= (uint8_t) (1 << bit % 8);
			assert_false(wpa_handshake_verify(&hs, &pmk));
			pmk.octets[bit / 8] ^= (uint8_t) (1 << bit % 8);
		}
	}
}

/* Flip every bit of len octets within v and expect that the key no longer verifies. */
static void every_bit_counts(vector_t *v, uint8_t *octets, size_t len)
{
	for (size_t bit = 0; bit < 8 * len; bit++) {
		mpsk_error_t err = { "" };
		wpa_handshake_t hs;
		mpsk_status_t status;

		octets[bit / 8] ^= (uint8_t) (1 << bit % 8);
		status = vector_handshake(&hs, v, &err);
		assert_int_equal(status == MPSK_OK, err.text[0] == '\0');
		assert_false(wpa_handshake_verify(&hs, &v->pmk));
		octets[bit / 8] ^= (uint8_t) (1 << bit % 8);
	}
}

static void test_every_bit_counts(void **state)
{
	(void) state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		vector_t *v = &vectors[i];

		every_bit_counts(v, v->bssid.octets, sizeof(v->bssid));
		every_bit_counts(v, v->sta.octets, sizeof(v->sta));
		every_bit_counts(v, v->anonce, sizeof(v->anonce));
		every_bit_counts(v, v->frame, v->frame_len);
	}
}

static void test_anonce_length(void **state)
{
	vector_t const *v = &vectors[0];
	uint8_t anonce[64] = { 0 };

	(void) state;
	for (size_t len = 0; len <= sizeof(anonce); len++) {
		mpsk_error_t err = { "" };
		wpa_handshake_t hs;

		if (len == WPA_NONCE_LEN) continue;
		assert_int_equal(wpa_handshake_set(&hs, &(wpa_relayed_t) {
			.aa = v->bssid, .spa = v->sta, .ssid = v->ssid, .anonce = anonce, .anonce_len = len,
			.frame = v->frame, .frame_len = v->frame_len }, &err), MPSK_BAD);
		assert_non_null(strstr(err.text, "ANonce"));
	}
}

static void test_malformed_comes_before_unsupported(void **state)
{
	vector_t v = *vector_find(vectors, "wpa2-akm6-mfp1");
	mpsk_error_t err = { "" };
	wpa_handshake_t hs;

	(void) state;
	v.frame[5] |= 0x02;	/* secure */
	assert_int_equal(vector_handshake(&hs, &v, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "secure"));
}

static void test_version_without_a_row(void **state)
{
	vector_t v = *vector_find(vectors, "wpa2-ccmp-min");
	mpsk_error_t err = { "" };
	wpa_handshake_t hs;

	(void) state;
	v.frame[6] = (uint8_t) ((v.frame[6] & 0xf8) | 3);
	assert_int_equal(vector_handshake(&hs, &v, &err), MPSK_MISS);
	assert_string_equal(err.text, "AKM 00-0F-AC:2 (key descriptor version 3) is not supported");
	assert_true(hs.suite == WPA_AKM_PSK);
	assert_int_equal(hs.version, 3);
	assert_null(hs.akm);
}

/* A capture that others have published: a message 2 with an 802.1X version of 2. */
static void test_public_capture(void **state)
{
	static char const m2[] =
		"0203007502010a00100000000000000001c3bb319516614aacfb44e933bf1671131fb1856e5b2721952d414ce3f5aa312b"
		"000000000000000000000000000000000000000000000000000000000000000035cddcedad0dfb6a12a2eca55c17c323"
		"001630140100000fac040100000fac040100000fac028c00";
	static char const anonce[] = "4df70a4285c5c61f177cdbfc29d7e3cac94167f6101f1bcab420dd50c4f8809d";
	static char const pmk_hex[] = "44a4f34b6270fccb7dffa8c9e610e3b80f021c8165bcf53c99c3f818167982ab";
	vector_t v = { .frame_len = 121 };
	wpa_handshake_t hs;
	wpa_pmk_t pmk;
	wpa_psk_t psk;

	(void) state;
	assert_true(mpsk_hex_decode(v.frame, v.frame_len, m2, strlen(m2)));
	assert_true(mpsk_hex_decode(v.anonce, sizeof(v.anonce), anonce, strlen(anonce)));
	assert_true(mpsk_hex_decode(v.pmk.octets, WPA_PMK_LEN, pmk_hex, strlen(pmk_hex)));
	assert_true(mpsk_mac_parse(&v.bssid, "34efb6af489e", 12));
	assert_true(mpsk_mac_parse(&v.sta, "8ab3a0ebd5e5", 12));
	assert_true(mpsk_ssid_set(&v.ssid, "Andrena_39_Lincoln", 18));

	assert_int_equal(wpa_psk_set(&psk, "Pancakes1124", 12, NULL), MPSK_OK);
	assert_int_equal(wpa_pmk_derive(&pmk, &psk, &v.ssid), MPSK_OK);
	assert_memory_equal(&pmk, &v.pmk, sizeof(pmk));
	assert_int_equal(vector_handshake(&hs, &v, NULL), MPSK_OK);
	assert_true(wpa_handshake_verify(&hs, &pmk));
	every_bit_counts(&v, v.frame, v.frame_len);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Change, cut or lengthen at random; never a crash, and never a match without the frame that was signed. */
static void test_random_mutations(void **state)
{
	uint32_t seed = 0x6d70736b;
	size_t taken = 0, refused = 0;

	(void) state;
	for (unsigned i = 0; i < MUTATIONS; i++) {
		vector_t const *v = &vectors[next_random(&seed) % VECTOR_COUNT];
		size_t len = v->frame_len + next_random(&seed) % 4 - next_random(&seed) % 4;
		uint8_t *frame = calloc(1, len);
		wpa_handshake_t hs;
		mpsk_status_t status;

		assert_non_null(frame);
		memcpy(frame, v->frame, len < v->frame_len ? len : v->frame_len);
		frame[3] = (uint8_t) (len - 4);
		for (unsigned n = next_random(&seed) % 4; n; n--) {
			frame[95 + next_random(&seed) % (len - 95)] = (uint8_t) next_random(&seed);
		}
		status = wpa_handshake_set(&hs, &(wpa_relayed_t) {
			.aa = v->bssid, .spa = v->sta, .ssid = v->ssid, .anonce = v->anonce,
			.anonce_len = WPA_NONCE_LEN, .frame = frame, .frame_len = len }, NULL);
		assert_true(status == MPSK_OK || status == MPSK_MISS || status == MPSK_BAD);
		if (status == MPSK_OK && i % 16 == 0) {
			bool same = len == v->frame_len && memcmp(frame, v->frame, len) == 0;

			assert_int_equal(wpa_handshake_verify(&hs, &v->pmk), same);
		}
		if (status == MPSK_BAD) refused++;
		else taken++;
		free(frame);
	}
	assert_true(taken > MUTATIONS / 100);
	assert_true(refused > MUTATIONS / 100);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_captured),
		cmocka_unit_test(test_wrong_key),
		cmocka_unit_test(test_every_bit_counts),
		cmocka_unit_test(test_anonce_length),
		cmocka_unit_test(test_malformed_comes_before_unsupported),
		cmocka_unit_test(test_version_without_a_row),
		cmocka_unit_test(test_public_capture),
		cmocka_unit_test(test_random_mutations),
	};

	return cmocka_run_group_tests_name("wpa/handshake", tests, vectors_setup, NULL);
}
