/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "key/fields.h"
#include "key/list.h"
#include "key_make.h"

/* One field beside a good psk; the error's text where it is refused. */
#define ENC1 "enc1:k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static mpsk_status_t parse(mpsk_key_t **key, mpsk_error_t *err, char const *name, char const *value, size_t len)
{
	mpsk_field_t const fields[] = {
		{ .name = "psk", .name_len = 3, .value = "correct-horse", .value_len = 13 },
		{ .name = name, .name_len = strlen(name), .value = value, .value_len = len },
	};

	return mpsk_key_parse(NULL, key, "k", 1, fields, 2, NULL, err);
}

static void good(char const *name, char const *value)
{
	mpsk_error_t err;
	mpsk_key_t *key;

	if (parse(&key, &err, name, value, strlen(value)) != MPSK_OK)
		fail_msg("%s '%s': %s", name, value, err.text);
	talloc_free(key);
}

static void bad(char const *name, char const *value, size_t len)
{
	char prefix[32];
	mpsk_error_t err;
	mpsk_key_t *key;

	if (parse(&key, &err, name, value, len) != MPSK_BAD)
		fail_msg("%s '%s' is taken", name, value);
	assert_null(key);
	snprintf(prefix, sizeof(prefix), "%s: ", name);
	if (strncmp(err.text, prefix, strlen(prefix)) != 0)
		fail_msg("'%s' does not name %s", err.text, name);
}

static void every_row_is_whole(void **state)
{
	(void) state;
	for (mpsk_key_field_t const *row = mpsk_key_fields; row->name; row++) {
		assert_non_null(row->parse);
		assert_non_null(row->help);
		assert_ptr_equal(mpsk_key_field(row->name, strlen(row->name)), row);
		assert_null(mpsk_key_field(row->name, strlen(row->name) - 1));
		good(row->name, strcmp(row->name, "psk") == 0 ? "correct-horse" : "");
	}
	assert_null(mpsk_key_field("", 0));
	assert_null(mpsk_key_field("pskx", 4));
}

static void numbers_are_strict(void **state)
{
	static char const *const names[] = {
		"max", "concurrent", "idle", "nbf", "exp", "old_exp", "old_used", "created", "modified",
		"rotate_every", "rotated"
	};
	static char const *const wrong[] = {
		"inf", "-1", "+1", " 1", "1 ", "1.0", "0x10", "1e3", "1234567890123", "nan", "\xd9\xa1"
	};

	(void) state;
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		good(names[n], "0");
		good(names[n], "999999999999");
		good(names[n], "000000000007");
		for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
			bad(names[n], wrong[i], strlen(wrong[i]));
		bad(names[n], "1\0", 2);
	}
}

static void four_hundred_digits_are_cut_in_the_text(void **state)
{
	char digits[400];
	mpsk_error_t err;
	mpsk_key_t *key;

	(void) state;
	memset(digits, '7', sizeof(digits));
	assert_int_equal(parse(&key, &err, "max", digits, sizeof(digits)), MPSK_BAD);
	assert_string_equal(err.text, "max: '77777777777777777777777777777777...' is not a number of 1 to 12 digits");
}

static void vlans(void **state)
{
	static char const *const wrong[] = { "4095", "65537", "-1", "x y", "10,20", "guest=20" };
	mpsk_key_t *key;

	(void) state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		bad("vlan", wrong[i], strlen(wrong[i]));
	assert_int_equal(parse(&key, NULL, "vlan", "4094", 4), MPSK_OK);
	assert_int_equal(key->vlan, 4094);
	talloc_free(key);
	assert_int_equal(parse(&key, NULL, "vlan", "guest.2", 7), MPSK_OK);
	assert_int_equal(key->vlan, 0);
	assert_string_equal(key->vlan_name, "guest.2");
	talloc_free(key);
	assert_int_equal(parse(&key, NULL, "vlan", "0", 1), MPSK_OK);
	assert_null(key->vlan_name);
	assert_int_equal(key->vlan, 0);
	talloc_free(key);
}

static void texts(void **state)
{
	static char const *const names[] = { "name", "role", "email", "note", "org", "site" };
	char longest[MPSK_NOTE_MAX + 1];

	(void) state;
	memset(longest, 'a', sizeof(longest));
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		size_t max = strcmp(names[n], "note") == 0 ? MPSK_NOTE_MAX : MPSK_NAME_MAX;
		mpsk_key_t *key;

		assert_int_equal(parse(&key, NULL, names[n], longest, max), MPSK_OK);
		talloc_free(key);
		bad(names[n], longest, max + 1);
		good(names[n], "caf\xc3\xa9");
		bad(names[n], "a\nb", 3);
		bad(names[n], "a\x7f", 2);
		bad(names[n], "a\0b", 3);
		bad(names[n], "\x1b", 1);
	}
	good("name", "Bob's phone, 3rd floor");
	bad("org", "two words", 9);
	bad("org", "a/b", 3);
}

