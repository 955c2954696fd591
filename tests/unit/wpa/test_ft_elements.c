/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/hex.h"
#include "wpa/ft_elements.h"

#define CHOICE "0100" "000fac04" "0100" "000fac04" "0100" "000fac04" "0c00"
#define NAME "00112233445566778899aabbccddeeff"
#define RSNE "3026" CHOICE "0100" NAME
#define MDE "3603" "a1b2" "00"
#define ZERO16 "00000000000000000000000000000000"
#define NONCES ZERO16 ZERO16 ZERO16 ZERO16
#define HEAD16 "0000" ZERO16 NONCES
#define HEAD24 "0000" ZERO16 "0000000000000000" NONCES
#define R1KH "0106" "00005e005301"
#define R0KH "0303" "617031"

static struct {
	char const	*key_data;
	size_t		mic_len;
	char const	*error;		/* NULL: OK */
} const cases[] = {
	{ RSNE MDE "375f" HEAD16 R1KH R0KH, 16, NULL },
	{ RSNE MDE "375f" HEAD16 R0KH R1KH, 16, NULL },
	{ RSNE MDE "3767" HEAD24 R1KH R0KH, 24, NULL },
	{ MDE "375f" HEAD16 R1KH R0KH RSNE, 16, NULL },
	{ RSNE "3604" "a1b2" "0000" "375f" HEAD16 R1KH R0KH, 16, NULL },
	/* GTK, OCI and what a later standard may add are passed over. */
	{ RSNE MDE "3766" HEAD16 R1KH "0203010203" "0900" R0KH, 16, NULL },
	{ RSNE MDE "375f" HEAD16 R1KH R0KH "dd000000", 16, NULL },

	{ RSNE "375f" HEAD16 R1KH R0KH, 16, "holds no MDE" },
	{ RSNE MDE, 16, "holds no FTE" },
	{ RSNE MDE MDE "375f" HEAD16 R1KH R0KH, 16, "more than one MDE" },
	{ RSNE MDE "375f" HEAD16 R1KH R0KH "3700", 16, "more than one FTE" },
	{ RSNE "3602" "a1b2" "375f" HEAD16 R1KH R0KH, 16, "MDE: it has 2 octets" },
	{ RSNE "3600" "375f" HEAD16 R1KH R0KH, 16, "MDE: it has 0 octets" },
	{ RSNE MDE "3700", 16, "FTE: it has 0 octets, fewer than 82" },
	{ RSNE MDE "3752" HEAD16, 24, "FTE: it has 82 octets, fewer than 90" },
	{ RSNE MDE "3752" HEAD16, 16, "FTE: it holds no R1KH-ID" },
	{ RSNE MDE "375a" HEAD16 R1KH, 16, "FTE: it holds no R0KH-ID" },
	{ RSNE MDE "3757" HEAD16 R0KH, 16, "FTE: it holds no R1KH-ID" },
	{ RSNE MDE "3764" HEAD16 R1KH R0KH R0KH, 16, "FTE: it holds more than one R0KH-ID" },
	{ RSNE MDE "3767" HEAD16 R1KH R1KH R0KH, 16, "FTE: it holds more than one R1KH-ID" },
	{ RSNE MDE "375e" HEAD16 "0105" "00005e0053" R0KH, 16, "FTE: its R1KH-ID has 5 octets" },
	{ RSNE MDE "375c" HEAD16 R1KH "0300", 16, "FTE: its R0KH-ID has 0 octets" },
	{ RSNE MDE "378d" HEAD16 R1KH "0331" ZERO16 ZERO16 ZERO16 "00", 16, "FTE: its R0KH-ID has 49 octets" },
	{ RSNE MDE "3760" HEAD16 R1KH R0KH "02", 16, "FTE: its sub-element 2 runs past its end" },
	{ RSNE MDE "375e" HEAD16 R1KH "0303" "6170", 16, "FTE: its sub-element 3 runs past its end" },
	{ "3014" CHOICE MDE "375f" HEAD16 R1KH R0KH, 16, "RSNE: it has 0 PMKIDs" },
	{ "3016" CHOICE "0000" MDE "375f" HEAD16 R1KH R0KH, 16, "RSNE: it has 0 PMKIDs" },
	{ "3036" CHOICE "0200" NAME NAME MDE "375f" HEAD16 R1KH R0KH, 16, "RSNE: it has 2 PMKIDs" },
};

static mpsk_status_t read_hex(wpa_ft_t *ft, char const *hex, size_t mic_len, mpsk_error_t *err)
{
	uint8_t octets[256];
	size_t len = strlen(hex) / 2;
	wpa_eapol_key_t const m2 = { .descriptor = WPA_DESCRIPTOR_RSN, .key_data = octets, .key_data_len = len };
	wpa_key_data_t data;
	wpa_rsne_t rsne;
	mpsk_status_t status;

	assert_true(mpsk_hex_decode(octets, len, hex, strlen(hex)));
	status = wpa_key_data_read(&data, &m2, err);
	if (status == MPSK_OK) status = wpa_rsne_read(&rsne, m2.descriptor, &data.rsne, err);
	return status == MPSK_OK ? wpa_ft_elements_read(ft, &data, &rsne, mic_len, err) : status;
}

static void test_cases(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		wpa_ft_t ft = { .r0kh_id_len = 0 };
		mpsk_error_t err = { "" };
		mpsk_status_t status = read_hex(&ft, cases[i].key_data, cases[i].mic_len, &err);

		if (cases[i].error) {
			if (!strstr(err.text, cases[i].error)) fail_msg("%s: %s", cases[i].error, err.text);
			assert_int_equal(status, MPSK_BAD);
			continue;
		}
		if (status != MPSK_OK) fail_msg("case %zu: %s", i, err.text);
		assert_int_equal(ft.r0kh_id_len, 3);
		assert_memory_equal(ft.r0kh_id, "ap1", 3);
		assert_memory_equal(ft.r1kh_id, "\x00\x00\x5e\x00\x53\x01", 6);
		assert_memory_equal(ft.mdid, "\xa1\xb2", 2);
		assert_memory_equal(ft.pmk_r1_name, "\x00\x11\x22\x33", 4);
	}
}

static void test_longest_r0kh_id(void **state)
{
	static char const hex[] = RSNE MDE "378c" HEAD16 R1KH "0330" ZERO16 NAME NAME;
	wpa_ft_t ft = { .r0kh_id_len = 0 };

	(void) state;
	assert_int_equal(read_hex(&ft, hex, 16, NULL), MPSK_OK);
	assert_int_equal(ft.r0kh_id_len, 48);
	assert_int_equal(ft.r0kh_id[47], 0xff);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_longest_r0kh_id),
	};

	return cmocka_run_group_tests_name("wpa/ft_elements", tests, NULL, NULL);
}
