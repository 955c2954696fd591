/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy_make.h"
#include "store/journal.h"

/* A store that is away, and a journal. */
static int away_setup(void **state)
{
	fixture_t *f;

	if (policy_setup(state) != 0) return -1;
	f = *state;
	f->claim_status = MPSK_AGAIN;
	f->hint_status = MPSK_AGAIN;
	f->text = "Redis is away";
	f->policy.journal = mpsk_journal_create(f, 16);
	f->policy.config.degraded_new = 1;
	f->policy.config.stale_max = 100;
	return f->policy.journal ? 0 : -1;
}

static void device_is(fixture_t *f, uint8_t last)
{
	f->query.mac.octets[5] = last;
}

static void devices_are(fixture_t *f, char const *id, uint8_t n)
{
	mpsk_device_t devices[8];

	for (uint8_t i = 0; i < n; i++) {
		devices[i] = (mpsk_device_t) { .mac = f->query.mac, .last_seen = NOW };
		devices[i].mac.octets[5] = (uint8_t) (0x80 + i);
	}
	assert_int_equal(mpsk_index_devices_put(f->policy.index, id, devices, n), MPSK_OK);
}

static void a_known_device_is_let_in(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", "max", "1", NULL));
	known(f, "a", 1);
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(f->outcome.vlan, 0);
	assert_accepted(ask_mac(f), BOUND, "a", PSK);
	assert_int_equal(mpsk_journal_deferred(f->policy.journal, NULL), 0);
	/* However old the copy is. */
	f->query.age = 1000000;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	f->claim_status = MPSK_ERR;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
}

/* It claimed just now, and the copy has not heard of it. */
static void so_is_one_that_was_granted_last(void **state)
{
	mpsk_claim_t const claim = { .id = "a", .mac = make_spa, .fingerprint = "", .now = NOW - 10 };
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", "max", "1", NULL));
	mpsk_journal_granted(f->policy.journal, &claim);
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
}

static void time_needs_no_store(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", "exp", NOW_TEXT, NULL));
	known(f, "a", 1);
	assert_refused(ask_psk(f, PSK), EXPIRED, "a");
	put(f, key_make("a", "psk", PSK, "ssid", "One", "enabled", "0", NULL));
	assert_refused(ask_psk(f, PSK), DISABLED, "a");
	assert_int_equal(f->claims, 0);
}

static void a_new_device_is_let_in_on_trust(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", "max", "3", "vlan", "20", NULL));
	devices_are(f, "a", 1);
	device_is(f, 1);
	assert_accepted(ask_psk(f, PSK), PROVISIONAL, "a", PSK);
	assert_int_equal(f->outcome.vlan, 20);
	assert_int_equal(f->outcome.used, 1);
	assert_int_equal(f->outcome.max, 3);
	assert_int_equal(mpsk_journal_deferred(f->policy.journal, "a"), 1);
	/* Again, and it is the same one; another is one too many. */
	assert_accepted(ask_psk(f, PSK), PROVISIONAL, "a", PSK);
	assert_int_equal(f->claims, 2);
	device_is(f, 2);
	assert_refused(ask_psk(f, PSK), STORE_DOWN, "a");
	assert_detail(&f->outcome, "Redis is away");
	f->policy.config.degraded_new = 2;
	assert_accepted(ask_psk(f, PSK), PROVISIONAL, "a", PSK);
	assert_int_equal(f->hints_set, 0);
}

static void not_beyond_the_cap(void **state)
{
	fixture_t *f = *state;

	f->policy.config.degraded_new = 10;
	put(f, key_make("a", "psk", PSK, "ssid", "One", "max", "3", NULL));
	devices_are(f, "a", 2);
	device_is(f, 1);
	assert_accepted(ask_psk(f, PSK), PROVISIONAL, "a", PSK);
	device_is(f, 2);
	assert_refused(ask_psk(f, PSK), CAP_REACHED, "a");
	assert_detail(&f->outcome, "3 of 3 devices");
	/* The default counts where the key has none; 0 is no cap. */
	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), PROVISIONAL, "a", PSK);
	f->policy.config.default_max = 4;
	device_is(f, 3);
	assert_refused(ask_psk(f, PSK), CAP_REACHED, "a");
	put(f, key_make("a", "psk", PSK, "ssid", "One", "max", "0", NULL));
	assert_accepted(ask_psk(f, PSK), PROVISIONAL, "a", PSK);
	put(f, key_make("s", "psk", "single-horse", "ssid", "One", "usage", "single", NULL));
	assert_accepted(ask_psk(f, "single-horse"), PROVISIONAL, "s", "single-horse");
	device_is(f, 4);
	assert_refused(ask_psk(f, "single-horse"), CAP_REACHED, "s");
}

static void not_by_an_old_copy(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	f->query.age = 101;
	assert_refused(ask_psk(f, PSK), STORE_DOWN, "a");
	f->query.age = 100;
	assert_accepted(ask_psk(f, PSK), PROVISIONAL, "a", PSK);
}

static void not_by_its_mac_alone(void **state)
{
	fixture_t *f = *state;
	mpsk_binding_t binding = { .id = "a" };

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	mpsk_bindings_set(f->policy.bindings, &f->query.mac, &f->query.ssid, &binding);
	assert_refused(ask_mac(f), STORE_DOWN, "a");
	/* But where the key lists it, it is its device in all but name. */
	put(f, key_make("b", "psk", "brand-new-psk", "ssid", "One", "macs", "00:00:5e:00:53:01", NULL));
	mpsk_bindings_drop(f->policy.bindings, &f->query.mac, &f->query.ssid);
	assert_accepted(ask_mac(f), PROVISIONAL, "b", "brand-new-psk");
}

static void a_provisional_device_claims_when_the_store_is_back(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), PROVISIONAL, "a", PSK);
	known(f, "a", 1);
	f->claim_status = MPSK_OK;
	f->text = NULL;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(f->claims, 2);
}

static void without_a_journal_nobody_is_trusted(void **state)
{
	fixture_t *f = *state;

	f->policy.journal = NULL;
	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_refused(ask_psk(f, PSK), STORE_DOWN, "a");
	known(f, "a", 1);
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
}

#define away_test(_test) cmocka_unit_test_setup_teardown(_test, away_setup, policy_teardown)

int main(void)
{
	struct CMUnitTest const tests[] = {
		away_test(a_known_device_is_let_in),
		away_test(so_is_one_that_was_granted_last),
		away_test(time_needs_no_store),
		away_test(a_new_device_is_let_in_on_trust),
		away_test(not_beyond_the_cap),
		away_test(not_by_an_old_copy),
		away_test(not_by_its_mac_alone),
		away_test(a_provisional_device_claims_when_the_store_is_back),
		away_test(without_a_journal_nobody_is_trusted),
	};

	return cmocka_run_group_tests_name("policy/degraded", tests, NULL, NULL);
}
