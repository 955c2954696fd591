/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy_make.h"

/* The edge of each second, by handshake and by MAC. */
static void records_are_checked(void **state)
{
	static struct {
		char const	*field, *value, *reason;
	} const rows[] = {
		{ "enabled", "0", "DISABLED" },
		{ "enabled", "1", NULL },
		{ "nbf", AFTER_TEXT, "NOT_YET" },
		{ "nbf", NOW_TEXT, NULL },
		{ "exp", AFTER_TEXT, NULL },
		{ "exp", NOW_TEXT, "EXPIRED" },
		{ "exp", BEFORE_TEXT, "EXPIRED" },
		{ "exp", "0", NULL },
		/* NOW is 23:13:20 on a Tuesday in Berlin. */
		{ "hours", "Tu 23:13-23:14 Europe/Berlin", NULL },
		{ "hours", "Tu 23:14-23:15 Europe/Berlin", "OUTSIDE_HOURS" },
		{ "hours", "Tu 23:00-23:13 Europe/Berlin", "OUTSIDE_HOURS" },
		{ "usage", "macs", "WRONG_MAC" },
		{ "usage", "single", NULL },
		{ "site", "hq", "WRONG_SITE" },
		{ "site", "*", NULL },
	};
	fixture_t *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char const *reason = rows[i].reason;

		put(f, key_make("a", "psk", PSK, "ssid", "One", rows[i].field, rows[i].value, NULL));
		seen(f, "a", PSK, 1);
		f->claims = 0;
		assert_string_equal(mpsk_reason(ask_psk(f, PSK)->reason)->name, reason ? reason : "MATCHED");
		assert_string_equal(f->outcome.id, "a");
		assert_int_equal(f->outcome.psk.len, reason ? 0 : strlen(PSK));
		assert_string_equal(mpsk_reason(ask_mac(f)->reason)->name, reason ? reason : "BOUND");
		assert_string_equal(f->outcome.id, "a");
		assert_int_equal(f->outcome.psk.len, reason ? 0 : strlen(PSK));
		assert_int_equal(f->claims, 0);
	}
}

static void macs_are_checked(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "usage", "macs", "macs", "00:00:5e:00:53:02", "ssid", "One", NULL));
	assert_refused(ask_psk(f, PSK), WRONG_MAC, "a");
	assert_detail(&f->outcome, "00-00-5e-00-53-01 is not in macs");
	put(f, key_make("a", "psk", PSK, "usage", "single", "macs", "00:00:5e:00:53:02", "ssid", "One", NULL));
	assert_refused(ask_psk(f, PSK), WRONG_MAC, "a");
	put(f, key_make("a", "psk", PSK, "usage", "multi", "macs", "00:00:5e:00:53:02", "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	put(f, key_make("a", "psk", PSK, "usage", "macs", "macs", "00:00:5e:*", "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
}

static void nas_put(fixture_t *f, char const *org, char const *site)
{
	mpsk_nas_t const at = { .org = org, .site = site, .dialect = "", .reply = "" };

	assert_int_equal(mpsk_index_nas_put(f->policy.index, "ap-1", &at), MPSK_OK);
}

static void sites_are_checked(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "site", "hq", "ssid", "One", NULL));
	assert_refused(ask_psk(f, PSK), WRONG_SITE, "a");
	assert_detail(&f->outcome, "mpsk:cfg:nas:ap-1 is not set");
	nas_put(f, "", "");
	assert_refused(ask_psk(f, PSK), WRONG_SITE, "a");
	assert_detail(&f->outcome, "mpsk:cfg:nas:ap-1 has no site");
	nas_put(f, "", "lab");
	assert_refused(ask_psk(f, PSK), WRONG_SITE, "a");
	assert_detail(&f->outcome, "ap-1 is at site 'lab'");
	nas_put(f, "", "hq");
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	f->query.site = "plant";
	assert_refused(ask_psk(f, PSK), WRONG_SITE, "a");
	assert_detail(&f->outcome, "from site 'plant'");
	f->query.site = NULL;
	f->query.nas = "";
	assert_refused(ask_psk(f, PSK), WRONG_SITE, "a");
	assert_detail(&f->outcome, "names no NAS");
	f->query.site = "hq";
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
}

static void a_key_of_another_organisation_is_no_hit(void **state)
{
	fixture_t *f = *state;

	put(f, key_make("a", "psk", PSK, "org", "acme", "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	nas_put(f, "example", "");
	assert_refused(ask_psk(f, PSK), NO_MATCH, "");
	assert_detail(&f->outcome, "of acme");
	assert_refused(ask_mac(f), UNKNOWN_MAC, "");
	nas_put(f, "acme", "");
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	put(f, key_make("a", "psk", PSK, "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
}

/* The index keeps the lane of an old PSK by the clock of the put, so the query's clock is ahead of it here. */
static void an_old_psk_is_good_until_its_grace_ends(void **state)
{
	fixture_t *f = *state;
	int64_t end = 99999999999;

	put(f, key_make("a", "psk", "brand-new-psk", "old_psk", PSK, "old_exp", "99999999999", "ssid", "One", NULL));
	f->query.now = end - 1;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(f->outcome.session_timeout, 1);
	f->query.now = end;
	assert_refused(ask_psk(f, PSK), EXPIRED, "a");
	assert_detail(&f->outcome, "the old passphrase, whose grace has ended");
	assert_accepted(ask_psk(f, "brand-new-psk"), MATCHED, "a", "brand-new-psk");
	assert_int_equal(f->outcome.session_timeout, 0);
	put(f, key_make("a", "psk", "brand-new-psk", "old_psk", PSK, "old_exp", "0", "ssid", "One", NULL));
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
}

static void hours_are_checked_to_the_second(void **state)
{
	fixture_t *f = *state;
	int64_t begin = NOW - 20, end = begin + 60;	/* 23:13 and 23:14 in Berlin */

	put(f, key_make("a", "psk", PSK, "ssid", "One", "hours", "Tu 23:13-23:14 Europe/Berlin", NULL));
	f->query.now = begin - 1;
	assert_refused(ask_psk(f, PSK), OUTSIDE_HOURS, "a");
	assert_detail(&f->outcome, "it is Tu 23:12 in Europe/Berlin");
	f->query.now = begin;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(f->outcome.session_timeout, 60);
	f->query.now = end - 1;
	assert_accepted(ask_psk(f, PSK), MATCHED, "a", PSK);
	assert_int_equal(f->outcome.session_timeout, 1);
	f->query.now = end;
	assert_refused(ask_psk(f, PSK), OUTSIDE_HOURS, "a");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		policy_test(records_are_checked),
		policy_test(hours_are_checked_to_the_second),
		policy_test(macs_are_checked),
		policy_test(sites_are_checked),
		policy_test(a_key_of_another_organisation_is_no_hit),
		policy_test(an_old_psk_is_good_until_its_grace_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
