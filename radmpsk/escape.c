/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/escape.h"

#include "base/hex.h"

char *escape_print(char *out, uint8_t const *octets, size_t len)
{
	char *p = out;

	for (size_t i = 0; i < len; i++) {
		if (octets[i] >= ' ' && octets[i] <= '~' && octets[i] != '"' && octets[i] != '\\') {
			*p++ = (char) octets[i];
			continue;
		}
		*p++ = '\\';
		*p++ = 'x';
		mpsk_hex_encode(p, &octets[i], 1);
		p += 2;
	}
	*p = '\0';
	return out;
}
