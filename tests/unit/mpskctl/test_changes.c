/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "mpskctl/changes.h"

static void test_put_and_remove(void **state)
{
	ctl_changes_t *changes = ctl_changes_create(NULL);

	(void) state;
	assert_null(ctl_changes_find(changes, "role"));
	ctl_changes_set(changes, "role", "staff");
	ctl_changes_set(changes, "note", "");
	ctl_changes_number(changes, "exp", 999999999999);
	ctl_changes_remove(changes, "vlan");
	assert_int_equal(changes->n, 4);
	assert_memory_equal(ctl_changes_find(changes, "role")->value, "staff", 5);
	assert_memory_equal(ctl_changes_find(changes, "exp")->value, "999999999999", 12);
	assert_null(ctl_changes_find(changes, "vlan")->value);

	/* Empty is a value, and not a removal. */
	assert_non_null(ctl_changes_find(changes, "note")->value);
	assert_int_equal(ctl_changes_find(changes, "note")->value_len, 0);
	ctl_changes_remove(changes, "role");
	ctl_changes_set(changes, "vlan", "20");
	assert_int_equal(changes->n, 4);
	assert_null(ctl_changes_find(changes, "role")->value);
	assert_int_equal(ctl_changes_find(changes, "vlan")->value_len, 2);
	talloc_free(changes);
}

/* Names are octets: an SSID in a pmk: field may hold a NUL. */
static void test_names_are_octets(void **state)
{
	ctl_changes_t *changes = ctl_changes_create(NULL);

	(void) state;
	ctl_changes_put(changes, "pmk:a\0b", 7, "1", 1);
	ctl_changes_put(changes, "pmk:a\0c", 7, "2", 1);
	ctl_changes_put(changes, "pmk:a", 5, "3", 1);
	assert_int_equal(changes->n, 3);
	assert_memory_equal(ctl_changes_find(changes, "pmk:a")->value, "3", 1);
	talloc_free(changes);
}

static void test_many(void **state)
{
	ctl_changes_t *changes = ctl_changes_create(NULL);
	char name[16];

	(void) state;
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		ctl_changes_number(changes, name, i);
	}
	assert_int_equal(changes->n, 100);
	assert_memory_equal(ctl_changes_find(changes, "f0")->value, "0", 2);
	assert_memory_equal(ctl_changes_find(changes, "f99")->value, "99", 3);
	talloc_free(changes);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_put_and_remove),
		cmocka_unit_test(test_names_are_octets),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
