/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pairwise ciphers: IEEE 802.11-2020, tables 9-149 and 12-8.
 */
#ifndef MPSK_WPA_CIPHER_H
#define MPSK_WPA_CIPHER_H

#include <stdint.h>

#include "wpa/rsne.h"

#define WPA_CIPHER_TKIP		0x000fac02
#define WPA_CIPHER_CCMP		0x000fac04
#define WPA_CIPHER_GCMP		0x000fac08
#define WPA_CIPHER_GCMP_256	0x000fac09
#define WPA_CIPHER_CCMP_256	0x000fac0a

/* The bits of its TK; 0 for a cipher that is not known, or none for pairwise keys. */
uint16_t wpa_cipher_tk_bits(wpa_suite_t cipher);

#endif
