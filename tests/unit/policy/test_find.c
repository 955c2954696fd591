/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy_make.h"

static void a_wrong_passphrase_matches_nothing(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	put(f, key_make("b", "psk", "other-ssid-psk", "ssid", "Two", NULL));
	assert_refused(ask_psk(f, "wrong-horse"), NO_MATCH, "");
	assert_string_equal(f->outcome.detail, "");
	assert_refused(ask_psk(f, "other-ssid-psk"), NO_MATCH, "");
	known(f, "a", 1);
	assert_refused(ask_psk(f, "wrong-horse"), NO_MATCH, "");
	assert_detail(&f->outcome, "device of key a");
	(void) mpsk_ssid_set(&f->query.ssid, "Six", 3);
	assert_refused(ask_psk(f, PSK), NO_MATCH, "");
	assert_detail(&f->outcome, "no key is for this SSID");
	assert_int_equal(f->claims, 0);
}

static void no_match_is_not_final_while_pmks_are_missing(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_int_equal(mpsk_index_put(f->policy.index, key_make("b", "psk", "late-horse", "ssid", "One", NULL)),
			 MPSK_OK);
	assert_refused(ask_psk(f, "late-horse"), NOT_READY, "");
	assert_detail(&f->outcome, "1 of this SSID");
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(mpsk_index_derive(f->policy.index, 60000, NULL, NULL), 0);
	assert_accepted(ask_psk(f, "late-horse"), MATCHED, "b", "late-horse");
}

static void of_duplicates_the_first_that_passes_counts(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("c", "psk", PSK, "ssid", "One", NULL));
	put(f, key_make("b", "psk", PSK, "ssid", "One", "site", "hq", NULL));
	put(f, key_make("a", "psk", PSK, "ssid", "One", "enabled", "0", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "c", PSK);
	f->query.site = "hq";
	mpsk_bindings_drop(f->policy.bindings, &f->query.mac, &f->query.ssid);
	assert_accepted(ask_psk(f, PSK), MATCHED, "b", PSK);
	f->query.site = NULL;
	/* It was b's device here: b does not pass, and does not hide c. */
	assert_accepted(ask_psk(f, PSK), MATCHED, "c", PSK);
	put(f, key_make("c", "psk", PSK, "ssid", "One", "nbf", AFTER_TEXT, NULL));
	assert_refused(ask_psk(f, PSK), DISABLED, "a");
}

static void an_unknown_mac_is_refused(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
	assert_int_equal(f->hints, 1);
	assert_int_equal(f->claims, 0);
	f->hint_status = MPSK_AGAIN;
	f->text = "nobody answers";
	assert_refused(ask_mac(f), STORE_DOWN, "");
	assert_detail(&f->outcome, "nobody answers");
	f->hint_status = MPSK_ERR;
	assert_refused(ask_mac(f), STORE_DOWN, "");
	/* A hint that is malformed is none. */
	f->hint_status = MPSK_BAD;
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
}

static void a_hint_leads_to_the_key(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	put(f, key_make("b", "psk", "other-ssid-psk", "ssid", "Two", NULL));
	strcpy(f->hint, "a");
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
	assert_int_equal(f->claim.op, MPSK_CLAIM_TOUCH);
	assert_false(f->outcome.has_pmk);
	/* Now it is known here, and once the index has it too, the claim is fresh. */
	known(f, "a", 1);
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
	assert_int_equal(f->hints, 1);
	assert_int_equal(f->claims, 1);
	mpsk_bindings_drop(f->policy.bindings, &f->query.mac, &f->query.ssid);
	known(f, "a", 0);
	strcpy(f->hint, "b");
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
	strcpy(f->hint, "nobody");
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
	assert_int_equal(f->claims, 1);
}

static void a_device_of_the_key_needs_no_hint(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	known(f, "a", 1);
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
	assert_int_equal(f->claim.op, MPSK_CLAIM_TOUCH);
	assert_int_equal(f->hints, 0);
	/* On another SSID it is nobody's. */
	(void) mpsk_ssid_set(&f->query.ssid, "Two", 3);
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
}

