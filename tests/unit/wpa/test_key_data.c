/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/hex.h"
#include "wpa/key_data.h"

#define RSNE "30020100"
#define MAC_KDE "dd0a" "000fac03" "00005e005399"
#define LINK_KDE "dd0b" "000fac13" "00" "00005e005301"
#define OCI_KDE "dd07" "000fac0d" "510100"

static struct {
	wpa_descriptor_t	descriptor;
	char const		*key_data;
	char const		*error;		/* NULL: OK */
} const cases[] = {
	{ WPA_DESCRIPTOR_RSN, RSNE, NULL },
	{ WPA_DESCRIPTOR_RSN, RSNE OCI_KDE, NULL },
	{ WPA_DESCRIPTOR_RSN, OCI_KDE RSNE MAC_KDE LINK_KDE LINK_KDE, NULL },
	{ WPA_DESCRIPTOR_RSN, RSNE "dd05506f9a2c01" "f40120" "f202ffff", NULL },
	/* Padding; and what begins like it. */
	{ WPA_DESCRIPTOR_RSN, RSNE "dd", NULL },
	{ WPA_DESCRIPTOR_RSN, RSNE "dd00", NULL },
	{ WPA_DESCRIPTOR_RSN, RSNE "dd00000000000000", NULL },
	{ WPA_DESCRIPTOR_RSN, RSNE "dd00" OCI_KDE "dd", NULL },
	{ WPA_DESCRIPTOR_RSN, RSNE "dd0000ff", "element 0 runs past its end" },
	{ WPA_DESCRIPTOR_RSN, RSNE "00", "element 0 runs past its end" },
	{ WPA_DESCRIPTOR_RSN, "dd00000000", "holds no RSNE" },

	{ WPA_DESCRIPTOR_RSN, RSNE MAC_KDE MAC_KDE, "more than one MAC Address KDE" },
	{ WPA_DESCRIPTOR_RSN, RSNE "f40120f40120", "more than one RSNXE" },
	{ WPA_DESCRIPTOR_RSN, RSNE "dd09" "000fac03" "00005e0053", "MAC Address KDE: it has 5 octets" },
	{ WPA_DESCRIPTOR_RSN, RSNE "dd04" "000fac03", "MAC Address KDE: it has 0 octets" },

	/* WPA1 has none of them, so they are passed over, as often as they come. */
	{ WPA_DESCRIPTOR_WPA, "dd06" "0050f201" "0100" "f401ff" "f401ff" MAC_KDE MAC_KDE, NULL },
	{ WPA_DESCRIPTOR_WPA, MAC_KDE, "holds no WPA element" },
};

static void test_cases(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t octets[256];
		size_t len = strlen(cases[i].key_data) / 2;
		wpa_eapol_key_t const m2 = {
			.descriptor = cases[i].descriptor, .key_data = octets, .key_data_len = len
		};
		wpa_key_data_t data;
		mpsk_error_t err = { "" };
		mpsk_status_t status;

		assert_true(mpsk_hex_decode(octets, len, cases[i].key_data, strlen(cases[i].key_data)));
		status = wpa_key_data_read(&data, &m2, &err);
		if (cases[i].error) {
			if (!strstr(err.text, cases[i].error)) fail_msg("%s: %s", cases[i].key_data, err.text);
			assert_int_equal(status, MPSK_BAD);
			continue;
		}
		if (status != MPSK_OK) fail_msg("%s: %s", cases[i].key_data, err.text);
		assert_int_equal(data.rsne.len, 2);
		assert_memory_equal(data.rsne.octets, "\x01\x00", 2);
	}
}

static void test_spans(void **state)
{
	static char const hex[] = RSNE "f40221ff" "3603a1b200" "370101" MAC_KDE LINK_KDE;
	uint8_t octets[sizeof(hex) / 2];
	wpa_eapol_key_t const m2 = {
		.descriptor = WPA_DESCRIPTOR_RSN, .key_data = octets, .key_data_len = sizeof(octets),
	};
	wpa_key_data_t data;

	(void) state;
	assert_true(mpsk_hex_decode(octets, sizeof(octets), hex, strlen(hex)));
	assert_int_equal(wpa_key_data_read(&data, &m2, NULL), MPSK_OK);
	assert_ptr_equal(data.rsne.octets, octets + 2);
	assert_ptr_equal(data.rsnxe.octets, octets + 6);
	assert_int_equal(data.rsnxe.len, 2);
	assert_ptr_equal(data.mde.octets, octets + 10);
	assert_int_equal(data.mde.len, 3);
	assert_ptr_equal(data.fte.octets, octets + 15);
	assert_int_equal(data.fte.len, 1);
	assert_memory_equal(data.mac.octets, "\x00\x00\x5e\x00\x53\x99", 6);
	assert_int_equal(data.mac.len, 6);
	assert_ptr_equal(data.mlo_link.octets, octets + 16 + 12 + 6);
	assert_int_equal(data.mlo_link.len, 7);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_spans),
	};

	return cmocka_run_group_tests_name("wpa/key_data", tests, NULL, NULL);
}
