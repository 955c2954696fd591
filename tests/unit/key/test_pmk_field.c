/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "key/pmk_field.h"

static char const psk[] = "correct-horse";

static void writes_the_name(void **state)
{
	char name[MPSK_PMK_NAME_MAX];
	mpsk_ssid_t ssid;

	(void) state;
	assert_true(mpsk_ssid_set(&ssid, "a\0b", 3));
	assert_int_equal(mpsk_pmk_field_name(name, &ssid), 7);
	assert_memory_equal(name, "pmk:a\0b", 7);
	assert_true(mpsk_ssid_set(&ssid, "0123456789abcdef0123456789abcdef", 32));
	assert_int_equal(mpsk_pmk_field_name(name, &ssid), MPSK_PMK_NAME_MAX);
}

static void reads_what_it_wrote(void **state)
{
	char fingerprint[MPSK_FINGERPRINT_LEN + 1], value[MPSK_PMK_VALUE_LEN + 1];
	wpa_pmk_t pmk, back;

	(void) state;
	mpsk_key_fingerprint(fingerprint, psk, strlen(psk));
	memset(&pmk, 0xa5, sizeof(pmk));
	mpsk_pmk_field_print(value, fingerprint, &pmk);
	assert_int_equal(strlen(value), MPSK_PMK_VALUE_LEN);
	assert_memory_equal(value, fingerprint, MPSK_PMK_DIGEST_LEN);
	assert_string_equal(value + MPSK_PMK_DIGEST_LEN,
			    ":a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5");
	assert_int_equal(mpsk_pmk_field_parse(&back, fingerprint, value, MPSK_PMK_VALUE_LEN), MPSK_OK);
	assert_memory_equal(&back, &pmk, sizeof(pmk));
}

static void tells_another_psk_from_nonsense(void **state)
{
	char fingerprint[MPSK_FINGERPRINT_LEN + 1], value[MPSK_PMK_VALUE_LEN + 1];
	wpa_pmk_t pmk;

	(void) state;
	memset(&pmk, 0, sizeof(pmk));
	mpsk_key_fingerprint(fingerprint, "another-psk", 11);
	mpsk_pmk_field_print(value, fingerprint, &pmk);
	mpsk_key_fingerprint(fingerprint, psk, strlen(psk));
	assert_int_equal(mpsk_pmk_field_parse(&pmk, fingerprint, value, MPSK_PMK_VALUE_LEN), MPSK_MISS);

	mpsk_pmk_field_print(value, fingerprint, &pmk);
	for (size_t len = 0; len < MPSK_PMK_VALUE_LEN; len++)
		assert_int_equal(mpsk_pmk_field_parse(&pmk, fingerprint, value, len), MPSK_BAD);
	for (size_t i = 0; i < MPSK_PMK_VALUE_LEN; i++) {
		char kept = value[i];

		value[i] = 'x';
		assert_int_equal(mpsk_pmk_field_parse(&pmk, fingerprint, value, MPSK_PMK_VALUE_LEN), MPSK_BAD);
		value[i] = kept;
	}
	assert_int_equal(mpsk_pmk_field_parse(&pmk, fingerprint, value, MPSK_PMK_VALUE_LEN), MPSK_OK);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(writes_the_name),
		cmocka_unit_test(reads_what_it_wrote),
		cmocka_unit_test(tells_another_psk_from_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
