/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy/accounting.h"
#include "policy_make.h"

static mpsk_accounting_t accounting;

/* A Start of the query's device, which names a key or not. */
static bool start_names(fixture_t *f, char const *name)
{
	mpsk_session_t *session = &accounting.event.session;

	memset(&accounting, 0, sizeof(accounting));
	accounting.kind = MPSK_ACCOUNTING_SESSION;
	accounting.event.started = true;
	strcpy(session->nas, "ap-1");
	session->mac = f->query.mac;
	session->ssid = f->query.ssid;
	session->seen = NOW;
	assert_true(mpsk_octets_set(&session->name, name, strlen(name)));
	return mpsk_accounting_key(&f->policy, &accounting);
}

static void assert_key(char const *id, bool by_name)
{
	assert_string_equal(accounting.event.session.id, id);
	assert_int_equal(accounting.event.by_name, by_name);
}

static void device_of(fixture_t *f, char const *id, int64_t seen)
{
	mpsk_device_t const device = { .mac = f->query.mac, .last_seen = seen };

	assert_int_equal(mpsk_index_devices_put(f->policy.index, id, &device, 1), MPSK_OK);
}

static void whose_session_it_is(void **state)
{
	mpsk_binding_t binding = { .id = "c", .fingerprint = "0123" };
	fixture_t *f = *state;

	put(f, key_make("a", "psk", "psk-of-a-x", "ssid", "One", NULL));
	put(f, key_make("b", "psk", "psk-of-b-x", "ssid", "One", "name", "Room 12", NULL));
	put(f, key_make("c", "psk", "psk-of-c-x", "ssid", "One", NULL));
	put(f, key_make("d", "psk", "psk-of-d-x", "ssid", "Two", NULL));
	assert_false(start_names(f, "000000"));
	assert_key("", false);
	/* A name that is its key's id, on its SSID. */
	assert_true(start_names(f, "a"));
	assert_key("a", true);
	assert_false(start_names(f, "d"));
	assert_false(start_names(f, "b"));
	/* A device is its own key's, whatever the name says; of two, the one that saw it last, or that is named. */
	device_of(f, "b", NOW - 5);
	assert_true(start_names(f, "a"));
	assert_key("b", false);
	device_of(f, "c", NOW);
	assert_true(start_names(f, "x"));
	assert_key("c", false);
	assert_true(start_names(f, "Room 12"));
	assert_key("b", false);
	/* What this server granted comes before all. */
	mpsk_bindings_set(f->policy.bindings, &f->query.mac, &f->query.ssid, &binding);
	assert_true(start_names(f, "Room 12"));
	assert_key("c", false);
	assert_string_equal(accounting.event.session.print, "0123");
	assert_false(accounting.event.learn);
}

/* Some makers' accounting names no SSID. */
static void a_device_without_an_ssid(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", "psk-of-a-x", "ssid", "One", NULL));
	device_of(f, "a", NOW);
	f->query.ssid.len = 0;
	assert_true(start_names(f, "x"));
	assert_key("a", false);
}

static void what_the_key_gives(void **state)
{
	mpsk_nas_t const at = { .org = "", .site = "north", .dialect = "", .reply = "" };
	mpsk_site_t const north = { .vlans = "guest=20" };
	fixture_t *f = *state;
	mpsk_session_t session = { .id = "a", .site = "south" };

	put(f, key_make("a", "psk", "psk-of-a-x", "ssid", "One", "vlan", "guest", "role", "staff", NULL));
	assert_int_equal(mpsk_index_nas_put(f->policy.index, "ap-1", &at), MPSK_OK);
	assert_int_equal(mpsk_index_site_put(f->policy.index, "north", &north), MPSK_OK);
	device_of(f, "a", NOW);
	assert_true(start_names(f, ""));
	assert_string_equal(accounting.event.session.site, "north");
	assert_string_equal(accounting.event.session.role, "staff");
	assert_int_equal(accounting.event.session.vlan, 20);
	assert_int_equal(strlen(accounting.event.session.print), MPSK_FINGERPRINT_LEN);
	mpsk_accounting_facts(&f->policy, &session);
	assert_string_equal(session.role, "staff");
	assert_int_equal(session.vlan, 0);
	session = (mpsk_session_t) { .id = "gone" };
	mpsk_accounting_facts(&f->policy, &session);
	assert_string_equal(session.print, "");
}

static void the_key_for_all_goes_by_any_name(void **state)
{
	fixture_t *f = *state;

	f->policy.config.unknown = MPSK_UNKNOWN_KEY;
	f->policy.config.unknown_key = "a";
	put(f, key_make("a", "psk", "psk-of-a-x", "ssid", "One", "name", "Visitors and others", NULL));
	assert_true(start_names(f, "Visitors and others"));
	assert_key("a", true);
	assert_false(accounting.event.learn);
	assert_string_equal(accounting.event.session.print, "");
	assert_false(start_names(f, "Visitors"));
}

static void a_single_candidate_is_learned(void **state)
{
	fixture_t *f = *state;
	mpsk_binding_t binding;

	f->policy.config.unknown = MPSK_UNKNOWN_CANDIDATES;
	put(f, key_make("a", "psk", "psk-of-a-x", "ssid", "One", NULL));
	assert_true(start_names(f, "a"));
	assert_true(accounting.event.learn);
	assert_int_equal(strlen(accounting.event.session.print), MPSK_FINGERPRINT_LEN);
	f->codes[0] = MPSK_CLAIM_FULL;
	mpsk_accounting_learn(&f->policy, &accounting.event.session);
	assert_int_equal(f->hints_set, 0);
	assert_false(mpsk_bindings_get(f->policy.bindings, &f->query.mac, &f->query.ssid, &binding));
	f->claims = 0;
	f->codes[0] = MPSK_CLAIM_OK;
	mpsk_accounting_learn(&f->policy, &accounting.event.session);
	assert_int_equal(f->claim.op, MPSK_CLAIM_CLAIM);
	assert_string_equal(f->claim_id, "a");
	assert_string_equal(f->claim_fingerprint, accounting.event.session.print);
	assert_string_equal(f->hint_set_id, "a");
	assert_true(mpsk_bindings_get(f->policy.bindings, &f->query.mac, &f->query.ssid, &binding));
	assert_string_equal(binding.id, "a");
}

#define TEST(_name) cmocka_unit_test_setup_teardown(_name, policy_setup, policy_teardown)

int main(void)
{
	struct CMUnitTest const tests[] = {
		TEST(whose_session_it_is),
		TEST(a_device_without_an_ssid),
		TEST(what_the_key_gives),
		TEST(the_key_for_all_goes_by_any_name),
		TEST(a_single_candidate_is_learned),
	};

	return cmocka_run_group_tests_name("policy/accounting", tests, NULL, NULL);
}
