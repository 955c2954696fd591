/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/cipher.h"

#include <stddef.h>

static struct {
	wpa_suite_t	suite;
	uint16_t	tk_bits;
} const ciphers[] = {
	{ WPA_CIPHER_TKIP,	256 },
	{ WPA_CIPHER_CCMP,	128 },
	{ WPA_CIPHER_GCMP,	128 },
	{ WPA_CIPHER_GCMP_256,	256 },
	{ WPA_CIPHER_CCMP_256,	256 },
};

uint16_t wpa_cipher_tk_bits(wpa_suite_t cipher)
{
	for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++) {
		if (ciphers[i].suite == cipher) return ciphers[i].tk_bits;
	}
	return 0;
}
