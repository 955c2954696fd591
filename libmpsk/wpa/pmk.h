/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PSK to PMK: IEEE 802.11-2020, 12.7.1.3 and annex J.4.
 */
#ifndef MPSK_WPA_PMK_H
#define MPSK_WPA_PMK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ssid.h"
#include "base/status.h"

#define WPA_PMK_LEN		32
#define WPA_PASSPHRASE_MIN	8
#define WPA_PASSPHRASE_MAX	63
#define WPA_PSK_MAX		64	/* 64 hex digits: the PMK itself */

typedef struct {
	uint8_t octets[WPA_PMK_LEN];
} wpa_pmk_t;

/* A PSK as it was typed: a passphrase of 8 to 63 octets, or 64 hex digits. */
typedef struct {
	uint8_t	len;
	uint8_t	octets[WPA_PSK_MAX];
} wpa_psk_t;

/*
 * Take a PSK. BAD, with a text that gives the length and never the PSK,
 * where it is neither 8 to 63 octets nor 64 hex digits.
 */
mpsk_status_t wpa_psk_set(wpa_psk_t *psk, void const *octets, size_t len, mpsk_error_t *err);

/* Whether it is 64 hex digits, so the same PMK for every SSID, and of no use to SAE. */
bool wpa_psk_is_pmk(wpa_psk_t const *psk);

/* Whether it holds only what the standard lets a person type: ASCII 32 to 126. */
bool wpa_psk_is_ascii(wpa_psk_t const *psk);

/*
 * Derive the PMK: PBKDF2-HMAC-SHA1(passphrase, SSID, 4096, 32 octets), about
 * 2 ms; or decode 64 hex digits. ERR only where libcrypto fails.
 */
mpsk_status_t wpa_pmk_derive(wpa_pmk_t *pmk, wpa_psk_t const *psk, mpsk_ssid_t const *ssid);

#endif
