/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "index/siphash.h"

/* The paper's appendix A: key 00 to 0f, message 00 to 0e. The others are of its authors' reference vectors. */
static void gives_the_published_values(void **state)
{
	static mpsk_siphash_key_t const key = { { 0x0706050403020100, 0x0f0e0d0c0b0a0908 } };
	uint8_t message[15];

	(void) state;
	for (unsigned i = 0; i < sizeof(message); i++)
		message[i] = (uint8_t) i;
	assert_true(mpsk_siphash(&key, message, 15) == 0xa129ca6149be45e5);
	assert_true(mpsk_siphash(&key, message, 0) == 0x726fdb47dd0e0e31);
	assert_true(mpsk_siphash(&key, message, 8) == 0x93f5f5799a932462);
}

static void keys_differ(void **state)
{
	mpsk_siphash_key_t a, b;

	(void) state;
	assert_int_equal(mpsk_siphash_key(&a), MPSK_OK);
	assert_int_equal(mpsk_siphash_key(&b), MPSK_OK);
	assert_true(mpsk_siphash(&a, "x", 1) != mpsk_siphash(&b, "x", 1));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(gives_the_published_values),
		cmocka_unit_test(keys_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
