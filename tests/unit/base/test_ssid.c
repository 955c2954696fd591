/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/ssid.h"

static void test_set(void **state)
{
	mpsk_ssid_t ssid;
	uint8_t long_one[33];

	(void) state;
	memset(long_one, 'x', sizeof(long_one));
	memset(&ssid, 0xff, sizeof(ssid));
	assert_true(mpsk_ssid_set(&ssid, "a\0b", 3));
	assert_int_equal(ssid.len, 3);
	assert_memory_equal(ssid.octets, "a\0b\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
	assert_true(mpsk_ssid_set(&ssid, NULL, 0));
	assert_int_equal(ssid.len, 0);
	assert_true(mpsk_ssid_set(&ssid, long_one, 32));
	assert_int_equal(ssid.len, 32);
	assert_false(mpsk_ssid_set(&ssid, long_one, 33));
	assert_int_equal(ssid.len, 0);
	assert_int_equal(ssid.octets[0], 0);
}

static void test_equal(void **state)
{
	mpsk_ssid_t a, b;

	(void) state;
	mpsk_ssid_set(&a, "net", 3);
	mpsk_ssid_set(&b, "net", 3);
	assert_true(mpsk_ssid_equal(&a, &b));
	mpsk_ssid_set(&b, "net\0", 4);
	assert_false(mpsk_ssid_equal(&a, &b));
	mpsk_ssid_set(&b, "Net", 3);
	assert_false(mpsk_ssid_equal(&a, &b));
}

static void test_print(void **state)
{
	mpsk_ssid_t ssid;
	char out[MPSK_SSID_TEXT_MAX];
	uint8_t high[32];

	(void) state;
	mpsk_ssid_set(&ssid, "a b~\x00\x1f\x7f\xff\"\\:", 11);
	assert_ptr_equal(mpsk_ssid_print(out, &ssid), out);
	assert_string_equal(out, "a b~\\x00\\x1f\\x7f\\xff\\x22\\x5c:");

	memset(high, 0xc3, sizeof(high));
	mpsk_ssid_set(&ssid, high, 32);
	assert_int_equal(strlen(mpsk_ssid_print(out, &ssid)), 128);
}

static void test_parse(void **state)
{
	mpsk_ssid_t ssid;

	(void) state;
	assert_true(mpsk_ssid_parse(&ssid, "Guest WiFi"));
	assert_int_equal(ssid.len, 10);
	assert_memory_equal(ssid.octets, "Guest WiFi", 10);
	assert_true(mpsk_ssid_parse(&ssid, ""));
	assert_int_equal(ssid.len, 0);
	assert_true(mpsk_ssid_parse(&ssid, "x\\x00\\xFf\\\\x41\xc3\xa9"));
	assert_int_equal(ssid.len, 9);
	assert_memory_equal(ssid.octets, "x\x00\xff\\x41\xc3\xa9", 9);
}

static void test_parse_refuses(void **state)
{
	static char const *const bad[] = {
		"\\", "a\\", "\\x", "\\x0", "\\x0g", "\\xg0", "\\n", "\\X00", "123456789012345678901234567890123",
		"12345678901234567890123456789012\\x00",
	};

	(void) state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		mpsk_ssid_t ssid;

		memset(&ssid, 0xff, sizeof(ssid));
		assert_false(mpsk_ssid_parse(&ssid, bad[i]));
		assert_int_equal(ssid.len, 0);
	}
}

static void test_parse_reads_what_print_wrote(void **state)
{
	(void) state;
	for (int first = 0; first < 256; first++) {
		uint8_t octets[3] = { (uint8_t) first, 'x', (uint8_t) (255 - first) };
		mpsk_ssid_t before, after;
		char out[MPSK_SSID_TEXT_MAX];

		mpsk_ssid_set(&before, octets, 3);
		assert_true(mpsk_ssid_parse(&after, mpsk_ssid_print(out, &before)));
		assert_true(mpsk_ssid_equal(&before, &after));
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_parse_reads_what_print_wrote),
	};

	return cmocka_run_group_tests_name("base/ssid", tests, NULL, NULL);
}
