/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/secret.h"

static void test_wipe(void **state)
{
	uint8_t octets[8];

	(void) state;
	memset(octets, 0xa5, sizeof(octets));
	mpsk_secret_wipe(octets + 1, 6);
	assert_memory_equal(octets, "\xa5\0\0\0\0\0\0\xa5", 8);
	mpsk_secret_wipe(NULL, 0);
}

static void test_equal_sees_every_bit(void **state)
{
	uint8_t a[32], b[32];

	(void) state;
	memset(a, 0x5a, sizeof(a));
	memcpy(b, a, sizeof(b));
	assert_true(mpsk_secret_equal(a, b, sizeof(a)));
	assert_true(mpsk_secret_equal(NULL, NULL, 0));
	for (size_t bit = 0; bit < 8 * sizeof(b); bit++) {
		b[bit / 8] ^= (uint8_t) (1 << bit % 8);
		assert_false(mpsk_secret_equal(a, b, sizeof(a)));
		b[bit / 8] ^= (uint8_t) (1 << bit % 8);
	}
	b[31] = 0;
	assert_true(mpsk_secret_equal(a, b, 31));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_wipe),
		cmocka_unit_test(test_equal_sees_every_bit),
	};

	return cmocka_run_group_tests_name("base/secret", tests, NULL, NULL);
}
