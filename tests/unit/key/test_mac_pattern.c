/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "key/mac_pattern.h"

static mpsk_mac_t const mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0xa7 } };

static void reads_and_covers(void **state)
{
	static struct {
		char const	*text;
		int		digits;		/* -1: none */
		bool		covers;
	} const rows[] = {
		{ "00-00-5E-00-53-A7", 12, true },
		{ "00:00:5e:00:53:a7", 12, true },
		{ "00005e0053a7", 12, true },
		{ "0000.5e00.53a7", 12, true },
		{ "00-00-5e-00-53-a8", 12, false },
		{ "*", 0, true },
		{ "0*", 1, true },
		{ "1*", 1, false },
		{ "00005e*", 6, true },
		{ "00:00:5e:*", 6, true },
		{ "00-00-5E*", 6, true },
		{ "0000.5e00.53*", 10, true },
		{ "00005e0053a*", 11, true },
		{ "00005e0053b*", 11, false },
		{ "00005e0054*", 10, false },
		{ "00005e0053a7*", 12, true },
		{ "00005e0053a71*", -1, false },
		{ "", -1, false },
		{ "**", -1, false },
		{ ":*", -1, false },
		{ "00::5e*", -1, false },
		{ "00005e", -1, false },
		{ "00-00-5e-00-53", -1, false },
		{ "00-00-5e-00-53-a7-", -1, false },
		{ "0g*", -1, false },
		{ "*0", -1, false },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_mac_pattern_t pattern;
		bool parsed = mpsk_mac_pattern_parse(&pattern, rows[i].text, strlen(rows[i].text));

		if (parsed != (rows[i].digits >= 0))
			fail_msg("%s", rows[i].text);
		if (!parsed)
			continue;
		assert_int_equal(pattern.digits, rows[i].digits);
		if (mpsk_mac_pattern_covers(&pattern, &mac) != rows[i].covers)
			fail_msg("%s", rows[i].text);
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(reads_and_covers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
