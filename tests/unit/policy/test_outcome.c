/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy_make.h"

static void an_accept_carries_all(void **state)
{
	fixture_t *f = *state;
	wpa_psk_t psk;
	wpa_pmk_t pmk;

	put(f, key_make("a", "psk", PSK, "ssid", "One", "name", "Bob", "role", "staff", "vlan", "20", NULL));
	f->result = (mpsk_claim_result_t) { .is_new = true, .used = 2, .max = 3 };
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_string_equal(f->outcome.name, "Bob");
	assert_string_equal(f->outcome.role, "staff");
	assert_int_equal(f->outcome.vlan, 20);
	assert_int_equal(f->outcome.session_timeout, 0);
	assert_true(f->outcome.is_new);
	assert_int_equal(f->outcome.used, 2);
	assert_int_equal(f->outcome.max, 3);
	assert_string_equal(f->outcome.detail, "");
	assert_int_equal(wpa_psk_set(&psk, PSK, strlen(PSK), NULL), MPSK_OK);
	assert_int_equal(wpa_pmk_derive(&pmk, &psk, &f->query.ssid), MPSK_OK);
	assert_true(f->outcome.has_pmk);
	assert_memory_equal(&f->outcome.pmk, &pmk, sizeof(pmk));
}

static void a_refusal_names_the_key(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "ssid", "One", "name", "Bob", "role", "staff", "vlan", "20", "enabled", "0",
			NULL));
	assert_refused(ask_psk(f, PSK), DISABLED, "a");
	assert_string_equal(f->outcome.name, "Bob");
	assert_string_equal(f->outcome.role, "");
	assert_int_equal(f->outcome.vlan, 0);
}

static void the_shortest_time_counts(void **state)
{
	static struct {
		int64_t		config;
		char const	*exp, *old_exp;
		int64_t		now, old;	/* with the present PSK, with the old one */
	} const rows[] = {
		{ 0, "0", "0", 0, 0 },
		{ 300, "0", "0", 300, 300 },
		{ 300, "99999999999", "99999999999", 300, 300 },
		{ 0, "99999999999", "0", 200, 200 },
		{ 300, "99999999999", "0", 200, 200 },
		{ 300, "0", "99999999899", 300, 100 },
		{ 0, "99999999999", "99999999899", 200, 100 },
		{ 50, "99999999999", "99999999899", 50, 50 },
	};
	fixture_t *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		f->query.now = 99999999999 - (i == 2 ? 400 : 200);
		f->policy.config.session_timeout = rows[i].config;
		put(f, key_make("a", "psk", PSK, "old_psk", "older-horse", "ssid", "One", "exp", rows[i].exp,
				"old_exp", rows[i].old_exp, NULL));
		assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
		assert_int_equal(f->outcome.session_timeout, rows[i].now);
		assert_accepted(ask_psk(f, "older-horse"), MATCHED, "a", "older-horse");
		assert_int_equal(f->outcome.session_timeout, rows[i].old);
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		policy_test(an_accept_carries_all),
		policy_test(a_refusal_names_the_key),
		policy_test(the_shortest_time_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
