/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "key/pmk_field.h"
#include "key_make.h"

#define PSK "correct-horse"

static void a_hand_made_key_has_the_defaults(void **state)
{
	mpsk_key_t *key = key_make("bob", "psk", PSK, NULL);

	(void) state;
	assert_non_null(key);
	assert_string_equal(key->id, "bob");
	assert_string_equal(key->name, "bob");
	assert_string_equal(key->org, "");
	assert_null(key->role);
	assert_null(key->email);
	assert_null(key->note);
	assert_int_equal(key->psk.len, strlen(PSK));
	assert_memory_equal(key->psk.octets, PSK, strlen(PSK));
	assert_int_equal(key->old_psk.len, 0);
	assert_string_equal(key->old_fingerprint, "");
	assert_true(key->any_ssid);
	assert_null(key->sites);
	assert_int_equal(key->usage, MPSK_USAGE_MULTI);
	assert_int_equal(key->max, MPSK_LIMIT_DEFAULT);
	assert_int_equal(key->concurrent, MPSK_LIMIT_DEFAULT);
	assert_int_equal(key->idle, MPSK_LIMIT_DEFAULT);
	assert_int_equal(key->vlan, 0);
	assert_true(key->enabled);
	assert_int_equal(key->nbf, 0);
	assert_int_equal(key->exp, 0);
	assert_int_equal(key->n_pmks, 0);
	talloc_free(key);
}

static void a_full_key_is_read(void **state)
{
	mpsk_key_t *key = key_make("bob", "psk", PSK, "org", "acme", "ssid", "Acme", "max", "3", "name", "Bob",
				   "role", "staff", "email", "bob@example.org", "note", "flat 3", "usage", "single",
				   "concurrent", "2", "idle", "86400", "vlan", "20", "enabled", "0", "nbf", "1",
				   "exp", "1900000000", "created", "5", "modified", "6", "old_psk", "battery-staple",
				   "old_exp", "1800000000", "colour", "blue", NULL);

	(void) state;
	assert_non_null(key);
	assert_string_equal(key->name, "Bob");
	assert_string_equal(key->org, "acme");
	assert_string_equal(key->role, "staff");
	assert_string_equal(key->email, "bob@example.org");
	assert_string_equal(key->note, "flat 3");
	assert_int_equal(key->usage, MPSK_USAGE_SINGLE);
	assert_int_equal(key->max, 3);
	assert_int_equal(key->concurrent, 2);
	assert_int_equal(key->idle, 86400);
	assert_int_equal(key->vlan, 20);
	assert_false(key->enabled);
	assert_int_equal(key->nbf, 1);
	assert_int_equal(key->exp, 1900000000);
	assert_int_equal(key->created, 5);
	assert_int_equal(key->modified, 6);
	assert_int_equal(key->old_psk.len, 14);
	assert_int_equal(key->old_exp, 1800000000);
	assert_int_equal(strlen(key->old_fingerprint), MPSK_FINGERPRINT_LEN);
	talloc_free(key);
}

static void what_is_no_key_is_refused(void **state)
{
	static char const *const ids[] = { "", "a b", "a/b", "{a}", "caf\xc3\xa9" };
	mpsk_error_t err;
	mpsk_key_t *key;

	(void) state;
	assert_int_equal(key_parse(&key, &err, "bob", "name", "Bob", NULL), MPSK_BAD);
	assert_int_equal(strncmp(err.text, "psk: absent", 11), 0);
	assert_int_equal(key_parse(&key, &err, "bob", "psk", "", NULL), MPSK_BAD);
	assert_int_equal(strncmp(err.text, "psk: absent", 11), 0);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		assert_int_equal(key_parse(&key, &err, ids[i], "psk", PSK, NULL), MPSK_BAD);
		assert_int_equal(strncmp(err.text, "id: ", 4), 0);
	}
	assert_int_equal(mpsk_key_parse(NULL, &key, "bob", 3, NULL, 0, NULL, NULL), MPSK_BAD);
}

static void the_last_of_two_fields_counts(void **state)
{
	mpsk_key_t *key = key_make("bob", "max", "nonsense", "psk", PSK, "max", "1", "max", "2", NULL);

	(void) state;
	assert_non_null(key);
	assert_int_equal(key->max, 2);
	talloc_free(key);
	assert_null(key_make("bob", "max", "1", "psk", PSK, "max", "nonsense", NULL));
}

/* echo -n correct-horse | sha1sum */
static void fingerprints_are_sha1(void **state)
{
	mpsk_key_t *key = key_make("bob", "psk", PSK, NULL);
	char out[MPSK_FINGERPRINT_LEN + 1];

	(void) state;
	mpsk_key_fingerprint(out, "abc", 3);
	assert_string_equal(out, "a9993e364706816aba3e25717850c26c9cd0d89d");
	mpsk_key_fingerprint(out, PSK, strlen(PSK));
	assert_string_equal(key->fingerprint, out);
	talloc_free(key);
}

