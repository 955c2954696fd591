/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/mac.h"

static mpsk_mac_t const address = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0xaf } };

static char const *const good[] = {
	"00005e0053af", "00005E0053AF", "00-00-5e-00-53-af", "00:00:5E:00:53:AF", "00.00.5e.00.53.af",
	"0000.5e00.53af", "0000-5e00-53AF", "0000:5e00:53af",
};

static char const *const bad[] = {
	"", "0", "00005e0053a", "00-00-5e-00-53-a", "00-00-5e-00-53-", "00-00-5e-00-53", "00--00-5e-00-53-af",
	"-00-00-5e-00-53-af", "00-00:5e-00-53-af", "00-005e-0053-af", "00-005e0053af", "00005e-0053af",
	"0000.5e0053af", "00005e00.53af", "0000.5e.00.53.af", "00 00 5e 00 53 af", "0x005e0053af", "00005e0053ag",
	"00_00_5e_00_53_af",
};

static void test_scan_takes_every_form(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		mpsk_mac_t mac = { 0 };
		char text[64] = "";

		assert_int_equal(mpsk_mac_scan(&mac, good[i], strlen(good[i])), strlen(good[i]));
		assert_memory_equal(&mac, &address, sizeof(mac));
		assert_true(mpsk_mac_parse(&mac, good[i], strlen(good[i])));

		strcat(strcpy(text, good[i]), ":a-b");
		memset(&mac, 0, sizeof(mac));
		assert_int_equal(mpsk_mac_scan(&mac, text, strlen(text)), strlen(good[i]));
		assert_memory_equal(&mac, &address, sizeof(mac));
		assert_false(mpsk_mac_parse(&mac, text, strlen(text)));
	}
}

static void test_scan_refuses(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		mpsk_mac_t mac = address;

		assert_int_equal(mpsk_mac_scan(&mac, bad[i], strlen(bad[i])), 0);
		assert_false(mpsk_mac_parse(&mac, bad[i], strlen(bad[i])));
		assert_memory_equal(&mac, &address, sizeof(mac));
	}
}

static void test_scan_stops_at_len(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		for (size_t len = 0; len < strlen(good[i]); len++) {
			mpsk_mac_t mac;

			assert_int_equal(mpsk_mac_scan(&mac, good[i], len), 0);
		}
	}
}

static void test_print(void **state)
{
	char out[MPSK_MAC_TEXT_MAX];

	(void) state;
	assert_ptr_equal(mpsk_mac_print(out, &address), out);
	assert_string_equal(out, "00-00-5e-00-53-af");
}

static void test_local(void **state)
{
	(void) state;
	assert_false(mpsk_mac_is_local(&address));
	assert_true(mpsk_mac_is_local(&(mpsk_mac_t) { { 0x02 } }));
	assert_true(mpsk_mac_is_local(&(mpsk_mac_t) { { 0xfe } }));
	assert_false(mpsk_mac_is_local(&(mpsk_mac_t) { { 0xfd } }));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_scan_takes_every_form),
		cmocka_unit_test(test_scan_refuses),
		cmocka_unit_test(test_scan_stops_at_len),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_local),
	};

	return cmocka_run_group_tests_name("base/mac", tests, NULL, NULL);
}
