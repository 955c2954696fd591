/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/mac.h"

#include <stdio.h>

#include "base/hex.h"

#define DIGITS (2 * MPSK_MAC_LEN)

static bool is_separator(char c)
{
	return c == ':' || c == '-' || c == '.';
}

/*
 * The first separator settles where all others stand and which character they are: a mixture is no
 * address, and digits that run on without one are the start of something else.
 */
size_t mpsk_mac_scan(mpsk_mac_t *mac, char const *text, size_t len)
{
	mpsk_mac_t found = { 0 };
	size_t used = 0, group = 0, next = 0;
	char separator = '\0';

	for (size_t i = 0; i < DIGITS; i++) {
		int digit;

		if (!group && (i == 2 || i == 4) && used < len && is_separator(text[used])) {
			group = next = i;
			separator = text[used];
		}
		if (group && i == next) {
			if (used == len || text[used] != separator) return 0;
			used++;
			next += group;
		}
		if (used == len || (digit = mpsk_hex_digit(text[used])) < 0) return 0;
		found.octets[i / 2] = (uint8_t) (found.octets[i / 2] << 4 | digit);
		used++;
	}
	*mac = found;
	return used;
}

bool mpsk_mac_parse(mpsk_mac_t *mac, char const *text, size_t len)
{
	mpsk_mac_t found;
	size_t used = mpsk_mac_scan(&found, text, len);

	if (!used || used != len) return false;
	*mac = found;
	return true;
}

char *mpsk_mac_print(char out[static MPSK_MAC_TEXT_MAX], mpsk_mac_t const *mac)
{
	uint8_t const *o = mac->octets;

	snprintf(out, MPSK_MAC_TEXT_MAX, "%02x-%02x-%02x-%02x-%02x-%02x", o[0], o[1], o[2], o[3], o[4], o[5]);
	return out;
}
