/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Key data. The input: an octet, odd for WPA1's descriptor and even for
 * RSN's, then the key data.
 */
#include "tests/fuzz/fuzz.h"
#include "wpa/akm.h"
#include "wpa/rsne.h"

#define RSN_CCMP	0x000fac04
#define RSN_8021X	0x000fac01
#define WPA_TKIP	0x0050f202
#define WPA_8021X	0x0050f201

/* Whether these four octets stand somewhere in the key data. */
static int stands_in(wpa_suite_t suite, uint8_t const *p, size_t len)
{
	uint8_t const octets[4] = {
		(uint8_t) (suite >> 24), (uint8_t) (suite >> 16), (uint8_t) (suite >> 8), (uint8_t) suite
	};

	return memmem(p, len, octets, sizeof(octets)) != NULL;
}

/* How many elements of the kind there are; -1 where the elements do not fill the key data to the octet. */
static int count(uint8_t const *p, size_t len, wpa_descriptor_t descriptor)
{
	int n = 0;

	while (len >= 2 && len - 2 >= p[1]) {
		if (descriptor == WPA_DESCRIPTOR_RSN) {
			n += p[0] == 48;
		} else {
			n += p[0] == 221 && p[1] >= 4 && memcmp(p + 2, "\x00\x50\xf2\x01", 4) == 0;
		}
		len -= 2 + (size_t) p[1];
		p += 2 + p[1];
	}
	return len ? -1 : n;
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	fuzz_input_t in = { data, size };
	int is_wpa = fuzz_octet(&in) & 1;
	size_t len;
	uint8_t *key_data = fuzz_take(&in, in.left, &len);
	wpa_eapol_key_t const m2 = {
		.descriptor = is_wpa ? WPA_DESCRIPTOR_WPA : WPA_DESCRIPTOR_RSN,
		.mic_offset = 81, .mic_len = 16, .key_data = key_data, .key_data_len = len,
	};
	wpa_rsne_t rsne;
	mpsk_error_t err = { "" };
	char text[WPA_SUITE_TEXT_MAX];
	mpsk_status_t status = wpa_rsne_find(&rsne, &m2, &err);

	if (status == MPSK_OK) {
		FUZZ_CHECK(count(key_data, len, m2.descriptor) == 1);
		FUZZ_CHECK(rsne.pairwise == (is_wpa ? WPA_TKIP : RSN_CCMP) || stands_in(rsne.pairwise, key_data, len));
		FUZZ_CHECK(rsne.akm == (is_wpa ? WPA_8021X : RSN_8021X) || stands_in(rsne.akm, key_data, len));
		FUZZ_CHECK(strlen(wpa_suite_print(text, rsne.akm)) >= strlen("00-0F-AC:2"));
	} else {
		FUZZ_CHECK(status == MPSK_BAD);
		fuzz_check_error(&err);
	}
	free(key_data);
	return 0;
}
