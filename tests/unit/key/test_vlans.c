/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "key/vlans.h"

static void names_have_a_number(void **state)
{
	static char const list[] = "guest=20, staff-2=4094  a.b=1";

	(void) state;
	assert_int_equal(mpsk_vlans_check(list, strlen(list), NULL), MPSK_OK);
	assert_int_equal(mpsk_vlans_find(list, "guest"), 20);
	assert_int_equal(mpsk_vlans_find(list, "staff-2"), 4094);
	assert_int_equal(mpsk_vlans_find(list, "a.b"), 1);
	assert_int_equal(mpsk_vlans_find(list, "a"), 0);
	assert_int_equal(mpsk_vlans_find(list, "staff"), 0);
	assert_int_equal(mpsk_vlans_find("", "guest"), 0);
	assert_int_equal(mpsk_vlans_check("", 0, NULL), MPSK_OK);
}

static void what_is_no_list_is_told(void **state)
{
	static char const *const wrong[] = {
		"guest", "guest=", "=20", "guest=0", "guest=4095", "guest=20x", "20=guest", "-a=1", "guest = 20",
	};
	mpsk_error_t err;

	(void) state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(mpsk_vlans_check(wrong[i], strlen(wrong[i]), &err), MPSK_BAD);
		assert_non_null(strstr(err.text, "is not a name, = and 1 to 4094"));
	}
	assert_false(mpsk_vlan_name_valid("2nd", 3));
	assert_false(mpsk_vlan_name_valid("", 0));
	assert_true(mpsk_vlan_name_valid("second", 6));
}

int main(void)
{
	static struct CMUnitTest const tests[] = {
		cmocka_unit_test(names_have_a_number),
		cmocka_unit_test(what_is_no_list_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
