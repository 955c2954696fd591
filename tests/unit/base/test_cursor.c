/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cursor.h"

static uint8_t const octets[] = { 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89 };

static void test_reads_in_order(void **state)
{
	mpsk_cursor_t c = mpsk_cursor(octets, sizeof(octets));

	(void) state;
	assert_int_equal(mpsk_cursor_u8(&c), 0x81);
	assert_int_equal(mpsk_cursor_be16(&c), 0x8283);
	assert_int_equal(mpsk_cursor_le16(&c), 0x8584);
	assert_true(mpsk_cursor_be32(&c) == 0x86878889);
	assert_false(c.failed);
	assert_int_equal(c.left, 0);
	assert_non_null(mpsk_cursor_take(&c, 0));
}

static void test_failure_lasts(void **state)
{
	mpsk_cursor_t c = mpsk_cursor(octets, 3);

	(void) state;
	assert_true(mpsk_cursor_be32(&c) == 0);
	assert_true(c.failed);
	assert_int_equal(c.left, 3);
	assert_int_equal(mpsk_cursor_u8(&c), 0);
	assert_null(mpsk_cursor_take(&c, 0));
}

static void test_huge_take_fails(void **state)
{
	mpsk_cursor_t c = mpsk_cursor(octets, sizeof(octets));

	(void) state;
	assert_null(mpsk_cursor_take(&c, SIZE_MAX));
	assert_true(c.failed);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_reads_in_order),
		cmocka_unit_test(test_failure_lasts),
		cmocka_unit_test(test_huge_take_fails),
	};

	return cmocka_run_group_tests_name("base/cursor", tests, NULL, NULL);
}
