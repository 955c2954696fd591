/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/hex.h"
#include "key/pmk_field.h"
#include "key_make.h"

#define PSK	"correct-horse"
#define HEX_LC	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define HEX_UC	"00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"

static void check(mpsk_key_t *a, mpsk_key_t *b, bool collides)
{
	assert_non_null(a);
	assert_non_null(b);
	assert_int_equal(mpsk_key_collides(a, b), collides);
	assert_int_equal(mpsk_key_collides(b, a), collides);
	talloc_free(a);
	talloc_free(b);
}

static void the_same_psk_does(void **state)
{
	(void) state;
	check(key_make("a", "psk", PSK, NULL), key_make("b", "psk", PSK, NULL), true);
	check(key_make("a", "psk", PSK, NULL), key_make("b", "psk", "Correct-horse", NULL), false);
	check(key_make("a", "psk", PSK, NULL), key_make("b", "psk", PSK "s", NULL), false);
	check(key_make("a", "psk", PSK, NULL), key_make("a", "psk", PSK, NULL), false);
	check(key_make("a", "psk", PSK, "usage", "single", NULL),
	      key_make("b", "psk", PSK, "enabled", "0", NULL), true);
}

static void an_old_psk_does(void **state)
{
	(void) state;
	check(key_make("a", "psk", PSK, NULL), key_make("b", "psk", "something-new", "old_psk", PSK, NULL), true);
	check(key_make("a", "psk", "something-else", "old_psk", PSK, NULL),
	      key_make("b", "psk", "something-new", "old_psk", PSK, NULL), true);
	check(key_make("a", "psk", "something-else", NULL), key_make("b", "psk", "something-new", NULL), false);
}

static void only_where_they_meet(void **state)
{
	static struct {
		char const	*field, *a, *b;
		bool		collides;
	} const rows[] = {
		{ "ssid", "One", "One", true },
		{ "ssid", "One", "Two", false },
		{ "ssid", "One", "*", true },
		{ "ssid", "*", "", true },
		{ "site", "hq", "hq", true },
		{ "site", "hq", "plant", false },
		{ "site", "hq,lab", "plant lab", true },
		{ "site", "hq", "*", true },
		{ "org", "acme", "acme", true },
		{ "org", "acme", "example", false },
		{ "org", "acme", "", true },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(key_make("a", "psk", PSK, rows[i].field, rows[i].a, NULL),
		      key_make("b", "psk", PSK, rows[i].field, rows[i].b, NULL), rows[i].collides);
}

static void hex_digits_do_in_either_case(void **state)
{
	(void) state;
	check(key_make("a", "psk", HEX_LC, NULL), key_make("b", "psk", HEX_UC, NULL), true);
	check(key_make("a", "psk", HEX_LC, NULL), key_make("b", "psk", PSK, "old_psk", HEX_UC, NULL), true);
}

/* The passphrase's PMK has to have come with its record: nothing is derived to find out. */
static void hex_digits_do_with_the_passphrase_behind(void **state)
{
	char fingerprint[MPSK_FINGERPRINT_LEN + 1], value[MPSK_PMK_VALUE_LEN + 1];
	wpa_pmk_t pmk;

	(void) state;
	assert_true(mpsk_hex_decode(pmk.octets, WPA_PMK_LEN, HEX_LC, 2 * WPA_PMK_LEN));
	mpsk_key_fingerprint(fingerprint, PSK, strlen(PSK));
	mpsk_pmk_field_print(value, fingerprint, &pmk);
	check(key_make("a", "psk", PSK, "ssid", "One", "pmk:One", value, NULL),
	      key_make("b", "psk", HEX_UC, NULL), true);
	check(key_make("a", "psk", PSK, "pmk:One", value, NULL),
	      key_make("b", "psk", HEX_UC, "ssid", "Two", NULL), false);
	check(key_make("a", "psk", PSK, "ssid", "Two", "pmk:One", value, NULL),
	      key_make("b", "psk", HEX_UC, NULL), false);
	check(key_make("a", "psk", PSK, "ssid", "One", NULL), key_make("b", "psk", HEX_UC, NULL), false);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(the_same_psk_does),
		cmocka_unit_test(an_old_psk_does),
		cmocka_unit_test(only_where_they_meet),
		cmocka_unit_test(hex_digits_do_in_either_case),
		cmocka_unit_test(hex_digits_do_with_the_passphrase_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
