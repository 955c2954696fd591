/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/hex.h"

bool mpsk_hex_decode(uint8_t *out, size_t n, char const *text, size_t len)
{
	if (len % 2 || len / 2 != n) return false;

	for (size_t i = 0; i < n; i++) {
		int high = mpsk_hex_digit(text[2 * i]), low = mpsk_hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0) return false;
		out[i] = (uint8_t) (high << 4 | low);
	}
	return true;
}

void mpsk_hex_encode(char *out, uint8_t const *octets, size_t n)
{
	static char const digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digits[octets[i] >> 4];
		*out++ = digits[octets[i] & 0x0f];
	}
	*out = '\0';
}
