/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "mpskctl/when.h"

#define NOW 1700000000

/* The rule of the European Union, spelled out: no zone files are needed. */
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

static void zone(char const *tz)
{
	setenv("TZ", tz, 1);
	tzset();
}

static int64_t good(char const *text, ctl_when_kind_t kind)
{
	mpsk_error_t err = { "" };
	int64_t at = -1;

	if (ctl_when_parse(&at, text, kind, NOW, &err) != MPSK_OK) fail_msg("'%s': %s", text, err.text);
	return at;
}

static void bad(char const *text, ctl_when_kind_t kind)
{
	mpsk_error_t err = { "" };
	int64_t at;

	if (ctl_when_parse(&at, text, kind, NOW, &err) != MPSK_BAD) fail_msg("'%s' was taken", text);
	assert_true(err.text[0] != '\0');
}

static void test_epoch(void **state)
{
	(void) state;
	assert_int_equal(good("0", CTL_WHEN_UNTIL), 0);
	assert_int_equal(good("1", CTL_WHEN_UNTIL), 1);
	assert_int_equal(good("999999999999", CTL_WHEN_FROM), 999999999999);
	bad("1000000000000", CTL_WHEN_FROM);
	bad("-1", CTL_WHEN_FROM);
	bad("1.5", CTL_WHEN_FROM);
	bad("", CTL_WHEN_UNTIL);
	bad(" 1", CTL_WHEN_UNTIL);
}

static void test_words(void **state)
{
	(void) state;
	assert_int_equal(good("never", CTL_WHEN_UNTIL), 0);
	bad("never", CTL_WHEN_FROM);
	assert_int_equal(good("now", CTL_WHEN_UNTIL), NOW);
	assert_int_equal(good("now", CTL_WHEN_FROM), NOW);
	bad("Never", CTL_WHEN_UNTIL);
	bad("tomorrow", CTL_WHEN_UNTIL);
}

static void test_from_now_on(void **state)
{
	(void) state;
	assert_int_equal(good("+90d", CTL_WHEN_UNTIL), NOW + 90 * 86400);
	assert_int_equal(good("+12h", CTL_WHEN_UNTIL), NOW + 12 * 3600);
	assert_int_equal(good("+30m", CTL_WHEN_FROM), NOW + 30 * 60);
	assert_int_equal(good("+2w1d1s", CTL_WHEN_FROM), NOW + 15 * 86400 + 1);
	bad("+", CTL_WHEN_UNTIL);
	bad("+90", CTL_WHEN_UNTIL);
	bad("+d", CTL_WHEN_UNTIL);
	bad("+90d ", CTL_WHEN_UNTIL);
	bad("+90x", CTL_WHEN_UNTIL);
	bad("+-1d", CTL_WHEN_UNTIL);
	bad("-1d", CTL_WHEN_UNTIL);
	bad("+999999999999d", CTL_WHEN_UNTIL);
	bad("+999999999999s", CTL_WHEN_UNTIL);
	bad("+999999999999s999999999999s", CTL_WHEN_UNTIL);
}

static void test_date(void **state)
{
	(void) state;
	zone("UTC0");
	assert_int_equal(good("2026-12-31", CTL_WHEN_FROM), 1798675200);
	assert_int_equal(good("2026-12-31", CTL_WHEN_UNTIL), 1798761600);
	assert_int_equal(good("2028-02-29", CTL_WHEN_FROM), 1835395200);
	bad("2027-02-29", CTL_WHEN_UNTIL);
	bad("2100-02-29", CTL_WHEN_UNTIL);
	bad("2026-00-01", CTL_WHEN_UNTIL);
	bad("2026-13-01", CTL_WHEN_UNTIL);
	bad("2026-01-00", CTL_WHEN_UNTIL);
	bad("2026-04-31", CTL_WHEN_UNTIL);
	bad("2026-1-1", CTL_WHEN_UNTIL);
	bad("26-01-01", CTL_WHEN_UNTIL);
	bad("2026-12-31x", CTL_WHEN_UNTIL);
	bad("31.12.2026", CTL_WHEN_UNTIL);
	bad("1969-12-31", CTL_WHEN_FROM);
	/* Epoch 0 would be stored as no time at all. */
	bad("1970-01-01", CTL_WHEN_FROM);
}

static void test_day_of_23_hours(void **state)
{
	(void) state;
	zone(BERLIN);
	assert_int_equal(good("2026-03-29", CTL_WHEN_UNTIL) - good("2026-03-29", CTL_WHEN_FROM), 23 * 3600);
	assert_int_equal(good("2026-10-25", CTL_WHEN_UNTIL) - good("2026-10-25", CTL_WHEN_FROM), 25 * 3600);
}

