/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/ssid.h"

#include <string.h>

#include "base/octets.h"

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

char *mpsk_ssid_print(char out[static MPSK_SSID_TEXT_MAX], mpsk_ssid_t const *ssid)
{
	(void) mpsk_octets_print(out, ssid->octets, ssid->len);
	return out;
}

bool mpsk_ssid_parse(mpsk_ssid_t *ssid, char const *text)
{
	uint8_t octets[MPSK_SSID_MAX];
	size_t n;

	*ssid = (mpsk_ssid_t) { 0 };
	return mpsk_octets_parse(octets, MPSK_SSID_MAX, &n, text, strlen(text)) && mpsk_ssid_set(ssid, octets, n);
}
