/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "mpskctl/why.h"
#include "policy/reason.h"

static size_t rows_of(char const *name)
{
	size_t n = 0;

	for (ctl_why_reason_t const *row = ctl_why_reasons; row->name; row++) n += strcmp(row->name, name) == 0;
	return n;
}

/* A reason that is new in the servers fails here until people are told what it means and what helps. */
static void test_every_reason_is_explained(void **state)
{
	(void) state;
	for (int i = 0; i < MPSK_REASON_MAX; i++) {
		mpsk_reason_info_t const *reason = mpsk_reason((mpsk_reason_t) i);
		ctl_why_reason_t const *row = ctl_why_reason(reason->name, strlen(reason->name));

		if (rows_of(reason->name) != 1) fail_msg("%s has %zu rows", reason->name, rows_of(reason->name));
		assert_string_equal(row->name, reason->name);
		assert_true(strlen(row->text) > 0 && row->text[strlen(row->text) - 1] == '.');
		if (!reason->accept && !row->cure) fail_msg("nothing helps against %s", reason->name);
	}
}

static void test_unknown_reason(void **state)
{
	(void) state;
	assert_string_equal(ctl_why_reason("CAP_REACHED!", 11)->name, "CAP_REACHED");
	assert_string_equal(ctl_why_reason("CAP_REACHED", 10)->name, "UNKNOWN");
	assert_string_equal(ctl_why_reason("", 0)->name, "UNKNOWN");
}

static void assert_text(char const *text, ctl_why_case_t const *of, char const *expected)
{
	char *made = ctl_why_text(NULL, text, of);

	assert_string_equal(made, expected);
	talloc_free(made);
}

static void test_text(void **state)
{
	ctl_why_case_t const of = { .key = "bob", .mac = "00-00-5e-00-53-01", .ssid = "a'; reboot", .site = "-x" };

	(void) state;
	assert_text("", &of, "");
	assert_text("no names.", &of, "no names.");
	assert_text("{key}", &of, "bob");
	assert_text("a {key}, b {mac} c", &of, "a bob, b 00-00-5e-00-53-01 c");
	assert_text("not known: {nas}", &of, "not known: NAS");
	assert_text("not for a shell: {ssid} {site}", &of, "not for a shell: SSID SITE");
}

/* No text is left with braces, whatever is known. */
static void test_texts_have_their_names(void **state)
{
	ctl_why_case_t const of = { .key = NULL };

	(void) state;
	for (ctl_why_reason_t const *row = ctl_why_reasons; row->name; row++) {
		char const *const texts[] = { row->text, row->cure ? row->cure : "" };

		for (size_t i = 0; i < 2; i++) {
			char *made = ctl_why_text(NULL, texts[i], &of);

			if (strpbrk(made, "{}?")) fail_msg("%s: %s", row->name, made);
			talloc_free(made);
		}
	}
}

#define NOW 1700000000

static void assert_reason(ctl_why_key_t const *key, char const *expected)
{
	mpsk_mac_t const mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };
	char const *reason = ctl_why_now_reason(key, &mac, NOW);

	if (expected) {
		assert_non_null(reason);
		assert_string_equal(reason, expected);
	} else {
		assert_null(reason);
	}
}

static void test_now(void **state)
{
	mpsk_key_t key = { .enabled = true, .max = MPSK_LIMIT_DEFAULT, .concurrent = MPSK_LIMIT_DEFAULT };
	ctl_why_key_t of = { .key = NULL };
	mpsk_session_t session = { .id = "bob" };
	mpsk_mac_pattern_t other = { .digits = 2, .mac = { { 0xaa } } };

	(void) state;
	assert_reason(&of, "GONE");
	of.malformed = "max: is wrong";
	assert_reason(&of, "MALFORMED");
	of = (ctl_why_key_t) { .key = &key, .devices = 1000 };
	assert_reason(&of, NULL);
	key.max = 1000;
	assert_reason(&of, "CAP_REACHED");
	of.is_device = true;
	assert_reason(&of, NULL);
	key.max = 1001;
	of.is_device = false;
	assert_reason(&of, NULL);
	key.max = 0;
	assert_reason(&of, NULL);
	key.usage = MPSK_USAGE_SINGLE;
	assert_reason(&of, "CAP_REACHED");
	of.is_device = true;
	key.concurrent = 2;
	of.online = 1;
	assert_reason(&of, NULL);
	of.online = 2;
	assert_reason(&of, "CONCURRENT_CAP");
	of.session = &session;
	assert_reason(&of, NULL);
	key.macs = &other;
	key.n_macs = 1;
	assert_reason(&of, "WRONG_MAC");
	key.usage = MPSK_USAGE_MULTI;
	assert_reason(&of, NULL);
	key.exp = NOW + 1;
	assert_reason(&of, NULL);
	key.exp = NOW;
	assert_reason(&of, "EXPIRED");
	key.nbf = NOW;
	assert_reason(&of, "EXPIRED");
	key.nbf = NOW + 1;
	assert_reason(&of, "NOT_YET");
	key.enabled = false;
	assert_reason(&of, "DISABLED");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_every_reason_is_explained),
		cmocka_unit_test(test_unknown_reason),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_texts_have_their_names),
		cmocka_unit_test(test_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