/* When each key saw the device is noted once a minute at most. */
static void of_several_keys_the_hint_knows_the_last(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	put(f, key_make("b", "psk", "second-horse", "ssid", "One", NULL));
	known(f, "a", 1);
	known(f, "b", 1);
	strcpy(f->hint, "b");
	assert_accepted(ask_mac(f), BOUND, "b", "second-horse");
	assert_int_equal(f->hints, 1);
	assert_int_equal(f->claims, 1);
	/* One that may not be used leaves the turn to the other. */
	mpsk_bindings_drop(f->policy.bindings, &f->query.mac, &f->query.ssid);
	put(f, key_make("b", "psk", "second-horse", "ssid", "One", "enabled", "0", NULL));
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
}

/* The copy in memory may be behind: a MAC that is listed is claimed, also where it counts as a device. */
static void a_listed_device_is_claimed(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", "macs", "00-00-5e-00-53-01", NULL));
	known(f, "a", 1);
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
	assert_int_equal(f->claim.op, MPSK_CLAIM_CLAIM);
	/* Forgotten a moment ago, as its binding finds out: it is claimed anew in the same request. */
	seen(f, "a", PSK, 60);
	f->codes[0] = MPSK_CLAIM_NODEV;
	f->claims = 0;
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
	assert_int_equal(f->claim.op, MPSK_CLAIM_CLAIM);
	assert_int_equal(f->claims, 2);
}

static void a_registered_mac_is_claimed(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", "macs", "00-00-5e-00-53-01", "enabled", "0", NULL));
	assert_refused(ask_mac(f), DISABLED, "a");
	assert_int_equal(f->hints, 0);
	put(f, key_make("b", "psk", "second-horse", "ssid", "One", "macs", "00-00-5e-00-53-01", NULL));
	assert_accepted(ask_mac(f), BOUND, "b", "second-horse");
	assert_int_equal(f->claim.op, MPSK_CLAIM_CLAIM);
	/* Both list it, so the hint was asked which was the last. */
	assert_int_equal(f->hints, 1);
}

static void a_forgotten_device_does_not_come_back(void **state)
{
	fixture_t *f = *state;
	mpsk_binding_t binding;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	seen(f, "a", PSK, 60);
	f->codes[0] = MPSK_CLAIM_NODEV;
	strcpy(f->hint, "");
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
	assert_int_equal(f->claim.op, MPSK_CLAIM_TOUCH);
	assert_int_equal(f->claims, 1);
	assert_int_equal(f->hints, 1);
	assert_false(mpsk_bindings_get(f->policy.bindings, &f->query.mac, &f->query.ssid, &binding));
	/* By the hint neither. */
	strcpy(f->hint, "a");
	f->claims = 0;
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
	assert_int_equal(f->claims, 1);
	/* Unless it is registered: that is another claim. */
	put(f, key_make("b", "psk", "second-horse", "ssid", "One", "macs", "00-00-5e-00-53-01", NULL));
	seen(f, "a", PSK, 60);
	f->claims = 0;
	assert_accepted(ask_mac(f), BOUND, "b", "second-horse");
	assert_int_equal(f->claims, 2);
	/* With its passphrase it is a new device. */
	f->claims = 1;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(f->claim.op, MPSK_CLAIM_CLAIM);
}

static void a_binding_that_does_not_fit_is_none(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "Two", NULL));
	seen(f, "a", PSK, 1);
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
	seen(f, "nobody", PSK, 1);
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
	put(f, key_make("b", "psk", "second-horse", "ssid", "One", NULL));
	assert_accepted(ask_psk(f, "second-horse"), MATCHED, "b", "second-horse");
	assert_string_equal(f->hint_set_id, "b");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		policy_test(a_wrong_passphrase_matches_nothing),
		policy_test(no_match_is_not_final_while_pmks_are_missing),
		policy_test(of_duplicates_the_first_that_passes_counts),
		policy_test(an_unknown_mac_is_refused),
		policy_test(a_hint_leads_to_the_key),
		policy_test(a_device_of_the_key_needs_no_hint),
		policy_test(of_several_keys_the_hint_knows_the_last),
		policy_test(a_listed_device_is_claimed),
		policy_test(a_registered_mac_is_claimed),
		policy_test(a_forgotten_device_does_not_come_back),
		policy_test(a_binding_that_does_not_fit_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
