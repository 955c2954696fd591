/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "m2_own.h"
#include "wpa/cipher.h"

#define EACH_AKM(_akm) for (own_akm_t const *_akm = own_akms; _akm < own_akms + OWN_AKM_COUNT; _akm++)

static struct {
	wpa_suite_t	suite;
	unsigned	tk_bits;
} const ciphers[] = {
	{ WPA_CIPHER_TKIP, 256 }, { WPA_CIPHER_CCMP, 128 }, { WPA_CIPHER_GCMP, 128 }, { WPA_CIPHER_GCMP_256, 256 },
	{ WPA_CIPHER_CCMP_256, 256 },
};
#define N_CIPHERS (sizeof(ciphers) / sizeof(ciphers[0]))

static bool matches(own_station_t const *station, wpa_handshake_t *hs)
{
	own_frame_t frame;
	mpsk_error_t err = { "" };

	own_frame_make(&frame, station);
	if (own_handshake(hs, &frame, &err) != MPSK_OK) fail_msg("AKM %08x: %s", station->akm->suite, err.text);
	return wpa_handshake_verify(hs, &own_pmk);
}

static void test_every_length(void **state)
{
	(void) state;
	EACH_AKM(akm) {
		unsigned kck_kek = akm->sha == 384 ? 448 : 256;

		for (size_t i = 0; i < 4 * N_CIPHERS; i++) {
			own_station_t const station = {
				.akm = akm, .cipher = ciphers[i / 4].suite, .tk_bits = ciphers[i / 4].tk_bits,
				.offers_ltf = i & 1, .has_kdk = i & 2,
			};
			/* A KDK is only tried where it is offered, and SHA-1's PTK is the same with it. */
			bool right = !station.has_kdk || station.offers_ltf || akm->sha == 1;
			wpa_handshake_t hs;

			assert_int_equal(matches(&station, &hs), right);
			assert_int_equal(hs.akm->mic_len, akm->sha == 384 ? 24 : 16);
			assert_int_equal(hs.n_ptk, akm->sha != 1 && station.offers_ltf ? 2 : 1);
			if (akm->sha == 1) continue;
			assert_int_equal(hs.ptk_bits[0], kck_kek + station.tk_bits);
			if (hs.n_ptk == 2) assert_int_equal(hs.ptk_bits[1], hs.ptk_bits[0] + 256);
		}
	}
}

static void test_every_bit_counts(void **state)
{
	(void) state;
	EACH_AKM(akm) {
		own_station_t const station = {
			.akm = akm, .cipher = WPA_CIPHER_CCMP, .tk_bits = 128, .offers_ltf = true, .has_kdk = true,
		};
		wpa_pmk_t pmk = own_pmk;
		own_frame_t frame;
		wpa_handshake_t hs;

		own_frame_make(&frame, &station);
		assert_int_equal(own_handshake(&hs, &frame, NULL), MPSK_OK);
		for (size_t bit = 0; bit < 8 * sizeof(pmk); bit++) {
			pmk.octets[bit / 8] ^= (uint8_t) (1 << bit % 8);
			assert_false(wpa_handshake_verify(&hs, &pmk));
			pmk.octets[bit / 8] ^= (uint8_t) (1 << bit % 8);
		}
		for (size_t bit = 0; bit < 8 * frame.len; bit++) {
			mpsk_error_t err = { "" };
			mpsk_status_t status;

			frame.octets[bit / 8] ^= (uint8_t) (1 << bit % 8);
			status = own_handshake(&hs, &frame, &err);
			assert_int_equal(status == MPSK_OK, err.text[0] == '\0');
			assert_false(wpa_handshake_verify(&hs, &own_pmk));
			frame.octets[bit / 8] ^= (uint8_t) (1 << bit % 8);
		}
		assert_int_equal(own_handshake(&hs, &frame, NULL), MPSK_OK);
		assert_true(wpa_handshake_verify(&hs, &own_pmk));
	}
}

