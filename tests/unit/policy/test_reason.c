/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "policy/reason.h"

static void every_reason_has_its_row(void **state)
{
	(void) state;
	for (int i = 0; i < MPSK_REASON_MAX; i++) {
		mpsk_reason_info_t const *row = mpsk_reason((mpsk_reason_t) i);

		assert_non_null(row->name);
		assert_non_null(row->text);
		assert_int_equal(row->accept, i < MPSK_REASON_NO_MATCH);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(row->name, mpsk_reason((mpsk_reason_t) j)->name);
	}
	assert_string_equal(mpsk_reason(MPSK_REASON_CAP_REACHED)->name, "CAP_REACHED");
	assert_false(mpsk_reason(MPSK_REASON_MAX)->accept);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(every_reason_has_its_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
