/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "wpa/akm.h"
#include "wpa/handshake.h"
#include "wpa/hmac.h"

static void test_rows(void **state)
{
	static struct {
		wpa_suite_t		suite;
		uint8_t			version;
		size_t			mic_len, kck_len, kek_len;
		wpa_kdf_hash_t const	*hash;
		bool			is_ft;
	} const rows[] = {
		{ WPA_AKM_PSK, 2, 16, 16, 16, NULL, false }, { WPA_AKM_PSK, 1, 16, 16, 16, NULL, false },
		{ WPA_AKM_FT_PSK, 3, 16, 16, 16, &wpa_kdf_sha256, true },
		{ WPA_AKM_PSK_SHA256, 3, 16, 16, 16, &wpa_kdf_sha256, false },
		{ WPA_AKM_FT_PSK_SHA384, 0, 24, 24, 32, &wpa_kdf_sha384, true },
		{ WPA_AKM_PSK_SHA384, 0, 24, 24, 32, &wpa_kdf_sha384, false },
		{ WPA_AKM_WPA1, 2, 16, 16, 16, NULL, false }, { WPA_AKM_WPA1, 1, 16, 16, 16, NULL, false },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		wpa_akm_t const *akm = wpa_akm_find(rows[i].suite, rows[i].version);

		assert_non_null(akm);
		assert_true(akm->suite == rows[i].suite);
		assert_int_equal(akm->version, rows[i].version);
		assert_int_equal(akm->mic_len, rows[i].mic_len);
		assert_int_equal(akm->kck_len, rows[i].kck_len);
		assert_int_equal(akm->kek_len, rows[i].kek_len);
		assert_ptr_equal(akm->hash, rows[i].hash);
		assert_int_equal(akm->is_ft, rows[i].is_ft);
		assert_non_null(akm->name);
	}
}

static void test_no_row_is_null(void **state)
{
	static wpa_suite_t const suites[] = {
		WPA_AKM_PSK, WPA_AKM_FT_PSK, WPA_AKM_PSK_SHA256, WPA_AKM_FT_PSK_SHA384, WPA_AKM_PSK_SHA384,
		WPA_AKM_WPA1,
	};
	size_t n = 0;

	(void) state;
	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
		for (int v = 0; v < 256; v++) n += wpa_akm_find(suites[i], (uint8_t) v) != NULL;
	}
	assert_int_equal(n, 8);
	assert_null(wpa_akm_find(WPA_AKM_PSK, 0));
	assert_null(wpa_akm_find(WPA_AKM_PSK, 3));
	assert_null(wpa_akm_find(0x000fac01, 2));
	assert_null(wpa_akm_find(0x000fac08, 0));
	assert_null(wpa_akm_find(0, 0));
}

/* IEEE 802.11-2020, table 9-151: which of the suites of 00-0F-AC are SAE's. */
static void test_suites_of_sae(void **state)
{
	size_t n = 0;

	(void) state;
	for (wpa_suite_t type = 0; type < 256; type++) {
		bool is_one = type == 8 || type == 9 || type == 24 || type == 25;

		assert_int_equal(wpa_akm_sae_name(0x000fac00 | type) != NULL, is_one);
		assert_null(wpa_akm_sae_name(0x0050f200 | type));
		/* What has a row here is told by its handshake. */
		for (int v = 0; v < 256; v++) n += is_one && wpa_akm_find(0x000fac00 | type, (uint8_t) v) != NULL;
	}
	assert_int_equal(n, 0);
	assert_string_equal(wpa_akm_sae_name(WPA_AKM_SAE), "SAE");
	assert_string_equal(wpa_akm_sae_name(WPA_AKM_FT_SAE_EXT), "FT-SAE-EXT-KEY");
}

static void test_suite_print(void **state)
{
	char out[WPA_SUITE_TEXT_MAX];

	(void) state;
	assert_ptr_equal(wpa_suite_print(out, 0x000fac04), out);
	assert_string_equal(out, "00-0F-AC:4");
	assert_string_equal(wpa_suite_print(out, 0xffffffff), "FF-FF-FF:255");
}

static void test_what_no_row_fills_is_zero(void **state)
{
	wpa_akm_t const *akm = wpa_akm_find(WPA_AKM_PSK, 2);
	uint8_t kck[WPA_KCK_MAX], mic[WPA_MIC_MAX], zero[WPA_KCK_MAX] = { 0 };

	(void) state;
	memset(kck, 0xa5, sizeof(kck));
	memset(mic, 0xa5, sizeof(mic));
	assert_int_equal(akm->kck(kck, &(wpa_pmk_t) { { 1 } }, &(wpa_handshake_t) { 0 }, 0), MPSK_OK);
	assert_memory_not_equal(kck, zero, 16);
	assert_memory_equal(kck + 16, zero, sizeof(kck) - 16);
	assert_int_equal(akm->mic(mic, kck, zero, 1), MPSK_OK);
	assert_memory_not_equal(mic, zero, 16);
	assert_memory_equal(mic + 16, zero, sizeof(mic) - 16);
}

