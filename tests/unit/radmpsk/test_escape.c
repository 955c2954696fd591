/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "radmpsk/escape.h"

static void test_printable_octets_stay(void **state)
{
	char out[ESCAPE_MAX(8)];

	(void) state;
	assert_ptr_equal(escape_print(out, (uint8_t const *) "a ~!", 4), out);
	assert_string_equal(out, "a ~!");
	assert_string_equal(escape_print(out, NULL, 0), "");
}

static void test_all_others_are_escaped(void **state)
{
	uint8_t all[256];
	char out[ESCAPE_MAX(256)];
	size_t escaped = 0;

	(void) state;
	for (size_t i = 0; i < sizeof(all); i++) all[i] = (uint8_t) i;
	escape_print(out, all, sizeof(all));
	for (char const *p = out; *p; p++) {
		assert_true(*p >= ' ' && *p <= '~' && *p != '"');
		escaped += *p == '\\';
	}
	assert_int_equal(escaped, 256 - 95 + 2);
	assert_string_equal(escape_print(out, (uint8_t const *) "\x1b[2J\"\\", 6), "\\x1b[2J\\x22\\x5c");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_printable_octets_stay),
		cmocka_unit_test(test_all_others_are_escaped),
	};

	return cmocka_run_group_tests_name("radmpsk/escape", tests, NULL, NULL);
}
