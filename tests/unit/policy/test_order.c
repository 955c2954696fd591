/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which keys are held against a handshake, in which order, and what the guard lets be searched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy_make.h"

/* A guard that lets nobody search: it has been asked once. */
static mpsk_guard_config_t const closed = { .nas_rate = 1, .nas_burst = 1 };

static void guard_set(fixture_t *f, mpsk_guard_config_t const *config)
{
	f->query.now_ms = 1000000;
	f->policy.guard = mpsk_guard_create(f, config);
	assert_non_null(f->policy.guard);
}

static uint64_t scans(fixture_t *f)
{
	return mpsk_guard_counters(f->policy.guard)->scans;
}

static void known_devices_are_not_guarded(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	put(f, key_make("b", "psk", "second-horse", "ssid", "One", NULL));
	put(f, key_make("c", "psk", "third-horse", "ssid", "One", "macs", "00-00-5e-00-53-01", NULL));
	guard_set(f, &closed);
	assert_refused(ask_psk(f, "wrong-horse"), NO_MATCH, "");
	assert_int_equal(scans(f), 1);
	assert_refused(ask_psk(f, PSK), RATE_LIMITED, "");
	assert_detail(&f->outcome, "nas_rate");
	/* By what this server saw last, by what the store says, by what is listed. */
	seen(f, "a", PSK, 1);
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	mpsk_bindings_drop(f->policy.bindings, &f->query.mac, &f->query.ssid);
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	known(f, "b", 1);
	assert_accepted(ask_psk(f, "second-horse"), MATCHED, "b", "second-horse");
	assert_accepted(ask_psk(f, "third-horse"), MATCHED, "c", "third-horse");
	assert_int_equal(f->claim.op, MPSK_CLAIM_CLAIM);
	assert_int_equal(scans(f), 1);
	/* With a wrong passphrase it is as good as unknown. */
	assert_refused(ask_psk(f, "wrong-horse"), RATE_LIMITED, "");
}

