/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/octets.h"

static void test_set(void **state)
{
	mpsk_octets_t octets;
	uint8_t long_one[MPSK_OCTETS_MAX + 1];

	(void) state;
	memset(long_one, 'x', sizeof(long_one));
	memset(&octets, 0xff, sizeof(octets));
	assert_true(mpsk_octets_set(&octets, "a\0b", 3));
	assert_int_equal(octets.len, 3);
	assert_memory_equal(octets.octets, "a\0b\0\0", 5);
	assert_true(mpsk_octets_set(&octets, NULL, 0));
	assert_int_equal(octets.len, 0);
	assert_true(mpsk_octets_set(&octets, long_one, MPSK_OCTETS_MAX));
	assert_int_equal(octets.len, MPSK_OCTETS_MAX);
	assert_false(mpsk_octets_set(&octets, long_one, MPSK_OCTETS_MAX + 1));
	assert_int_equal(octets.len, 0);
	assert_int_equal(octets.octets[0], 0);
}

static void test_print(void **state)
{
	char out[MPSK_OCTETS_TEXT_MAX];
	uint8_t high[MPSK_OCTETS_MAX];

	(void) state;
	memset(high, 0xff, sizeof(high));
	assert_int_equal(mpsk_octets_print(out, "a/\"\\\0\n", 6), 18);
	assert_string_equal(out, "a/\\x22\\x5c\\x00\\x0a");
	assert_int_equal(mpsk_octets_print(out, NULL, 0), 0);
	assert_string_equal(out, "");
	assert_int_equal(mpsk_octets_print(out, high, sizeof(high)), MPSK_OCTETS_TEXT_MAX - 1);
}

/* len ends the text, wherever in an escape. */
static void test_parse_stops_at_len(void **state)
{
	static char const text[] = "\\x41\\x42";
	uint8_t octets[4];
	size_t n;

	(void) state;
	for (size_t len = 0; len < sizeof(text); len++) {
		assert_int_equal(mpsk_octets_parse(octets, sizeof(octets), &n, text, len), len % 4 == 0);
	}
	assert_true(mpsk_octets_parse(octets, sizeof(octets), &n, text, 8));
	assert_int_equal(n, 2);
	assert_memory_equal(octets, "AB", 2);
	assert_true(mpsk_octets_parse(octets, 2, &n, text, 8));
	assert_false(mpsk_octets_parse(octets, 1, &n, text, 8));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_parse_stops_at_len),
	};

	return cmocka_run_group_tests_name("base/octets", tests, NULL, NULL);
}
