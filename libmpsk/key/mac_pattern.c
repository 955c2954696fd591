/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/mac_pattern.h"

#include <string.h>

#include "base/hex.h"

static bool is_separator(char c)
{
	return c == ':' || c == '-' || c == '.';
}

/* The digits before a '*'; a separator may stand after any of them but not twice in a row. */
static bool prefix_parse(mpsk_mac_pattern_t *pattern, char const *text, size_t len)
{
	bool may_separate = false;

	for (size_t i = 0; i < len; i++) {
		int digit = mpsk_hex_digit(text[i]);

		if (digit < 0) {
			if (!may_separate || !is_separator(text[i])) return false;
			may_separate = false;
			continue;
		}
		if (pattern->digits == MPSK_MAC_DIGITS) return false;
		pattern->mac.octets[pattern->digits / 2] |= (uint8_t) (pattern->digits % 2 ? digit : digit << 4);
		pattern->digits++;
		may_separate = true;
	}
	return true;
}

bool mpsk_mac_pattern_parse(mpsk_mac_pattern_t *pattern, char const *text, size_t len)
{
	memset(pattern, 0, sizeof(*pattern));
	if (len > 0 && text[len - 1] == '*') return prefix_parse(pattern, text, len - 1);
	pattern->digits = MPSK_MAC_DIGITS;
	return mpsk_mac_parse(&pattern->mac, text, len);
}

char *mpsk_mac_pattern_print(char out[static MPSK_MAC_PATTERN_TEXT_MAX], mpsk_mac_pattern_t const *pattern)
{
	if (pattern->digits == MPSK_MAC_DIGITS) return mpsk_mac_print(out, &pattern->mac);
	mpsk_hex_encode(out, pattern->mac.octets, MPSK_MAC_LEN);
	out[pattern->digits] = '*';
	out[pattern->digits + 1] = '\0';
	return out;
}

bool mpsk_mac_pattern_covers(mpsk_mac_pattern_t const *pattern, mpsk_mac_t const *mac)
{
	size_t whole = pattern->digits / 2;

	if (memcmp(pattern->mac.octets, mac->octets, whole) != 0) return false;
	return pattern->digits % 2 == 0 || ((pattern->mac.octets[whole] ^ mac->octets[whole]) & 0xf0) == 0;
}