static void pmks_come_with_the_record(void **state)
{
	char fingerprint[MPSK_FINGERPRINT_LEN + 1], mine[MPSK_PMK_VALUE_LEN + 1], newer[MPSK_PMK_VALUE_LEN + 1];
	char foreign[MPSK_PMK_VALUE_LEN + 1];
	mpsk_ssid_t ssid;
	mpsk_key_t *key;
	wpa_pmk_t pmk;

	(void) state;
	mpsk_key_fingerprint(fingerprint, PSK, strlen(PSK));
	memset(&pmk, 1, sizeof(pmk));
	mpsk_pmk_field_print(mine, fingerprint, &pmk);
	memset(&pmk, 2, sizeof(pmk));
	mpsk_pmk_field_print(newer, fingerprint, &pmk);
	mpsk_key_fingerprint(fingerprint, "another-psk", 11);
	mpsk_pmk_field_print(foreign, fingerprint, &pmk);

	key = key_make("bob", "pmk:One", mine, "pmk:Two", foreign, "psk", PSK, "pmk:Three", "nonsense", "pmk:", mine,
		       "pmk:One", newer, "pmk:0123456789abcdef0123456789abcdefg", mine, NULL);
	assert_non_null(key);
	assert_true(mpsk_ssid_set(&ssid, "One", 3));
	assert_non_null(mpsk_key_pmk(key, &ssid));
	assert_memory_equal(mpsk_key_pmk(key, &ssid), &pmk, sizeof(pmk));
	assert_true(mpsk_ssid_set(&ssid, "Two", 3));
	assert_null(mpsk_key_pmk(key, &ssid));
	assert_true(mpsk_ssid_set(&ssid, "Three", 5));
	assert_null(mpsk_key_pmk(key, &ssid));
	assert_true(mpsk_ssid_set(&ssid, "", 0));
	assert_non_null(mpsk_key_pmk(key, &ssid));
	assert_int_equal(key->n_pmks, 3);
	talloc_free(key);
}

static void says_where_it_is_good(void **state)
{
	static mpsk_mac_t const mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };
	mpsk_key_t *any = key_make("any", "psk", PSK, NULL);
	mpsk_key_t *one = key_make("one", "psk", PSK, "ssid", "One", "site", "hq,lab", "macs", "00005e*", NULL);
	mpsk_ssid_t ssid, other;

	(void) state;
	assert_true(mpsk_ssid_set(&ssid, "One", 3));
	assert_true(mpsk_ssid_set(&other, "one", 3));
	assert_true(mpsk_key_has_ssid(any, &ssid));
	assert_true(mpsk_key_has_ssid(one, &ssid));
	assert_false(mpsk_key_has_ssid(one, &other));
	assert_true(mpsk_key_has_site(any, NULL));
	assert_true(mpsk_key_has_site(any, "hq"));
	assert_true(mpsk_key_has_site(one, "lab"));
	assert_false(mpsk_key_has_site(one, "plant"));
	assert_false(mpsk_key_has_site(one, ""));
	assert_false(mpsk_key_has_site(one, NULL));
	assert_false(mpsk_key_has_mac(any, &mac));
	assert_true(mpsk_key_has_mac(one, &mac));
	assert_false(mpsk_key_has_whole_mac(one, &mac));
	talloc_free(one);
	one = key_make("one", "psk", PSK, "macs", "00-00-5e-00-53-02,00005e005301", NULL);
	assert_true(mpsk_key_has_whole_mac(one, &mac));
	talloc_free(any);
	talloc_free(one);
}

/*
 * --- Sealed ---
 */
static mpsk_keyring_t const keyring = { 2, { { "k1", { 1 } }, { "k2", { 2 } } } };
static mpsk_keyring_t const first = { 1, { { "k1", { 1 } } } };

static mpsk_field_t field_of(char const *name, char const *value)
{
	return (mpsk_field_t) { name, strlen(name), value, strlen(value) };
}

static void seal(char out[static MPSK_SEAL_MAX], mpsk_keyring_t const *with, char const *id, char const *text)
{
	wpa_psk_t psk;

	assert_int_equal(wpa_psk_set(&psk, text, strlen(text), NULL), MPSK_OK);
	assert_true(mpsk_seal_psk(out, with, id, &psk) > 0);
}

