/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/ssid.h"

#include <string.h>

#include "base/hex.h"

bool mpsk_ssid_set(mpsk_ssid_t *ssid, void const *octets, size_t len)
{
	*ssid = (mpsk_ssid_t) { 0 };
	if (len > MPSK_SSID_MAX) return false;
	if (len) memcpy(ssid->octets, octets, len);
	ssid->len = (uint8_t) len;
	return true;
}

bool mpsk_ssid_equal(mpsk_ssid_t const *a, mpsk_ssid_t const *b)
{
	return a->len == b->len && memcmp(a->octets, b->octets, a->len) == 0;
}

static bool prints_as_itself(uint8_t c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

char *mpsk_ssid_print(char out[static MPSK_SSID_TEXT_MAX], mpsk_ssid_t const *ssid)
{
	char *p = out;

	for (size_t i = 0; i < ssid->len; i++) {
		if (prints_as_itself(ssid->octets[i])) {
			*p++ = (char) ssid->octets[i];
			continue;
		}
		*p++ = '\\';
		*p++ = 'x';
		mpsk_hex_encode(p, &ssid->octets[i], 1);
		p += 2;
	}
	*p = '\0';
	return out;
}

/* One octet of what was typed; returns the characters it took, 0 where an escape is broken. */
static size_t octet_parse(uint8_t *octet, char const *text)
{
	if (text[0] != '\\') {
		*octet = (uint8_t) text[0];
		return 1;
	}
	if (text[1] == '\\') {
		*octet = '\\';
		return 2;
	}
	if (text[1] != 'x') return 0;
	return mpsk_hex_decode(octet, 1, text + 2, strnlen(text + 2, 2)) ? 4 : 0;
}

bool mpsk_ssid_parse(mpsk_ssid_t *ssid, char const *text)
{
	uint8_t octets[MPSK_SSID_MAX];
	size_t n = 0;

	*ssid = (mpsk_ssid_t) { 0 };
	while (*text) {
		size_t used;

		if (n == MPSK_SSID_MAX || !(used = octet_parse(&octets[n], text))) return false;
		n++;
		text += used;
	}
	return mpsk_ssid_set(ssid, octets, n);
}
