/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "key/hours.h"

#define MONDAY	1699833600	/* 2023-11-13 00:00 UTC */
#define AT(_day, _hour, _minute) (MONDAY + 86400 * (_day) + 3600 * (_hour) + 60 * (_minute))
#define NEVER	(-1)		/* outside */

static mpsk_error_t err;

static mpsk_hours_t parse(char const *text)
{
	mpsk_hours_t hours;

	if (mpsk_hours_parse(&hours, text, strlen(text), &err) != MPSK_OK) fail_msg("'%s': %s", text, err.text);
	return hours;
}

static void test_within(void **state)
{
	static struct {
		char const	*text;
		int64_t		at, until;
	} const rows[] = {
		{ "Mo-Fr 08:00-18:00 UTC", AT(0, 8, 0) - 1, NEVER },
		{ "Mo-Fr 08:00-18:00 UTC", AT(0, 8, 0), AT(0, 18, 0) },
		{ "Mo-Fr 08:00-18:00 UTC", AT(0, 18, 0) - 1, AT(0, 18, 0) },
		{ "Mo-Fr 08:00-18:00 UTC", AT(0, 18, 0), NEVER },
		{ "Mo-Fr 08:00-18:00 UTC", AT(4, 12, 0), AT(4, 18, 0) },
		{ "Mo-Fr 08:00-18:00 UTC", AT(5, 12, 0), NEVER },
		{ "mo,we 08:00-12:00,13:00-17:00 UTC", AT(0, 12, 30), NEVER },
		{ "Mo,We 08:00-12:00,13:00-17:00 UTC", AT(2, 13, 0), AT(2, 17, 0) },
		{ "Mo,We 08:00-12:00, 13:00-17:00 UTC", AT(1, 13, 0), NEVER },
		{ "Mo 08:00-12:00; Tu 10:00-11:00 UTC", AT(1, 10, 59), AT(1, 11, 0) },
		{ "08:00-09:00 UTC", AT(6, 8, 1), AT(6, 9, 0) },
		/* Over midnight, over the week's end, and what touches is one. */
		{ "Sa 22:00-02:00 UTC", AT(5, 23, 0), AT(6, 2, 0) },
		{ "Sa 22:00-02:00 UTC", AT(6, 2, 0), NEVER },
		{ "Su 22:00-02:00 UTC", AT(6, 23, 0), AT(7, 2, 0) },
		{ "Su 22:00-02:00 UTC", AT(0, 1, 0), AT(0, 2, 0) },
		{ "Fr-Mo 00:00-24:00 UTC", AT(5, 1, 0), AT(8, 0, 0) },
		{ "Fr-Mo 00:00-24:00 UTC", AT(3, 23, 59), NEVER },
		{ "Mo 08:00-12:00; Mo 10:00-14:00; Mo 14:00-15:00 UTC", AT(0, 9, 0), AT(0, 15, 0) },
		{ "00:00-24:00 UTC", AT(3, 1, 0), 0 },
		{ "00:00-00:00 UTC", AT(3, 1, 0), 0 },
		{ "Mo-Su 06:00-06:00 UTC", AT(3, 1, 0), 0 },
		/* By the clocks of the place. */
		{ "Mo-Fr 08:00-18:00 Europe/Berlin", AT(0, 7, 0) - 1, NEVER },
		{ "Mo-Fr 08:00-18:00 Europe/Berlin", AT(0, 7, 0), AT(0, 17, 0) },
		{ "Tu 00:00-01:00 Asia/Kathmandu", AT(0, 18, 15), AT(0, 19, 15) },
		/* 2024-03-31, two is three; 2024-10-27, three is two. */
		{ "Sa 20:00-04:00 Europe/Berlin", 1711846800 - 60, 1711850400 },
		{ "Sa 20:00-04:00 Europe/Berlin", 1711850399, 1711850400 },
		{ "Sa 20:00-04:00 Europe/Berlin", 1711850400, NEVER },
		{ "Sa 20:00-04:00 Europe/Berlin", 1729990800 - 60, 1729998000 - 3600 + 3600 },
		{ "Sa 20:00-04:00 Europe/Berlin", 1729998000 - 1, 1729998000 },
		{ "Sa 20:00-04:00 Europe/Berlin", 1729998000, NEVER },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		mpsk_hours_t hours = parse(rows[i].text);
		int64_t until = NEVER;
		bool within = mpsk_hours_within(&hours, rows[i].at, &until);

		if (within != (rows[i].until != NEVER) || until != rows[i].until)
			fail_msg("'%s' at %lld: %lld", rows[i].text, (long long) rows[i].at, (long long) until);
	}
}

static void test_wrong(void **state)
{
	static char const *const rows[] = {
		"", "UTC", "Mo-Fr", "08:00-18:00", "Mo-Fr 08:00-18:00", "Mo-Fr 08:00-18:00 ", "Mo-Fr 8:00-18:00 UTC",
		"Mo-Fr 08:00-24:01 UTC", "Mo-Fr 08:60-18:00 UTC", "Mo-Fr 24:00-02:00 UTC", "Xx 08:00-18:00 UTC",
		"Mo- 08:00-18:00 UTC", "Mo, 08:00-18:00 UTC", "Mo-Fr08:00-18:00 UTC", "Mo 08:00-18:00; UTC",
		"Mo 08:00-18:00,UTC", "Mo 08:00-18:00 Nowhere/None", "Mo 08:00-18:00 ../../etc/passwd",
		"Mo 08:00-18:00 UTC UTC", "Mo 08:00-18:00UTC", "Mo 08:00 UTC",
		"Mo 00:00-00:01,00:02-00:03,00:04-00:05,00:06-00:07,00:08-00:09,00:10-00:11,00:12-00:13,00:14-00:15,"
		"00:16-00:17,00:18-00:19,00:20-00:21,00:22-00:23,00:24-00:25,00:26-00:27,00:28-00:29,00:30-00:31,"
		"01:00-01:01,01:02-01:03,01:04-01:05,01:06-01:07,01:08-01:09,01:10-01:11,01:12-01:13,01:14-01:15,"
		"01:16-01:17,01:18-01:19,01:20-01:21,01:22-01:23,01:24-01:25,01:26-01:27,01:28-01:29,01:30-01:31,"
		"02:00-02:01 UTC",
	};
	mpsk_hours_t hours;

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		err.text[0] = '\0';
		if (mpsk_hours_parse(&hours, rows[i], strlen(rows[i]), &err) != MPSK_BAD) fail_msg("'%s'", rows[i]);
		assert_true(err.text[0]);
	}
}

static void test_clock(void **state)
{
	mpsk_hours_t hours = parse("08:00-18:00 Europe/Berlin");
	char text[MPSK_HOURS_CLOCK_MAX];

	(void) state;
	assert_string_equal(mpsk_hours_clock(text, &hours, AT(5, 11, 3)), "Sa 12:03");
	assert_string_equal(mpsk_hours_clock(text, &hours, AT(6, 23, 30)), "Mo 00:30");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_within),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
