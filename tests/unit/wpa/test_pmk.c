/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/hex.h"
#include "wpa/pmk.h"
#include "vector.h"

/* IEEE 802.11-2020, annex J.4.2. */
static struct {
	char const	*passphrase;
	char const	*ssid;
	char const	*pmk;
} const published[] = {
	{ "password", "IEEE", "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e" },
	{ "ThisIsAPassword", "ThisIsASSID", "0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ",
	  "becb93866bb8c3832cb777c2f559807c8c59afcb6eae734885001300a981cc62" },
};

static void assert_pmk(wpa_pmk_t const *pmk, char const *hex)
{
	char text[2 * WPA_PMK_LEN + 1];

	mpsk_hex_encode(text, pmk->octets, WPA_PMK_LEN);
	assert_string_equal(text, hex);
}

static void test_published(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		wpa_psk_t psk;
		wpa_pmk_t pmk;
		mpsk_ssid_t ssid;

		mpsk_ssid_set(&ssid, published[i].ssid, strlen(published[i].ssid));
		assert_int_equal(wpa_psk_set(&psk, published[i].passphrase, strlen(published[i].passphrase), NULL),
				 MPSK_OK);
		assert_false(wpa_psk_is_pmk(&psk));
		assert_int_equal(wpa_pmk_derive(&pmk, &psk, &ssid), MPSK_OK);
		assert_pmk(&pmk, published[i].pmk);
	}
}

static void test_captured(void **state)
{
	static vector_t vectors[VECTOR_COUNT];

	(void) state;
	vectors_load(vectors);
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		wpa_psk_t psk;
		wpa_pmk_t pmk;

		assert_int_equal(wpa_psk_set(&psk, vectors[i].passphrase, vectors[i].passphrase_len, NULL), MPSK_OK);
		assert_true(wpa_psk_is_ascii(&psk));
		assert_int_equal(wpa_pmk_derive(&pmk, &psk, &vectors[i].ssid), MPSK_OK);
		assert_memory_equal(&pmk, &vectors[i].pmk, sizeof(pmk));
	}
}

static void test_hex_is_the_pmk_for_every_ssid(void **state)
{
	char const *hex = "F42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12E";
	mpsk_ssid_t ssid;
	wpa_psk_t psk;
	wpa_pmk_t pmk;

	(void) state;
	assert_int_equal(wpa_psk_set(&psk, hex, 64, NULL), MPSK_OK);
	assert_true(wpa_psk_is_pmk(&psk));
	mpsk_ssid_set(&ssid, "another", 7);
	assert_int_equal(wpa_pmk_derive(&pmk, &psk, &ssid), MPSK_OK);
	assert_pmk(&pmk, published[0].pmk);
}

static void test_lengths(void **state)
{
	char text[100];

	(void) state;
	memset(text, 'g', sizeof(text));	/* no hex digit */
	for (size_t len = 0; len < sizeof(text); len++) {
		bool allowed = len >= 8 && len <= 63;
		mpsk_error_t err = { "" };
		wpa_psk_t psk;

		assert_int_equal(wpa_psk_set(&psk, text, len, &err), allowed ? MPSK_OK : MPSK_BAD);
		assert_int_equal(psk.len, allowed ? len : 0);
		assert_int_equal(err.text[0] == '\0', allowed);
		assert_null(strstr(err.text, "gg"));
	}
}

static void test_63_hex_digits_are_a_passphrase(void **state)
{
	char text[64];
	wpa_psk_t psk;

	(void) state;
	memset(text, '0', sizeof(text));
	assert_int_equal(wpa_psk_set(&psk, text, 63, NULL), MPSK_OK);
	assert_false(wpa_psk_is_pmk(&psk));
	text[63] = 'g';
	assert_int_equal(wpa_psk_set(&psk, text, 64, NULL), MPSK_BAD);
}

static void test_ascii(void **state)
{
	wpa_psk_t psk;

	(void) state;
	assert_int_equal(wpa_psk_set(&psk, " ~passphrase", 12, NULL), MPSK_OK);
	assert_true(wpa_psk_is_ascii(&psk));
	assert_int_equal(wpa_psk_set(&psk, "tab\tinside", 10, NULL), MPSK_OK);
	assert_false(wpa_psk_is_ascii(&psk));
	assert_int_equal(wpa_psk_set(&psk, "nul\0inside", 10, NULL), MPSK_OK);
	assert_false(wpa_psk_is_ascii(&psk));
	assert_int_equal(wpa_psk_set(&psk, "caf\xc3\xa9 2026", 10, NULL), MPSK_OK);
	assert_false(wpa_psk_is_ascii(&psk));
	assert_int_equal(wpa_psk_set(&psk, "delete\x7f\x7f", 8, NULL), MPSK_OK);
	assert_false(wpa_psk_is_ascii(&psk));
}

static void test_octets_of_any_value_count(void **state)
{
	wpa_psk_t psk;
	wpa_pmk_t a, b;
	mpsk_ssid_t ssid;

	(void) state;
	mpsk_ssid_set(&ssid, "x\0y\0", 4);
	wpa_psk_set(&psk, "nul\0inside", 10, NULL);
	assert_int_equal(wpa_pmk_derive(&a, &psk, &ssid), MPSK_OK);
	wpa_psk_set(&psk, "nul\0inSide", 10, NULL);
	assert_int_equal(wpa_pmk_derive(&b, &psk, &ssid), MPSK_OK);
	assert_memory_not_equal(&a, &b, sizeof(a));
	wpa_psk_set(&psk, "nul\0inside", 10, NULL);
	mpsk_ssid_set(&ssid, "x\0y", 3);
	assert_int_equal(wpa_pmk_derive(&b, &psk, &ssid), MPSK_OK);
	assert_memory_not_equal(&a, &b, sizeof(a));
	mpsk_ssid_set(&ssid, NULL, 0);
	assert_int_equal(wpa_pmk_derive(&b, &psk, &ssid), MPSK_OK);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_captured),
		cmocka_unit_test(test_hex_is_the_pmk_for_every_ssid),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_63_hex_digits_are_a_passphrase),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_octets_of_any_value_count),
	};

	return cmocka_run_group_tests_name("wpa/pmk", tests, NULL, NULL);
}
