/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "key/seal.h"

static mpsk_keyring_t const old = { 1, { { "old", { 1 } } } };
static mpsk_keyring_t const both = { 2, { { "old", { 1 } }, { "new", { 2 } } } };
static mpsk_keyring_t const other = { 1, { { "new", { 3 } } } };
static mpsk_ssid_t const ssid = { 4, "Acme" };
static char const digest[] = "0123456789abcdef";

static wpa_psk_t psk_of(char const *text)
{
	wpa_psk_t psk;

	assert_int_equal(wpa_psk_set(&psk, text, strlen(text), NULL), MPSK_OK);
	return psk;
}

static mpsk_status_t open_psk(mpsk_keyring_t const *keyring, char const *id, char const *sealed, char const *expected,
			      mpsk_error_t *err)
{
	uint8_t out[MPSK_SEAL_PLAIN_MAX];
	size_t len;
	mpsk_status_t status = mpsk_unseal_psk(out, &len, keyring, id, sealed, strlen(sealed), err);

	if (status != MPSK_OK) return status;
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(out, expected, len);
	return status;
}

static void test_what_was_sealed_opens(void **state)
{
	static char const longest[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	char sealed[MPSK_SEAL_MAX], again[MPSK_SEAL_MAX];
	wpa_psk_t psk = psk_of("password"), hex = psk_of(longest);
	size_t len = mpsk_seal_psk(sealed, &old, "bob", &psk);

	(void) state;
	assert_int_equal(len, strlen(sealed));
	assert_int_equal(mpsk_seal_psk(again, &old, "bob", &psk), len);
	assert_string_not_equal(sealed, again);
	assert_memory_equal(sealed, "enc1:old:", 9);
	assert_true(mpsk_seal_is(sealed, strlen(sealed)));
	assert_int_equal(open_psk(&old, "bob", sealed, "password", NULL), MPSK_OK);
	assert_int_equal(open_psk(&both, "bob", again, "password", NULL), MPSK_OK);
	assert_true(mpsk_seal_psk(sealed, &both, "bob", &hex) < MPSK_SEAL_MAX);
	assert_memory_equal(sealed, "enc1:new:", 9);
	assert_int_equal(open_psk(&both, "bob", sealed, longest, NULL), MPSK_OK);
}

static void test_it_opens_nowhere_else(void **state)
{
	char sealed[MPSK_SEAL_MAX], pmk_sealed[MPSK_SEAL_MAX];
	mpsk_ssid_t const elsewhere = { 5, "Acme2" };
	wpa_psk_t psk = psk_of("password");
	wpa_pmk_t const pmk = { { 7 } };
	wpa_pmk_t out;
	mpsk_error_t err;

	(void) state;
	assert_true(mpsk_seal_psk(sealed, &both, "bob", &psk) > 0);
	assert_int_equal(open_psk(&both, "carol", sealed, "", &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "sealed for another key"));
	assert_int_equal(open_psk(&other, "bob", sealed, "", &err), MPSK_BAD);
	assert_int_equal(open_psk(&old, "bob", sealed, "", &err), MPSK_MISS);
	assert_string_equal(err.text, "sealed with the key 'new', which the keyring does not hold: add it there");
	assert_int_equal(open_psk(NULL, "bob", sealed, "", &err), MPSK_MISS);
	assert_string_equal(err.text, "sealed with the key 'new', which no keyring is here to hold: name one "
			    "with the option 'keyring'");

	assert_true(mpsk_seal_pmk(pmk_sealed, &both, "bob", &ssid, digest, &pmk) > 0);
#define OPEN_PMK(_id, _ssid, _digest, _value) \
	mpsk_unseal_pmk(&out, &both, _id, _ssid, _digest, _value, strlen(_value), &err)
	assert_int_equal(OPEN_PMK("bob", &ssid, digest, pmk_sealed), MPSK_OK);
	assert_memory_equal(&out, &pmk, sizeof(pmk));
	assert_int_equal(OPEN_PMK("carol", &ssid, digest, pmk_sealed), MPSK_BAD);
	assert_int_equal(OPEN_PMK("bob", &elsewhere, digest, pmk_sealed), MPSK_BAD);
	assert_int_equal(OPEN_PMK("bob", &ssid, "0123456789abcdee", pmk_sealed), MPSK_BAD);
	assert_int_equal(OPEN_PMK("bob", &ssid, digest, sealed), MPSK_BAD);
	assert_int_equal(open_psk(&both, "bob", pmk_sealed, "", &err), MPSK_BAD);
}

static void test_every_changed_character_is_seen(void **state)
{
	char sealed[MPSK_SEAL_MAX], changed[MPSK_SEAL_MAX];
	wpa_psk_t psk = psk_of("a longer passphrase");
	mpsk_error_t err;
	size_t len = mpsk_seal_psk(sealed, &both, "bob", &psk);

	(void) state;
	for (size_t i = 0; i < len; i++) {
		memcpy(changed, sealed, len + 1);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		assert_int_not_equal(open_psk(&both, "bob", changed, "", &err), MPSK_OK);
		memcpy(changed, sealed, len + 1);
		changed[i] = '\0';
		assert_int_not_equal(open_psk(&both, "bob", changed, "", &err), MPSK_OK);
	}
}

static void test_malformed(void **state)
{
	static char const *const wrong[] = {
		"", "enc1", "password", "enc2:new:AAAA", "enc1:", "enc1:new", "enc1:new:", "enc1::AAAA",
		"enc1:new:AAAA",
		"enc1:n w:AAAA", "enc1:abcdefghijklmnopqrstuvwxyz0123456:AAAA", "enc1:new:@@@@",
		/* A nonce and a tag, and nothing between. */
		"enc1:new:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
	};
	mpsk_error_t err;

	(void) state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(open_psk(&both, "bob", wrong[i], "", &err), MPSK_BAD);
	}
	assert_false(mpsk_seal_is("enc1", 4));
	assert_true(mpsk_seal_is("enc1:", 5));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_what_was_sealed_opens),
		cmocka_unit_test(test_it_opens_nowhere_else),
		cmocka_unit_test(test_every_changed_character_is_seen),
		cmocka_unit_test(test_malformed),
	};

	return cmocka_run_group_tests_name("key/seal", tests, NULL, NULL);
}