/* Cut anywhere, with lengths that fit what is left and with those that were. */
static void test_truncated(void **state)
{
	(void) state;
	EACH_AKM(akm) {
		own_station_t const station = {
			.akm = akm, .cipher = WPA_CIPHER_CCMP, .tk_bits = 128, .offers_ltf = true, .has_mld = true,
		};
		size_t tail = 83 + (akm->sha == 384 ? 24 : 16);
		own_frame_t whole;

		own_frame_make(&whole, &station);
		for (size_t len = 0; len < whole.len; len++) {
			uint8_t *octets = malloc(len ? len : 1);
			own_frame_t cut = { .len = len };
			wpa_handshake_t hs;
			mpsk_error_t err = { "" };

			assert_non_null(octets);
			memcpy(cut.octets, whole.octets, len);
			assert_int_equal(own_handshake(&hs, &cut, &err), MPSK_BAD);
			assert_true(err.text[0] != '\0');
			if (len >= tail) {
				cut.octets[2] = (uint8_t) ((len - 4) >> 8);
				cut.octets[3] = (uint8_t) (len - 4);
				cut.octets[tail - 2] = (uint8_t) ((len - tail) >> 8);
				cut.octets[tail - 1] = (uint8_t) (len - tail);
			}
			memcpy(octets, cut.octets, len);
			wpa_handshake_set(&hs, &(wpa_relayed_t) {
				.aa = own_aa, .spa = own_spa, .ssid = own_ssid, .anonce = own_anonce,
				.anonce_len = WPA_NONCE_LEN, .frame = octets, .frame_len = len }, NULL);
			assert_false(wpa_handshake_verify(&hs, &own_pmk));
			free(octets);
		}
	}
}

/* What stations put behind the elements that count. */
static void test_extras(void **state)
{
	static char const *const extras[] = {
		"dd07" "000fac0d" "510100", "dd05" "506f9a2c" "01", "dd", "dd000000000000", "f202ffff",
	};

	(void) state;
	EACH_AKM(akm) {
		for (size_t i = 0; i < sizeof(extras) / sizeof(extras[0]); i++) {
			own_station_t const station = {
				.akm = akm, .cipher = WPA_CIPHER_CCMP, .tk_bits = 128, .extra = extras[i],
			};
			wpa_handshake_t hs;

			assert_true(matches(&station, &hs));
			assert_false(hs.is_mlo);
		}
	}
}

static void test_multi_link(void **state)
{
	(void) state;
	EACH_AKM(akm) {
		own_station_t station = { .akm = akm, .cipher = WPA_CIPHER_CCMP, .tk_bits = 128, .has_mld = true };
		wpa_handshake_t hs;

		assert_true(matches(&station, &hs));
		assert_true(hs.is_mlo);
		assert_memory_equal(&hs.context.spa, &own_mld, sizeof(own_mld));

		station.has_mld = false;
		station.extra = "dd0b" "000fac13" "00" "00005e005301";
		assert_true(matches(&station, &hs));
		assert_true(hs.is_mlo);
		assert_memory_equal(&hs.context.spa, &own_spa, sizeof(own_spa));
	}
}

/* The MIC is right and PMKR1Name is not: no station sends that, and a scan by the name must agree with the rest. */
static void test_ft_needs_its_name(void **state)
{
	(void) state;
	EACH_AKM(akm) {
		own_station_t const station = {
			.akm = akm, .cipher = WPA_CIPHER_CCMP, .tk_bits = 128, .wrong_name = true,
		};
		uint8_t mic[WPA_MIC_MAX];
		wpa_handshake_t hs;

		if (!akm->is_ft) continue;
		assert_false(matches(&station, &hs));
		assert_int_equal(wpa_handshake_mic(mic, &hs, &own_pmk, 0), MPSK_OK);
		assert_memory_equal(mic, hs.mic, hs.akm->mic_len);
	}
}

static void test_ft_hashes_the_ssid(void **state)
{
	own_station_t const station = { .akm = &own_akms[3], .cipher = WPA_CIPHER_CCMP, .tk_bits = 128 };
	wpa_handshake_t hs;

	(void) state;
	assert_true(matches(&station, &hs));
	hs.ft.ssid.octets[0] ^= 1;
	assert_false(wpa_handshake_verify(&hs, &own_pmk));
}

