/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammars of MACs, of patterns of MACs and of SSIDs. The input is read
 * as each of them.
 */
#include "base/mac.h"
#include "base/ssid.h"
#include "key/mac_pattern.h"
#include "tests/fuzz/fuzz.h"

static void check_mac(char const *text, size_t len)
{
	mpsk_mac_t mac, again;
	char printed[MPSK_MAC_TEXT_MAX];
	size_t used = mpsk_mac_scan(&mac, text, len);

	FUZZ_CHECK(used == 0 || used == 12 || used == 14 || used == 17);
	FUZZ_CHECK(used <= len);
	FUZZ_CHECK(mpsk_mac_parse(&again, text, len) == (used && used == len));
	if (!used) return;
	FUZZ_CHECK(mpsk_mac_parse(&again, text, used) && memcmp(&mac, &again, sizeof(mac)) == 0);
	FUZZ_CHECK(strlen(mpsk_mac_print(printed, &mac)) == MPSK_MAC_TEXT_MAX - 1);
	FUZZ_CHECK(mpsk_mac_parse(&again, printed, strlen(printed)) && memcmp(&mac, &again, sizeof(mac)) == 0);
}

static void check_pattern(char const *text, size_t len)
{
	mpsk_mac_pattern_t pattern;
	mpsk_mac_t mac;

	if (!mpsk_mac_pattern_parse(&pattern, text, len)) {
		FUZZ_CHECK(!mpsk_mac_parse(&mac, text, len));
		return;
	}
	FUZZ_CHECK(pattern.digits <= MPSK_MAC_DIGITS);
	FUZZ_CHECK(mpsk_mac_pattern_covers(&pattern, &pattern.mac));
	for (size_t digit = 0; digit < MPSK_MAC_DIGITS; digit++) {
		mac = pattern.mac;
		mac.octets[digit / 2] ^= digit % 2 ? 0x01 : 0x10;
		FUZZ_CHECK(mpsk_mac_pattern_covers(&pattern, &mac) == (digit >= pattern.digits));
	}
}

static void check_ssid(mpsk_ssid_t const *ssid)
{
	static uint8_t const zero[MPSK_SSID_MAX];
	mpsk_ssid_t again;
	char printed[MPSK_SSID_TEXT_MAX];

	FUZZ_CHECK(ssid->len <= MPSK_SSID_MAX);
	FUZZ_CHECK(memcmp(ssid->octets + ssid->len, zero, (size_t) (MPSK_SSID_MAX - ssid->len)) == 0);
	FUZZ_CHECK(mpsk_ssid_print(printed, ssid) == printed && strlen(printed) < sizeof(printed));
	FUZZ_CHECK(fuzz_is_printable(printed) && !strchr(printed, '"'));
	FUZZ_CHECK(mpsk_ssid_parse(&again, printed) && mpsk_ssid_equal(ssid, &again));
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	fuzz_input_t in = { data, size };
	char *text = fuzz_text(data, size);
	size_t len;
	uint8_t *octets = fuzz_take(&in, size, &len);
	mpsk_ssid_t ssid;

	check_mac((char const *) octets, len);
	check_pattern((char const *) octets, len);
	FUZZ_CHECK(mpsk_ssid_set(&ssid, octets, len) == (len <= MPSK_SSID_MAX));
	check_ssid(&ssid);
	if (mpsk_ssid_parse(&ssid, text)) FUZZ_CHECK(ssid.len <= strlen(text));
	check_ssid(&ssid);
	free(octets);
	free(text);
	return 0;
}