static void test_sealed(void **state)
{
	char sealed[MPSK_SEAL_MAX], old[MPSK_SEAL_MAX], fingerprint[MPSK_FINGERPRINT_LEN + 1];
	mpsk_field_t fields[2];
	mpsk_error_t err = { "" };
	mpsk_key_t *key;

	(void) state;
	seal(sealed, &keyring, "bob", PSK);
	seal(old, &first, "bob", "battery-staple");
	fields[0] = field_of("psk", sealed);
	fields[1] = field_of("old_psk", old);
	assert_int_equal(mpsk_key_parse(NULL, &key, "bob", 3, fields, 2, &keyring, &err), MPSK_OK);
	assert_int_equal(key->psk.len, strlen(PSK));
	assert_memory_equal(key->psk.octets, PSK, strlen(PSK));
	assert_memory_equal(key->old_psk.octets, "battery-staple", 14);
	assert_string_equal(key->sealed_psk, sealed);
	assert_string_equal(key->sealed_old_psk, old);
	mpsk_key_fingerprint(fingerprint, sealed, strlen(sealed));
	assert_string_equal(key->fingerprint, fingerprint);
	mpsk_key_fingerprint(fingerprint, old, strlen(old));
	assert_string_equal(key->old_fingerprint, fingerprint);
	assert_int_equal(key->forms, MPSK_KEY_SEALED_NEWEST | MPSK_KEY_SEALED_BEFORE);
	talloc_free(key);

	/* No keyring, one without that KEK, another key's id. */
	assert_int_equal(mpsk_key_parse(NULL, &key, "bob", 3, fields, 1, NULL, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "psk: sealed with the key 'k2', which no keyring is here to hold"));
	assert_int_equal(mpsk_key_parse(NULL, &key, "bob", 3, fields, 1, &first, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "'k2', which the keyring does not hold"));
	assert_int_equal(mpsk_key_parse(NULL, &key, "eve", 3, fields, 1, &keyring, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "sealed for another key"));
	assert_null(key);
}

static void test_sealed_pmks(void **state)
{
	char sealed[MPSK_SEAL_MAX], value[MPSK_PMK_SEALED_MAX], clear[MPSK_PMK_VALUE_LEN + 1];
	char fingerprint[MPSK_FINGERPRINT_LEN + 1];
	mpsk_ssid_t const ssid = { 4, "Acme" };
	wpa_pmk_t const pmk = { { 1, 2, 3 } };
	mpsk_field_t fields[2];
	mpsk_key_t *key;
	size_t len;

	(void) state;
	seal(sealed, &keyring, "bob", PSK);
	mpsk_key_fingerprint(fingerprint, sealed, strlen(sealed));
	len = mpsk_pmk_field_seal(value, &keyring, "bob", &ssid, fingerprint, &pmk);
	assert_int_equal(len, strlen(value));
	fields[0] = field_of("psk", sealed);
	fields[1] = field_of("pmk:Acme", value);
	assert_int_equal(mpsk_key_parse(NULL, &key, "bob", 3, fields, 2, &keyring, NULL), MPSK_OK);
	assert_memory_equal(mpsk_key_pmk(key, &ssid), &pmk, sizeof(pmk));
	assert_int_equal(key->forms, MPSK_KEY_SEALED_NEWEST);
	talloc_free(key);

	/* Of another SSID, and of another psk: passed over. */
	fields[1].name = "pmk:Ecma";
	assert_int_equal(mpsk_key_parse(NULL, &key, "bob", 3, fields, 2, &keyring, NULL), MPSK_OK);
	assert_int_equal(key->n_pmks, 0);
	talloc_free(key);
	fields[1].name = "pmk:Acme";
	value[0] = value[0] == '0' ? '1' : '0';
	assert_int_equal(mpsk_key_parse(NULL, &key, "bob", 3, fields, 2, &keyring, NULL), MPSK_OK);
	assert_int_equal(key->n_pmks, 0);
	talloc_free(key);

	/* In clear beside a psk that is sealed: taken, and known to be in clear. */
	mpsk_pmk_field_print(clear, fingerprint, &pmk);
	fields[1] = field_of("pmk:Acme", clear);
	assert_int_equal(mpsk_key_parse(NULL, &key, "bob", 3, fields, 2, &keyring, NULL), MPSK_OK);
	assert_memory_equal(mpsk_key_pmk(key, &ssid), &pmk, sizeof(pmk));
	assert_int_equal(key->forms, MPSK_KEY_SEALED_NEWEST | MPSK_KEY_IN_CLEAR);
	talloc_free(key);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(a_hand_made_key_has_the_defaults),
		cmocka_unit_test(a_full_key_is_read),
		cmocka_unit_test(what_is_no_key_is_refused),
		cmocka_unit_test(the_last_of_two_fields_counts),
		cmocka_unit_test(fingerprints_are_sha1),
		cmocka_unit_test(pmks_come_with_the_record),
		cmocka_unit_test(says_where_it_is_good),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_sealed_pmks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
