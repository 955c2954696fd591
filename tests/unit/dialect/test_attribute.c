/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rlm_mpsk/dialect/attribute.h"

/* The look-up begins at a vendor's first row and ends where another's begin. */
static void rows_are_found(void **state)
{
	(void) state;
	for (unsigned i = 0; i < DIALECT_ATTRIBUTE_MAX; i++) {
		dialect_attribute_info_t const *row = &dialect_attributes[i];

		assert_non_null(row->name);
		assert_int_equal(dialect_attribute_find(row->vendor, row->number, row->sub), i);
		assert_int_equal(dialect_attribute_find(row->vendor, row->number, 99), DIALECT_ATTRIBUTE_MAX);
	}
	for (unsigned i = DIALECT_RFC + 1; i < DIALECT_VENDOR_MAX; i++) {
		assert_int_equal(dialect_vendor_find(dialect_vendors[i].number), i);
		assert_int_equal(dialect_attribute_find((dialect_vendor_t) i, 254, 0), DIALECT_ATTRIBUTE_MAX);
	}
	assert_int_equal(dialect_vendor_find(99999), DIALECT_RFC);
}

/* raddb/dictionary.mpsk says of an attribute what the table does. */
static void check_line(char const *line, dialect_vendor_t vendor, size_t *n)
{
	static char const *const types[] = {
		[DIALECT_STRING] = "string", [DIALECT_OCTETS] = "octets", [DIALECT_INTEGER] = "integer",
		[DIALECT_BYTE] = "byte", [DIALECT_TLV] = "tlv",
	};
	char name[64], type[16];
	unsigned number, sub = 0;
	dialect_attribute_t found;

	if (sscanf(line, "ATTRIBUTE %63s %u.%u %15s", name, &number, &sub, type) != 4) {
		assert_int_equal(sscanf(line, "ATTRIBUTE %63s %u %15s", name, &number, type), 3);
		sub = 0;
	}
	found = dialect_attribute_find(vendor, number, sub);
	assert_int_not_equal(found, DIALECT_ATTRIBUTE_MAX);
	assert_string_equal(dialect_attributes[found].name, name);
	assert_string_equal(types[dialect_attributes[found].type], type);
	assert_false(dialect_attributes[found].hidden);
	(*n)++;
}

static void the_dictionary_agrees(void **state)
{
	char path[512], line[256], vendor_name[64];
	dialect_vendor_t vendor = DIALECT_RFC;
	char const *src = getenv("srcdir");
	unsigned number;
	size_t n = 0;
	FILE *file;

	(void) state;
	snprintf(path, sizeof(path), "%s/raddb/dictionary.mpsk", src ? src : ".");
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "VENDOR %63s %u", vendor_name, &number) == 2) {
			vendor = dialect_vendor_find(number);
			assert_int_not_equal(vendor, DIALECT_RFC);
			assert_string_equal(dialect_vendors[vendor].name, vendor_name);
		} else if (strncmp(line, "ATTRIBUTE", 9) == 0) {
			check_line(line, vendor, &n);
		}
	}
	fclose(file);
	assert_int_equal(n, 16);
}

int main(void)
{
	static struct CMUnitTest const tests[] = {
		cmocka_unit_test(rows_are_found),
		cmocka_unit_test(the_dictionary_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