/* A key that fits is the device's: that it may not be used is no reason to search for others. */
static void a_known_key_that_may_not_be_used_is_the_answer(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", "enabled", "0", NULL));
	known(f, "a", 1);
	guard_set(f, &closed);
	for (unsigned i = 0; i < 3; i++)
		assert_refused(ask_psk(f, PSK), DISABLED, "a");
	assert_int_equal(scans(f), 0);
	/* Unless another one has its passphrase; where that cannot be searched for, its reason is told. */
	put(f, key_make("b", "psk", PSK, "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "b", PSK);
	assert_int_equal(scans(f), 1);
	mpsk_bindings_drop(f->policy.bindings, &f->query.mac, &f->query.ssid);
	assert_refused(ask_psk(f, "wrong-horse"), NO_MATCH, "");
	assert_refused(ask_psk(f, PSK), DISABLED, "a");
}

static void keys_used_at_the_place_come_before_others(void **state)
{
	fixture_t *f = *state;

	f->policy.recent = mpsk_recent_create(f, 16);
	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	guard_set(f, &(mpsk_guard_config_t) { .repeat_memory = 0 });
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(scans(f), 1);
	f->query.mac.octets[5]++;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(scans(f), 1);
	/* Elsewhere it was not used. */
	f->query.mac.octets[5]++;
	f->query.nas = "ap-2";
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(scans(f), 2);
	/* At a site every access point counts. */
	f->query.site = "hq";
	f->query.mac.octets[5]++;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(scans(f), 3);
	f->query.nas = "ap-3";
	f->query.mac.octets[5]++;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(scans(f), 3);
	/* A known device notes it too. */
	f->query.site = NULL;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	f->query.mac.octets[5]++;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(scans(f), 3);
}

/* What is remembered of a place names no key: only a key that is there is found. */
static void what_was_used_and_is_gone_is_not_found(void **state)
{
	fixture_t *f = *state;

	f->policy.recent = mpsk_recent_create(f, 16);
	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(mpsk_index_drop(f->policy.index, "a"), MPSK_OK);
	assert_refused(ask_psk(f, PSK), NO_MATCH, "");
	put(f, key_make("b", "psk", "second-horse", "ssid", "One", NULL));
	assert_refused(ask_psk(f, PSK), NO_MATCH, "");
	assert_accepted(ask_psk(f, "second-horse"), MATCHED, "b", "second-horse");
}

static void of_keys_with_one_psk_the_first_counts_wherever_it_was_used(void **state)
{
	fixture_t *f = *state;

	f->policy.recent = mpsk_recent_create(f, 16);
	put(f, key_make("b", "psk", PSK, "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "b", PSK);
	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	f->query.mac.octets[5]++;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
}

static void a_repeat_is_answered_from_memory_until_a_key_is_added(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	guard_set(f, &(mpsk_guard_config_t) { .repeat_memory = 10 });
	assert_refused(ask_psk(f, "second-horse"), NO_MATCH, "");
	assert_string_equal(f->outcome.detail, "");
	assert_refused(ask_psk(f, "second-horse"), NO_MATCH, "");
	assert_detail(&f->outcome, "a moment ago");
	known(f, "a", 1);
	assert_refused(ask_psk(f, "second-horse"), NO_MATCH, "");
	assert_detail(&f->outcome, "device of key a");
	known(f, "a", 0);
	assert_int_equal(scans(f), 1);
	put(f, key_make("b", "psk", "second-horse", "ssid", "One", NULL));
	assert_accepted(ask_psk(f, "second-horse"), MATCHED, "b", "second-horse");
	/* An accept is no memory: a key that is disabled meanwhile is. */
	put(f, key_make("b", "psk", "second-horse", "ssid", "One", "enabled", "0", NULL));
	assert_refused(ask_psk(f, "second-horse"), DISABLED, "b");
}

static void what_is_not_known_yet_is_not_remembered(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	guard_set(f, &(mpsk_guard_config_t) { .repeat_memory = 10, .mac_failures = 1, .mac_window = 1, .mac_pause = 1,
					      .nas_rate = 1, .nas_burst = 1 });
	assert_int_equal(mpsk_index_put(f->policy.index, key_make("b", "psk", "late-horse", "ssid", "One", NULL)),
			 MPSK_OK);
	for (unsigned i = 0; i < 5; i++)
		assert_refused(ask_psk(f, "late-horse"), NOT_READY, "");
	assert_int_equal(mpsk_index_derive(f->policy.index, 60000, NULL, NULL), 0);
	f->claim_status = MPSK_AGAIN;
	for (unsigned i = 0; i < 5; i++)
		assert_refused(ask_psk(f, "late-horse"), STORE_DOWN, "b");
	f->claim_status = MPSK_OK;
	assert_accepted(ask_psk(f, "late-horse"), MATCHED, "b", "late-horse");
}

static void an_ssid_without_keys_is_not_guarded(void **state)
{
	fixture_t *f = *state;

	guard_set(f, &(mpsk_guard_config_t) { .repeat_memory = 10, .mac_failures = 1, .mac_window = 1, .mac_pause = 1,
					      .nas_rate = 1, .nas_burst = 1 });
	for (unsigned i = 0; i < 5; i++) {
		assert_refused(ask_psk(f, PSK), NO_MATCH, "");
		assert_detail(&f->outcome, "no key is for this SSID");
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		policy_test(known_devices_are_not_guarded),
		policy_test(a_known_key_that_may_not_be_used_is_the_answer),
		policy_test(keys_used_at_the_place_come_before_others),
		policy_test(what_was_used_and_is_gone_is_not_found),
		policy_test(of_keys_with_one_psk_the_first_counts_wherever_it_was_used),
		policy_test(a_repeat_is_answered_from_memory_until_a_key_is_added),
		policy_test(what_is_not_known_yet_is_not_remembered),
		policy_test(an_ssid_without_keys_is_not_guarded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
