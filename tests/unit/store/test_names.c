/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "store/names.h"

#define MANY 20000

static void test_once_and_in_order(void **state)
{
	mpsk_names_t *names = mpsk_names_create(NULL);
	mpsk_name_t *b;

	(void) state;
	assert_non_null(mpsk_names_add(names, "a", 1));
	b = mpsk_names_add(names, "b", 1);
	b->number = 7;
	assert_ptr_equal(mpsk_names_add(names, "b", 1), b);
	assert_int_equal(b->number, 7);
	assert_non_null(mpsk_names_add(names, "a\0b", 3));
	assert_int_equal(mpsk_names_count(names), 3);
	assert_string_equal(mpsk_names_first(names)->text, "a");
	assert_ptr_equal(mpsk_names_next(mpsk_names_first(names)), b);
	assert_null(mpsk_names_find(names, "a\0", 2));
	mpsk_names_remove(names, b);
	assert_null(mpsk_names_find(names, "b", 1));
	assert_int_equal(mpsk_names_next(mpsk_names_first(names))->len, 3);
	mpsk_names_clear(names);
	assert_null(mpsk_names_first(names));
	assert_int_equal(mpsk_names_count(names), 0);
	talloc_free(names);
}

static void test_many(void **state)
{
	mpsk_names_t *names = mpsk_names_create(NULL);
	char text[16];

	(void) state;
	for (int twice = 0; twice < 2; twice++) {
		for (int i = 0; i < MANY; i++) {
			assert_non_null(mpsk_names_add(names, text, (size_t) snprintf(text, sizeof(text), "n%d", i)));
		}
	}
	assert_int_equal(mpsk_names_count(names), MANY);
	for (int i = 0; i < MANY; i += 2) {
		mpsk_names_remove(names, mpsk_names_find(names, text,
							 (size_t) snprintf(text, sizeof(text), "n%d", i)));
	}
	for (int i = 0; i < MANY; i++) {
		size_t len = (size_t) snprintf(text, sizeof(text), "n%d", i);

		assert_int_equal(mpsk_names_find(names, text, len) != NULL, i % 2);
	}
	talloc_free(names);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_once_and_in_order),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
