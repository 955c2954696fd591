/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy_make.h"

#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static int sae_setup(void **state)
{
	fixture_t *f;

	if (policy_setup(state) != 0) return -1;
	f = *state;
	f->query.by_sae = true;
	f->query.tries_several = true;
	f->policy.config.max_candidates = 8;
	return 0;
}

static void a_known_device_gets_its_passphrase(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", "vlan", "20", NULL));
	put(f, key_make("b", "psk", "psk-of-b-x", "ssid", "One", "macs", "00-00-5e-00-53-02", NULL));
	/* It came on WPA2, and is known by that. */
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
	assert_int_equal(f->outcome.n_others, 0);
	assert_int_equal(f->outcome.vlan, 20);
	assert_false(f->outcome.has_pmk);
	/* Another one is registered. */
	f->query.mac.octets[5] = 2;
	assert_accepted(ask_mac(f), BOUND, "b", "psk-of-b-x");
	assert_int_equal(f->outcome.n_others, 0);
}

static void a_pmk_is_no_passphrase(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", DIGITS, "ssid", "One", NULL));
	known(f, "a", 1);
	f->query.by_sae = false;
	assert_accepted(ask_mac(f), BOUND, "a", DIGITS);
	f->query.by_sae = true;
	f->claims = 0;
	assert_refused(ask_mac(f), NO_PASSPHRASE, "a");
	assert_int_equal(f->claims, 0);
	/* By handshake it is as good as any. */
	assert_accepted(ask_psk(f, DIGITS), MATCHED, "a", DIGITS);
	/* Rules that say more come first. */
	put(f, key_make("a", "psk", DIGITS, "ssid", "One", "enabled", "0", NULL));
	assert_refused(ask_mac(f), DISABLED, "a");
	/* Of two keys that have the device, the one with a passphrase serves. */
	put(f, key_make("a", "psk", DIGITS, "ssid", "One", NULL));
	put(f, key_make("b", "psk", "psk-of-b-x", "ssid", "One", NULL));
	known(f, "b", 1);
	assert_accepted(ask_mac(f), BOUND, "b", "psk-of-b-x");
}

static void nobody_can_tell_of_a_stranger(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_refused(ask_mac(f), SAE_UNKNOWN, "");
	f->query.by_sae = false;
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
}

/* The store knows it no longer: the next way is tried, and there is none. */
static void nor_of_one_that_was_forgotten(void **state)
{
	static mpsk_claim_code_t const codes[] = { MPSK_CLAIM_NODEV, MPSK_CLAIM_NOKEY };
	fixture_t *f = *state;

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
		seen(f, "a", PSK, 1000);
		for (size_t j = 0; j < sizeof(f->codes) / sizeof(f->codes[0]); j++) f->codes[j] = codes[i];
		assert_refused(ask_mac(f), SAE_UNKNOWN, "");
	}
}

static void of_several_none_is_guessed(void **state)
{
	fixture_t *f = *state;

	f->policy.config.unknown = MPSK_UNKNOWN_CANDIDATES;
	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	put(f, key_make("d", "psk", DIGITS, "ssid", "One", NULL));
	/* The only one with a passphrase is no guess. */
	assert_accepted(ask_mac(f), CANDIDATES, "", PSK);
	assert_int_equal(f->outcome.n_others, 0);
	assert_string_equal(f->outcome.name, "a");
	put(f, key_make("b", "psk", "psk-of-b-x", "ssid", "One", NULL));
	assert_refused(ask_mac(f), SAE_UNKNOWN, "");
	assert_detail(&f->outcome, "one of several keys");
	assert_int_equal(f->outcome.n_others, 0);
	f->policy.config.max_candidates = 1;
	assert_refused(ask_mac(f), SAE_UNKNOWN, "");
	f->query.by_sae = false;
	f->policy.config.max_candidates = 8;
	assert_accepted(ask_mac(f), CANDIDATES, "", PSK);
	assert_int_equal(f->outcome.n_others, 2);
}

static void one_for_all_needs_a_passphrase(void **state)
{
	fixture_t *f = *state;

	f->policy.config.unknown = MPSK_UNKNOWN_KEY;
	f->policy.config.unknown_key = "a";
	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_accepted(ask_mac(f), CANDIDATES, "a", PSK);
	put(f, key_make("a", "psk", DIGITS, "ssid", "One", NULL));
	assert_refused(ask_mac(f), NO_PASSPHRASE, "a");
}

int main(void)
{
#define TEST(_name) cmocka_unit_test_setup_teardown(_name, sae_setup, policy_teardown)
	static struct CMUnitTest const tests[] = {
		TEST(a_known_device_gets_its_passphrase),
		TEST(a_pmk_is_no_passphrase),
		TEST(nobody_can_tell_of_a_stranger),
		TEST(nor_of_one_that_was_forgotten),
		TEST(of_several_none_is_guessed),
		TEST(one_for_all_needs_a_passphrase),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