static void sites(void **state)
{
	mpsk_key_t *key;

	(void) state;
	bad("site", " , ", 3);
	bad("site", "hq*", 3);
	bad("site", "hq/1", 4);
	assert_int_equal(parse(&key, NULL, "site", "hq, plant  lab", 14), MPSK_OK);
	assert_int_equal(key->n_sites, 3);
	assert_string_equal(key->sites, "hq");
	assert_string_equal(mpsk_key_site_next(key->sites), "plant");
	assert_string_equal(mpsk_key_site_next(mpsk_key_site_next(key->sites)), "lab");
	talloc_free(key);
	assert_int_equal(parse(&key, NULL, "site", "hq *", 4), MPSK_OK);
	assert_null(key->sites);
	assert_int_equal(key->n_sites, 0);
	talloc_free(key);
}

static void too_long_a_list(void **state)
{
	static char list[2 * (MPSK_LIST_MAX + 1)];
	mpsk_key_t *key;

	(void) state;
	for (size_t i = 0; i < sizeof(list); i += 2)
		memcpy(list + i, "a,", 2);
	bad("site", list, sizeof(list));
	for (size_t i = 0; i < sizeof(list); i += 2)
		memcpy(list + i, "*,", 2);
	bad("macs", list, sizeof(list));
	assert_int_equal(parse(&key, NULL, "macs", list, sizeof(list) - 2), MPSK_OK);
	assert_int_equal(key->n_macs, MPSK_LIST_MAX);
	talloc_free(key);
}

static void ssids_are_octets(void **state)
{
	mpsk_key_t *key;

	(void) state;
	assert_int_equal(parse(&key, NULL, "ssid", "a\0b:c ", 6), MPSK_OK);
	assert_false(key->any_ssid);
	assert_int_equal(key->ssid.len, 6);
	assert_memory_equal(key->ssid.octets, "a\0b:c ", 6);
	talloc_free(key);
	assert_int_equal(parse(&key, NULL, "ssid", "*", 1), MPSK_OK);
	assert_true(key->any_ssid);
	talloc_free(key);
	assert_int_equal(parse(&key, NULL, "ssid", "**", 2), MPSK_OK);
	assert_false(key->any_ssid);
	talloc_free(key);
	good("ssid", "0123456789abcdef0123456789abcdef");
	bad("ssid", "0123456789abcdef0123456789abcdefg", 33);
}

static void usages_and_flags(void **state)
{
	(void) state;
	good("usage", "single");
	good("usage", "multi");
	good("usage", "macs");
	bad("usage", "Single", 6);
	bad("usage", "mac", 3);
	good("enabled", "0");
	bad("enabled", "2", 1);
	bad("enabled", "01", 2);
	bad("enabled", "yes", 3);
}

static void macs(void **state)
{
	mpsk_key_t *key;

	(void) state;
	bad("macs", "00-00-5e-00-53", 14);
	bad("macs", "00-00-5e-00-53-01 nonsense", 26);
	assert_int_equal(parse(&key, NULL, "macs", "00-00-5E-00-53-01, 00:00:5e:*", 29), MPSK_OK);
	assert_int_equal(key->n_macs, 2);
	assert_int_equal(key->macs[0].digits, 12);
	assert_int_equal(key->macs[1].digits, 6);
	talloc_free(key);
}

static void psks_never_show(void **state)
{
	mpsk_error_t err;
	mpsk_key_t *key;

	(void) state;
	assert_int_equal(parse(&key, &err, "old_psk", "seCret7", 7), MPSK_BAD);
	assert_null(strstr(err.text, "seCret"));
	assert_int_equal(parse(&key, &err, "psk", ENC1, strlen(ENC1)), MPSK_BAD);
	assert_string_equal(err.text, "psk: sealed with the key 'k1', which no keyring is here to hold: "
			    "name one with the option 'keyring'");
	assert_int_equal(parse(&key, NULL, "psk", "\0\xff\x01 odd but so", 14), MPSK_OK);
	assert_int_equal(key->psk.len, 14);
	talloc_free(key);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(numbers_are_strict),
		cmocka_unit_test(four_hundred_digits_are_cut_in_the_text),
		cmocka_unit_test(vlans),
		cmocka_unit_test(texts),
		cmocka_unit_test(sites),
		cmocka_unit_test(too_long_a_list),
		cmocka_unit_test(ssids_are_octets),
		cmocka_unit_test(usages_and_flags),
		cmocka_unit_test(macs),
		cmocka_unit_test(psks_never_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
