/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/hex.h"
#include "wpa/rsne.h"

/* Key data as hex, and what it is to give: error NULL means OK. */
typedef struct {
	char const	*key_data;
	wpa_suite_t	pairwise;
	wpa_suite_t	akm;
	char const	*error;
} case_t;

#define CCMP "000fac04"
#define PSK "000fac02"
#define RSNE "3014" "0100" CCMP "0100" CCMP "0100" PSK "0c00"
#define PMKID "00112233445566778899aabbccddeeff"

static case_t const rsn[] = {
	{ RSNE, 0x000fac04, 0x000fac02, NULL },
	{ "3002" "0100", 0x000fac04, 0x000fac01, NULL },
	{ "3006" "0100" CCMP, 0x000fac04, 0x000fac01, NULL },
	{ "300c" "0100" CCMP "0100" "000fac02", 0x000fac02, 0x000fac01, NULL },
	{ "3012" "0100" CCMP "0100" CCMP "0100" PSK, 0x000fac04, 0x000fac02, NULL },
	{ "3016" "0100" CCMP "0100" CCMP "0100" PSK "0c00" "0000", 0x000fac04, 0x000fac02, NULL },
	{ "3026" "0100" CCMP "0100" CCMP "0100" PSK "0c00" "0100" PMKID, 0x000fac04, 0x000fac02, NULL },
	{ "303a" "0100" CCMP "0100" CCMP "0100" PSK "0c00" "0200" PMKID PMKID "000fac06", 0x000fac04, 0x000fac02,
	  NULL },
	{ "301c" "0100" CCMP "0100" CCMP "0100" PSK "0c00" "0000" "000fac06" "ffff", 0x000fac04, 0x000fac02, NULL },
	{ RSNE "3603a1b200" "f40120", 0x000fac04, 0x000fac02, NULL },
	{ "dd04000fac0a" RSNE "dd00", 0x000fac04, 0x000fac02, NULL },
	{ "dd160050f20101000050f20201000050f20201000050f202" RSNE, 0x000fac04, 0x000fac02, NULL },

	{ "", 0, 0, "holds no RSNE" },
	{ "f40120", 0, 0, "holds no RSNE" },
	{ RSNE RSNE, 0, 0, "more than one RSNE" },
	{ RSNE "00", 0, 0, "element 0 runs past its end" },
	{ RSNE "dd01", 0, 0, "element 221 runs past its end" },
	{ RSNE "dd05000fac0a", 0, 0, "element 221 runs past its end" },
	{ "3000", 0, 0, "RSNE: it ends in the middle" },
	{ "300101", 0, 0, "RSNE: it ends in the middle" },
	{ "3014" "0200" CCMP "0100" CCMP "0100" PSK "0c00", 0, 0, "RSNE: its version is 2" },
	{ "3014" "0001" CCMP "0100" CCMP "0100" PSK "0c00", 0, 0, "RSNE: its version is 256" },
	{ "3005" "0100" "000fac", 0, 0, "RSNE: it ends in the middle" },
	{ "3007" "0100" CCMP "01", 0, 0, "RSNE: it ends in the middle" },
	{ "3008" "0100" CCMP "0100", 0, 0, "RSNE: it ends in the middle" },
	{ "3008" "0100" CCMP "0000", 0, 0, "names 0 pairwise cipher suites" },
	{ "3010" "0100" CCMP "0200" CCMP CCMP, 0, 0, "names 2 pairwise cipher suites" },
	{ "300c" "0100" CCMP "ffff" CCMP, 0, 0, "names 65535 pairwise cipher suites" },
	{ "3010" "0100" CCMP "0100" CCMP "0000" "0c00", 0, 0, "names 0 AKM suites" },
	{ "3018" "0100" CCMP "0100" CCMP "0200" PSK PSK "0c00", 0, 0, "names 2 AKM suites" },
	{ "3013" "0100" CCMP "0100" CCMP "0100" PSK "0c", 0, 0, "RSNE: it ends in the middle" },
	{ "3015" "0100" CCMP "0100" CCMP "0100" PSK "0c00" "00", 0, 0, "RSNE: it ends in the middle" },
	{ "3016" "0100" CCMP "0100" CCMP "0100" PSK "0c00" "0100", 0, 0, "RSNE: it ends in the middle" },
	{ "3016" "0100" CCMP "0100" CCMP "0100" PSK "0c00" "ffff", 0, 0, "RSNE: it ends in the middle" },
	{ "3019" "0100" CCMP "0100" CCMP "0100" PSK "0c00" "0000" "000fac", 0, 0, "RSNE: it ends in the middle" },
};

#define TKIP1 "0050f202"
#define WPA1 "dd16" "0050f201" "0100" TKIP1 "0100" TKIP1 "0100" "0050f202"

