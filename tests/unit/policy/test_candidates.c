/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy_make.h"

/* A key with a device that was seen so long ago. */
static void used(fixture_t *f, mpsk_key_t *key, int64_t ago)
{
	mpsk_device_t const device = { .mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x99 } }, .last_seen = NOW - ago };
	char id[MPSK_ID_MAX + 1];

	assert_non_null(key);
	strcpy(id, key->id);
	put(f, key);
	assert_int_equal(mpsk_index_devices_put(f->policy.index, id, &device, 1), MPSK_OK);
}

static void several(fixture_t *f, size_t max)
{
	f->policy.config.unknown = MPSK_UNKNOWN_CANDIDATES;
	f->policy.config.max_candidates = max;
	f->query.tries_several = true;
}

static void assert_psk(wpa_psk_t const *psk, char const *text)
{
	assert_int_equal(psk->len, strlen(text));
	assert_memory_equal(psk->octets, text, psk->len);
}

static void the_last_used_are_offered(void **state)
{
	fixture_t *f = *state;

	used(f, key_make("a", "psk", "psk-of-a-x", "ssid", "One", "exp", "1700000500", NULL), 300);
	used(f, key_make("b", "psk", "psk-of-b-x", "ssid", "One", NULL), 100);
	used(f, key_make("c", "psk", "psk-of-c-x", "ssid", "One", NULL), 200);
	put(f, key_make("d", "psk", "psk-of-d-x", "ssid", "One", NULL));
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
	several(f, 3);
	assert_accepted(ask_mac(f), CANDIDATES, "", "psk-of-b-x");
	assert_int_equal(f->outcome.n_others, 2);
	assert_psk(&f->outcome.others[0], "psk-of-c-x");
	assert_psk(&f->outcome.others[1], "psk-of-a-x");
	assert_int_equal(f->outcome.session_timeout, 500);
	assert_string_equal(f->outcome.name, "");
	assert_int_equal(f->claims, 0);
	several(f, 1);
	assert_accepted(ask_mac(f), CANDIDATES, "", "psk-of-b-x");
	assert_int_equal(f->outcome.n_others, 0);
	assert_string_equal(f->outcome.name, "b");
	f->query.tries_several = false;
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
}

static void a_pmk_is_never_the_likeliest(void **state)
{
	static char const digits[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	fixture_t *f = *state;

	several(f, 8);
	used(f, key_make("a", "psk", digits, "ssid", "One", NULL), 10);
	assert_accepted(ask_mac(f), CANDIDATES, "", digits);
	used(f, key_make("b", "psk", "psk-of-b-x", "ssid", "One", NULL), 100);
	assert_accepted(ask_mac(f), CANDIDATES, "", "psk-of-b-x");
	assert_psk(&f->outcome.others[0], digits);
}

static void what_does_not_fit_is_not_offered(void **state)
{
	static char const *const rows[][2] = {
		{ "vlan", "20" }, { "vlan", "guest" }, { "role", "staff" }, { "enabled", "0" }, { "nbf", AFTER_TEXT },
		{ "exp", NOW_TEXT }, { "site", "hq" }, { "max", "1" }, { "usage", "single" }, { "ssid", "Two" },
	};
	fixture_t *f = *state;

	several(f, 8);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		used(f, key_make("a", "psk", PSK, "ssid", "One", rows[i][0], rows[i][1], NULL), 10);
		assert_refused(ask_mac(f), UNKNOWN_MAC, "");
		assert_string_equal(f->outcome.detail, "");
	}
	used(f, key_make("a", "psk", PSK, "ssid", "One", "max", "2", NULL), 10);
	assert_accepted(ask_mac(f), CANDIDATES, "", PSK);
	f->policy.config.default_max = 1;
	used(f, key_make("a", "psk", PSK, "ssid", "One", NULL), 10);
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
}

static void a_known_device_gets_its_own(void **state)
{
	fixture_t *f = *state;

	several(f, 8);
	used(f, key_make("b", "psk", "psk-of-b-x", "ssid", "One", NULL), 10);
	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	known(f, "a", 1);
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
	assert_int_equal(f->outcome.n_others, 0);
	put(f, key_make("a", "psk", PSK, "ssid", "One", "enabled", "0", NULL));
	known(f, "a", 1);
	assert_refused(ask_mac(f), DISABLED, "a");
}

static void one_key_for_all(void **state)
{
	fixture_t *f = *state;

	f->policy.config.unknown = MPSK_UNKNOWN_KEY;
	f->policy.config.unknown_key = "a";
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
	put(f, key_make("a", "psk", PSK, "ssid", "One", "vlan", "20", "name", "Visitors", NULL));
	assert_accepted(ask_mac(f), CANDIDATES, "a", PSK);
	assert_int_equal(f->outcome.vlan, 20);
	assert_string_equal(f->outcome.name, "Visitors");
	assert_int_equal(f->claims, 0);
	put(f, key_make("a", "psk", PSK, "ssid", "One", "exp", NOW_TEXT, NULL));
	assert_refused(ask_mac(f), EXPIRED, "a");
	put(f, key_make("a", "psk", PSK, "ssid", "Two", NULL));
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
}

static void a_pmk_that_is_wanted_comes_from_the_index(void **state)
{
	fixture_t *f = *state;
	wpa_psk_t psk;
	wpa_pmk_t pmk;

	wpa_psk_set(&psk, PSK, strlen(PSK), NULL);
	assert_int_equal(wpa_pmk_derive(&pmk, &psk, &f->query.ssid), MPSK_OK);
	put(f, key_make("a", "psk", PSK, "old_psk", "former-horse", "ssid", "One", NULL));
	known(f, "a", 1);
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
	assert_false(f->outcome.has_pmk);
	f->query.wants_pmk = true;
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
	assert_true(f->outcome.has_pmk);
	assert_memory_equal(&f->outcome.pmk, &pmk, sizeof(pmk));
	/* Not derived yet. */
	assert_int_equal(mpsk_index_put(f->policy.index, key_make("a", "psk", "later-horse", "ssid", "One", NULL)),
			 MPSK_OK);
	assert_accepted(ask_mac(f), BOUND, "a", "later-horse");
	assert_false(f->outcome.has_pmk);
}

int main(void)
{
#define TEST(_name) cmocka_unit_test_setup_teardown(_name, policy_setup, policy_teardown)
	static struct CMUnitTest const tests[] = {
		TEST(the_last_used_are_offered),
		TEST(a_pmk_is_never_the_likeliest),
		TEST(what_does_not_fit_is_not_offered),
		TEST(a_known_device_gets_its_own),
		TEST(one_key_for_all),
		TEST(a_pmk_that_is_wanted_comes_from_the_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
