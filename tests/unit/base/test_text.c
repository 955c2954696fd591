/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"

static void test_id(void **state)
{
	char id[MPSK_ID_MAX + 1];

	(void) state;
	memset(id, 'x', sizeof(id));
	assert_true(mpsk_id_valid("a", 1));
	assert_true(mpsk_id_valid("Flat-12.b_9", 11));
	assert_true(mpsk_id_valid(id, MPSK_ID_MAX));
	assert_false(mpsk_id_valid(id, MPSK_ID_MAX + 1));
	assert_false(mpsk_id_valid("", 0));
	assert_false(mpsk_id_valid("a b", 3));
	assert_false(mpsk_id_valid("a:b", 3));
	assert_false(mpsk_id_valid("a*", 2));
	assert_false(mpsk_id_valid("a{b}", 4));
	assert_false(mpsk_id_valid("a\0b", 3));
	assert_false(mpsk_id_valid("\xc3\xa9", 2));
	assert_false(mpsk_id_valid("a\n", 2));
}

static void test_id_takes_only_its_characters(void **state)
{
	char const *all = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-";

	(void) state;
	for (int c = 0; c < 256; c++) {
		char one = (char) c;

		assert_int_equal(mpsk_id_valid(&one, 1), c && strchr(all, one));
	}
}

static void test_number(void **state)
{
	int64_t n = -1;

	(void) state;
	assert_true(mpsk_number_parse(&n, "0", 1));
	assert_int_equal(n, 0);
	assert_true(mpsk_number_parse(&n, "007", 3));
	assert_int_equal(n, 7);
	assert_true(mpsk_number_parse(&n, "999999999999", 12));
	assert_true(n == MPSK_NUMBER_MAX);
	assert_true(mpsk_number_parse(&n, "4094 and more", 4));
	assert_int_equal(n, 4094);
}

static void test_number_refuses(void **state)
{
	static char const *const bad[] = { "", " 1", "1 ", "+1", "-1", "1.0", "0x1", "1e3", "1000000000000", "1\n" };
	int64_t n = -1;

	(void) state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(mpsk_number_parse(&n, bad[i], strlen(bad[i])));
	}
	assert_false(mpsk_number_parse(&n, "1\0", 2));
	assert_int_equal(n, -1);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_id_takes_only_its_characters),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_number_refuses),
	};

	return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