static void test_time_of_day(void **state)
{
	(void) state;
	zone(BERLIN);
	assert_int_equal(good("2026-12-31T18:00", CTL_WHEN_UNTIL), 1798736400);
	assert_int_equal(good("2026-12-31T18:00", CTL_WHEN_FROM), 1798736400);
	assert_int_equal(good("2026-12-31 18:00:01", CTL_WHEN_UNTIL), 1798736401);
	assert_int_equal(good("2026-07-01T12:00", CTL_WHEN_UNTIL), 1782900000);
	assert_int_equal(good("2026-12-31T18:00Z", CTL_WHEN_UNTIL), 1798740000);
	assert_int_equal(good("2026-12-31T18:00:00Z", CTL_WHEN_UNTIL), 1798740000);
	assert_int_equal(good("2026-12-31T18:00+02:00", CTL_WHEN_UNTIL), 1798732800);
	assert_int_equal(good("2026-12-31T18:00:00-0530", CTL_WHEN_UNTIL), 1798759800);
	bad("2026-12-31T", CTL_WHEN_UNTIL);
	bad("2026-12-31T18", CTL_WHEN_UNTIL);
	bad("2026-12-31T24:00", CTL_WHEN_UNTIL);
	bad("2026-12-31T18:60", CTL_WHEN_UNTIL);
	bad("2026-12-31T18:00:60", CTL_WHEN_UNTIL);
	bad("2026-12-31T18:00:", CTL_WHEN_UNTIL);
	bad("2026-12-31T18:00z", CTL_WHEN_UNTIL);
	bad("2026-12-31T18:00ZZ", CTL_WHEN_UNTIL);
	bad("2026-12-31T18:00+2", CTL_WHEN_UNTIL);
	bad("2026-12-31T18:00+24:00", CTL_WHEN_UNTIL);
	bad("2026-12-31T18:00+02:60", CTL_WHEN_UNTIL);
}

static void test_print(void **state)
{
	char text[CTL_WHEN_TEXT_MAX];

	(void) state;
	zone(BERLIN);
	assert_string_equal(ctl_when_print(text, 1798736400), "2026-12-31T18:00:00+01:00");
	assert_int_equal(good(text, CTL_WHEN_UNTIL), 1798736400);
	assert_string_equal(ctl_when_print(text, 1782900000), "2026-07-01T12:00:00+02:00");
	zone("NST3:30");
	assert_string_equal(ctl_when_print(text, 1798736400), "2026-12-31T13:30:00-03:30");
	assert_int_equal(good(text, CTL_WHEN_UNTIL), 1798736400);
	zone("UTC0");
	assert_string_equal(ctl_when_print(text, 0), "1970-01-01T00:00:00+00:00");
	/* Twelve digits of seconds reach past the year 9999. */
	assert_non_null(strstr(ctl_when_print(text, 999999999999), "33658-"));
	assert_int_equal(good(text, CTL_WHEN_UNTIL), 999999999999);
	assert_int_equal(good("9999-12-31T23:59:59Z", CTL_WHEN_UNTIL), 253402300799);
	assert_int_equal(good("10000-01-01T00:00:00Z", CTL_WHEN_UNTIL), 253402300800);
	bad("02026-12-31", CTL_WHEN_UNTIL);
	bad("99999-12-31", CTL_WHEN_UNTIL);
	bad("100000-01-01", CTL_WHEN_UNTIL);
}

static void duration(char const *text, int64_t expected)
{
	mpsk_error_t err = { "" };
	int64_t seconds = -1;

	if (ctl_when_duration(&seconds, text, &err) != MPSK_OK) fail_msg("'%s': %s", text, err.text);
	assert_int_equal(seconds, expected);
}

static void test_duration(void **state)
{
	static char const *const refused[] = { "", "d", "1x", "1d ", " 1d", "-1d", "+1d", "1d12", "1 d", "1.5h" };
	char text[CTL_WHEN_TEXT_MAX];
	int64_t seconds;

	(void) state;
	duration("never", 0);
	duration("0", 0);
	duration("45", 45);
	duration("45s", 45);
	duration("90m", 5400);
	duration("1d12h", 129600);
	duration("30d", 2592000);
	duration("2w", 1209600);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		mpsk_error_t err = { "" };

		if (ctl_when_duration(&seconds, refused[i], &err) != MPSK_BAD) fail_msg("'%s' was taken", refused[i]);
	}
	assert_string_equal(ctl_when_print_duration(text, 2592000), "30d");
	assert_string_equal(ctl_when_print_duration(text, 1209600), "14d");
	assert_string_equal(ctl_when_print_duration(text, 129600), "36h");
	assert_string_equal(ctl_when_print_duration(text, 90), "90s");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_epoch),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_from_now_on),
		cmocka_unit_test(test_date),
		cmocka_unit_test(test_day_of_23_hours),
		cmocka_unit_test(test_time_of_day),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_duration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