/* RFC 2202, test cases 1 of HMAC-MD5 and HMAC-SHA1, in one part and in two. */
static void test_hmac(void **state)
{
	wpa_part_t const whole[] = { { "Hi There", 8 } }, split[] = { { "Hi ", 3 }, { "There", 5 } };
	uint8_t key[20], out[WPA_HMAC_MAX], zero[WPA_HMAC_MAX] = { 0 };

	(void) state;
	memset(key, 0x0b, sizeof(key));
	assert_int_equal(wpa_hmac(out, "MD5", key, 16, whole, 1), MPSK_OK);
	assert_memory_equal(out, "\x92\x94\x72\x7a\x36\x38\xbb\x1c\x13\xf4\x8e\xf8\x15\x8b\xfc\x9d", 16);
	assert_int_equal(wpa_hmac(out, "SHA1", key, 20, split, 2), MPSK_OK);
	assert_memory_equal(out, "\xb6\x17\x31\x86\x55\x05\x72\x64\xe2\x8b\xc0\xb6\xfb\x37\x8c\x8e\xf1\x46\xbe\x00",
			    20);
	assert_int_equal(wpa_hmac(out, "no such digest", key, 20, split, 2), MPSK_ERR);
	assert_memory_equal(out, zero, sizeof(zero));
}

/* RFC 4231, test case 1: SHA-384 has blocks of twice the length. */
static void test_hmac_sha2(void **state)
{
	wpa_part_t const message = { "Hi There", 8 };
	uint8_t key[20], out[WPA_HMAC_MAX];

	(void) state;
	memset(key, 0x0b, sizeof(key));
	assert_int_equal(wpa_hmac(out, "SHA256", key, 20, &message, 1), MPSK_OK);
	assert_memory_equal(out, "\xb0\x34\x4c\x61\xd8\xdb\x38\x53\x5c\xa8\xaf\xce\xaf\x0b\xf1\x2b"
			    "\x88\x1d\xc2\x00\xc9\x83\x3d\xa7\x26\xe9\x37\x6c\x2e\x32\xcf\xf7", 32);
	assert_int_equal(wpa_hmac(out, "SHA384", key, 20, &message, 1), MPSK_OK);
	assert_memory_equal(out, "\xaf\xd0\x39\x44\xd8\x48\x95\x62\x6b\x08\x25\xf4\xab\x46\x90\x7f"
			    "\x15\xf9\xda\xdb\xe4\x10\x1e\xc6\x82\xaa\x03\x4c\x7c\xeb\xc5\x9c"
			    "\xfa\xea\x9e\xa9\x07\x6e\xde\x7f\x4a\xf1\x52\xe8\xb2\xfa\x9c\xb6", 48);
}

/* RFC 2202, test cases 6: a key that is longer than a block. */
static void test_hmac_long_key(void **state)
{
	char const text[] = "Test Using Larger Than Block-Size Key - Hash Key First";
	wpa_part_t const message = { text, sizeof(text) - 1 };
	uint8_t key[80], out[WPA_HMAC_MAX];

	(void) state;
	memset(key, 0xaa, sizeof(key));
	assert_int_equal(wpa_hmac(out, "MD5", key, 80, &message, 1), MPSK_OK);
	assert_memory_equal(out, "\x6b\x1a\xb7\xfe\x4b\xd7\xbf\x8f\x0b\x62\xe6\xce\x61\xb9\xd0\xcd", 16);
	assert_int_equal(wpa_hmac(out, "SHA1", key, 80, &message, 1), MPSK_OK);
	assert_memory_equal(out, "\xaa\x4a\xe5\xe1\x52\x72\xd0\x0e\x95\x70\x56\x37\xce\x8a\x3b\x55"
			    "\xed\x40\x21\x12", 20);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_no_row_is_null),
		cmocka_unit_test(test_suites_of_sae),
		cmocka_unit_test(test_suite_print),
		cmocka_unit_test(test_what_no_row_fills_is_zero),
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_hmac_sha2),
		cmocka_unit_test(test_hmac_long_key),
	};

	return cmocka_run_group_tests_name("wpa/akm", tests, NULL, NULL);
}
