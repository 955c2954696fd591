/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/hex.h"

static void test_digit(void **state)
{
	(void) state;
	for (int c = -128; c < 256; c++) {
		char const *all = "0123456789abcdef", *upper = "ABCDEF", *found;
		int want = -1;

		if (c && (found = memchr(all, (char) c, 16))) want = (int) (found - all);
		if (c && (found = memchr(upper, (char) c, 6))) want = 10 + (int) (found - upper);
		assert_int_equal(mpsk_hex_digit((char) c), want);
	}
}

static void test_decode(void **state)
{
	uint8_t out[4];

	(void) state;
	assert_true(mpsk_hex_decode(out, 4, "00fFa57E", 8));
	assert_memory_equal(out, "\x00\xff\xa5\x7e", 4);
	assert_true(mpsk_hex_decode(out, 0, "", 0));
	assert_false(mpsk_hex_decode(out, 4, "00ffa57", 7));
	assert_false(mpsk_hex_decode(out, 4, "00ffa57e0", 9));
	assert_false(mpsk_hex_decode(out, 3, "00ffa57e", 8));
	assert_false(mpsk_hex_decode(out, 4, "00ffa57g", 8));
	assert_false(mpsk_hex_decode(out, 4, " 0ffa57e", 8));
	assert_false(mpsk_hex_decode(out, 4, "00ff\0a57", 8));
}

static void test_encode(void **state)
{
	char out[9] = "zzzzzzzz";

	(void) state;
	mpsk_hex_encode(out, (uint8_t const *) "\x00\xff\xa5\x7e", 4);
	assert_string_equal(out, "00ffa57e");
	mpsk_hex_encode(out, NULL, 0);
	assert_string_equal(out, "");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_digit),
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_encode),
	};

	return cmocka_run_group_tests_name("base/hex", tests, NULL, NULL);
}