static void test_unknown_ciphers(void **state)
{
	(void) state;
	EACH_AKM(akm) {
		own_station_t const station = { .akm = akm, .cipher = 0x000fac00, .tk_bits = 128 };
		mpsk_error_t err = { "" };
		own_frame_t frame;
		wpa_handshake_t hs;

		own_frame_make(&frame, &station);
		if (akm->sha == 1) {	/* which hashes no length: so it need not be known */
			assert_true(matches(&station, &hs));
			continue;
		}
		assert_int_equal(own_handshake(&hs, &frame, &err), MPSK_MISS);
		assert_string_equal(err.text, "pairwise cipher 00-0F-AC:0 is not supported");
		assert_true(hs.suite == akm->suite);
		assert_null(hs.akm);
	}
}

/*
 * Version 0: where the key data length of a frame with the shorter MIC would
 * stand, the longer one has octets 16 and 17. Those that fit by chance, or
 * because somebody chose them, mislead nobody.
 */
static void test_both_lengths_fit(void **state)
{
	own_station_t station = { .akm = &own_akms[4], .cipher = WPA_CIPHER_GCMP_256, .tk_bits = 256 };
	mpsk_error_t err = { "" };
	own_frame_t frame;
	wpa_handshake_t hs;
	bool found = false;

	(void) state;
	for (unsigned tries = 0; !found && tries < 8 * 65536; tries++) {
		station.nonce = (uint16_t) tries;
		station.cipher = ciphers[tries >> 16 & 3].suite;
		station.tk_bits = ciphers[tries >> 16 & 3].tk_bits;
		station.offers_ltf = tries >> 18;
		own_frame_make(&frame, &station);
		found = (frame.octets[97] << 8 | frame.octets[98]) == (int) frame.len - 99;
	}
	assert_true(found);
	assert_int_equal(own_handshake(&hs, &frame, &err), MPSK_OK);
	assert_true(wpa_handshake_verify(&hs, &own_pmk));

	/* An element that begins in the MIC and ends before the RSNE: the one that both lengths then find. */
	memcpy(frame.octets + 99, "\xdd\x06", 2);
	assert_int_equal(own_handshake(&hs, &frame, &err), MPSK_OK);
	assert_int_equal(hs.akm->mic_len, 24);
	assert_false(wpa_handshake_verify(&hs, &own_pmk));
}

/* A MIC of 16 octets, and an AKM that has 24; and one that is not supported, with either. */
static void test_neither_length_fits(void **state)
{
	own_akm_t const short_mic = { 0x000fac14, 0, 384, OWN_CMAC, false };
	own_akm_t const sae = { 0x000fac08, 0, 256, OWN_CMAC, false };
	own_akm_t const sae_long = { 0x000fac08, 0, 384, OWN_HMAC_SHA384, false };
	own_station_t station = { .akm = &short_mic, .cipher = WPA_CIPHER_CCMP, .tk_bits = 128 };
	mpsk_error_t err = { "" };
	own_frame_t frame;
	wpa_handshake_t hs;

	(void) state;
	own_frame_make(&frame, &station);
	assert_int_equal(own_handshake(&hs, &frame, &err), MPSK_BAD);
	assert_string_equal(err.text, "EAPOL-Key: the MIC has 16 octets, that of AKM 00-0F-AC:20 has 24");
	for (size_t i = 0; i < 2; i++) {
		station.akm = i ? &sae_long : &sae;
		own_frame_make(&frame, &station);
		assert_int_equal(own_handshake(&hs, &frame, &err), MPSK_MISS);
		assert_string_equal(err.text, "AKM 00-0F-AC:8 is SAE, whose handshake does not tell the passphrase: "
				    "the access point has to ask by MAC");
		assert_true(hs.suite == 0x000fac08);
	}
	/* The longer fits, and its RSNE is broken: that is what is told. */
	station.akm = &own_akms[4];
	own_frame_make(&frame, &station);
	frame.octets[109] = 2;
	assert_int_equal(own_handshake(&hs, &frame, &err), MPSK_BAD);
	assert_string_equal(err.text, "RSNE: its version is 2, not 1");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_every_bit_counts),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_extras),
		cmocka_unit_test(test_multi_link),
		cmocka_unit_test(test_ft_needs_its_name),
		cmocka_unit_test(test_ft_hashes_the_ssid),
		cmocka_unit_test(test_unknown_ciphers),
		cmocka_unit_test(test_both_lengths_fit),
		cmocka_unit_test(test_neither_length_fits),
	};

	return cmocka_run_group_tests_name("wpa/every_akm", tests, NULL, NULL);
}
