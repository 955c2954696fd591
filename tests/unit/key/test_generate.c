/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "key/generate.h"

static void gives_the_length_asked_for(void **state)
{
	(void) state;
	for (size_t len = WPA_PASSPHRASE_MIN; len <= WPA_PASSPHRASE_MAX; len++) {
		wpa_psk_t psk;

		assert_int_equal(mpsk_passphrase_generate(&psk, len, NULL), MPSK_OK);
		assert_int_equal(psk.len, len);
		assert_true(wpa_psk_is_ascii(&psk));
		assert_false(wpa_psk_is_pmk(&psk));
	}
}

static void refuses_other_lengths(void **state)
{
	static size_t const lengths[] = { 0, 7, 64, 1000 };
	mpsk_error_t err;
	wpa_psk_t psk;

	(void) state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		assert_int_equal(mpsk_passphrase_generate(&psk, lengths[i], &err), MPSK_BAD);
		assert_non_null(strstr(err.text, "8 to 63"));
	}
}

/* 63,000 draws of 32: 1969 of each on average, with a deviation of 44; ten of them either way. */
static void draws_evenly_and_without_look_alikes(void **state)
{
	unsigned seen[256] = { 0 }, letters = 0;

	(void) state;
	for (int round = 0; round < 1000; round++) {
		wpa_psk_t psk;

		assert_int_equal(mpsk_passphrase_generate(&psk, WPA_PASSPHRASE_MAX, NULL), MPSK_OK);
		for (size_t i = 0; i < psk.len; i++)
			seen[psk.octets[i]]++;
	}
	for (int c = 0; c < 256; c++) {
		if (seen[c] == 0)
			continue;
		letters++;
		assert_null(strchr("0o1lOI", c));
		assert_in_range(seen[c], 1529, 2409);
	}
	assert_int_equal(letters, 32);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(gives_the_length_asked_for),
		cmocka_unit_test(refuses_other_lengths),
		cmocka_unit_test(draws_evenly_and_without_look_alikes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