static case_t const wpa1[] = {
	{ WPA1, 0x0050f202, 0x0050f202, NULL },
	{ "dd06" "0050f201" "0100", 0x0050f202, 0x0050f201, NULL },
	{ "dd18" "0050f201" "0100" TKIP1 "0100" "0050f204" "0100" "0050f202" "0000", 0x0050f204, 0x0050f202, NULL },
	{ "dd040050f204" WPA1 "3000", 0x0050f202, 0x0050f202, NULL },

	{ RSNE, 0, 0, "holds no WPA element" },
	{ "dd030050f2", 0, 0, "holds no WPA element" },
	{ WPA1 WPA1, 0, 0, "more than one WPA element" },
	{ "dd040050f201", 0, 0, "WPA element: it ends in the middle" },
	{ "dd06" "0050f201" "0000", 0, 0, "WPA element: its version is 0" },
	{ "dd10" "0050f201" "0100" TKIP1 "0000" TKIP1, 0, 0, "names 0 pairwise cipher suites" },
};

static void run(wpa_descriptor_t descriptor, case_t const *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t octets[256];
		size_t len = strlen(cases[i].key_data) / 2;
		wpa_eapol_key_t m2 = { .descriptor = descriptor, .key_data = octets, .key_data_len = len };
		mpsk_error_t err = { "" };
		wpa_key_data_t data;
		wpa_rsne_t rsne;
		mpsk_status_t status;

		assert_true(mpsk_hex_decode(octets, len, cases[i].key_data, strlen(cases[i].key_data)));
		status = wpa_key_data_read(&data, &m2, &err);
		if (status == MPSK_OK) status = wpa_rsne_read(&rsne, descriptor, &data.rsne, &err);
		if (cases[i].error) {
			if (!strstr(err.text, cases[i].error)) fail_msg("%s: %s", cases[i].key_data, err.text);
			assert_int_equal(status, MPSK_BAD);
			continue;
		}
		if (status != MPSK_OK) fail_msg("%s: %s", cases[i].key_data, err.text);
		assert_true(rsne.pairwise == cases[i].pairwise);
		assert_true(rsne.akm == cases[i].akm);
	}
}

static void test_rsn(void **state)
{
	(void) state;
	run(WPA_DESCRIPTOR_RSN, rsn, sizeof(rsn) / sizeof(rsn[0]));
}

static void test_pmkids(void **state)
{
	static uint8_t octets[] = {
		1, 0, 0, 0x0f, 0xac, 4, 1, 0, 0, 0x0f, 0xac, 4, 1, 0, 0, 0x0f, 0xac, 2, 0, 0, 2, 0,
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
	};
	wpa_rsne_t rsne;

	(void) state;
	assert_int_equal(wpa_rsne_read(&rsne, WPA_DESCRIPTOR_RSN, &(wpa_element_t) { octets, sizeof(octets) }, NULL),
			 MPSK_OK);
	assert_int_equal(rsne.n_pmkids, 2);
	assert_ptr_equal(rsne.pmkids, octets + 22);
	octets[20] = 0;
	assert_int_equal(wpa_rsne_read(&rsne, WPA_DESCRIPTOR_RSN, &(wpa_element_t) { octets, 22 }, NULL), MPSK_OK);
	assert_int_equal(rsne.n_pmkids, 0);
	assert_null(rsne.pmkids);
}

static void test_secure_ltf(void **state)
{
	static struct {
		uint8_t	octets[4];
		size_t	len;
		bool	offered;
	} const cases[] = {
		{ { 0x01, 0x01 }, 2, true }, { { 0x21, 0xff }, 2, true }, { { 0x02, 0x01, 0x00 }, 3, true },
		{ { 0x0f, 0x01 }, 2, true },
		{ { 0x01, 0x00 }, 2, false }, { { 0x01, 0xfe }, 2, false }, { { 0x20 }, 1, false }, { { 0 }, 0, false },
		{ { 0x00, 0x01 }, 2, false },	/* what follows the field is not of it */
		{ { 0x01, 0x01 }, 1, false },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		wpa_element_t const element = { cases[i].octets, cases[i].len };

		if (wpa_rsnxe_has_secure_ltf(&element) != cases[i].offered) fail_msg("case %zu", i);
	}
	assert_false(wpa_rsnxe_has_secure_ltf(&(wpa_element_t) { NULL, 0 }));
}

static void test_wpa1(void **state)
{
	(void) state;
	run(WPA_DESCRIPTOR_WPA, wpa1, sizeof(wpa1) / sizeof(wpa1[0]));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_rsn),
		cmocka_unit_test(test_pmkids),
		cmocka_unit_test(test_secure_ltf),
		cmocka_unit_test(test_wpa1),
	};

	return cmocka_run_group_tests_name("wpa/rsne", tests, NULL, NULL);
}
