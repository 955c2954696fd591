/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/status.h"

static void test_status_comes_back(void **state)
{
	mpsk_error_t err;

	(void) state;
	assert_int_equal(mpsk_error_set(&err, MPSK_BAD, "field %s has %d", "vlan", 5000), MPSK_BAD);
	assert_string_equal(err.text, "field vlan has 5000");
	assert_int_equal(mpsk_error_set(NULL, MPSK_AGAIN, "nobody reads this"), MPSK_AGAIN);
}

static void test_text_is_made_for_a_log(void **state)
{
	mpsk_error_t err;

	(void) state;
	mpsk_error_set(&err, MPSK_ERR, "%s", "a\nb\r\x1b[0m\x7f\xc3\xa9~ ");
	assert_string_equal(err.text, "a?b??[0m???~ ");
}

static void test_text_is_cut(void **state)
{
	mpsk_error_t err;
	char long_text[2 * MPSK_ERROR_MAX];

	(void) state;
	memset(long_text, 'a', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	mpsk_error_set(&err, MPSK_ERR, "%s", long_text);
	assert_int_equal(strlen(err.text), MPSK_ERROR_MAX - 1);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_status_comes_back),
		cmocka_unit_test(test_text_is_made_for_a_log),
		cmocka_unit_test(test_text_is_cut),
	};

	return cmocka_run_group_tests_name("base/status", tests, NULL, NULL);
}
