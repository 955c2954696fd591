/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/octets.h"

#include <string.h>

#include "base/hex.h"

bool mpsk_octets_set(mpsk_octets_t *octets, void const *from, size_t len)
{
	*octets = (mpsk_octets_t) { 0 };
	if (len > MPSK_OCTETS_MAX) return false;
	if (len) memcpy(octets->octets, from, len);
	octets->len = (uint8_t) len;
	return true;
}

static bool prints_as_itself(uint8_t c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

size_t mpsk_octets_print(char *out, void const *octets, size_t n)
{
	uint8_t const *from = octets;
	char *p = out;

	for (size_t i = 0; i < n; i++) {
		if (prints_as_itself(from[i])) {
			*p++ = (char) from[i];
			continue;
		}
		*p++ = '\\';
		*p++ = 'x';
		mpsk_hex_encode(p, &from[i], 1);
		p += 2;
	}
	*p = '\0';
	return (size_t) (p - out);
}

/* One octet of what was typed; returns the characters it took, 0 where an escape is broken. */
static size_t octet_parse(uint8_t *octet, char const *text, size_t len)
{
	if (text[0] != '\\') {
		*octet = (uint8_t) text[0];
		return 1;
	}
	if (len < 2) return 0;
	if (text[1] == '\\') {
		*octet = '\\';
		return 2;
	}
	if (text[1] != 'x' || len < 4) return 0;
	return mpsk_hex_decode(octet, 1, text + 2, 2) ? 4 : 0;
}

bool mpsk_octets_parse(uint8_t *octets, size_t max, size_t *n, char const *text, size_t len)
{
	*n = 0;
	while (len) {
		size_t used;

		if (*n == max || !(used = octet_parse(&octets[*n], text, len))) return false;
		(*n)++;
		text += used;
		len -= used;
	}
	return true;
}
