/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "key/list.h"

static void check(char const *text, size_t len, char const *joined)
{
	mpsk_list_t list = { .p = text, .left = len };
	char out[64] = "";
	char const *item;
	size_t item_len, n = 0;

	while (mpsk_list_next(&list, &item, &item_len)) {
		strncat(out, item, item_len);
		strcat(out, "|");
		n++;
	}
	assert_string_equal(out, joined);
	assert_int_equal(mpsk_list_count(text, len), n);
	assert_false(mpsk_list_next(&list, &item, &item_len));
}

static void splits_at_commas_and_spaces(void **state)
{
	(void) state;
	check("", 0, "");
	check(" ,, ", 4, "");
	check("a", 1, "a|");
	check("a,b c", 5, "a|b|c|");
	check(", a ,  bb,", 10, "a|bb|");
	check("a,b,c", 2, "a|");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(splits_at_commas_and_spaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
