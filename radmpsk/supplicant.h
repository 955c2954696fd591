/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The station's side of a 4-way handshake, up to message 2, and the ANonce
 * that an access point gave it.
 */
#ifndef RADMPSK_SUPPLICANT_H
#define RADMPSK_SUPPLICANT_H

#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/ssid.h"
#include "base/status.h"
#include "wpa/akm.h"
#include "wpa/eapol_key.h"
#include "wpa/handshake.h"
#include "wpa/pmk.h"

#define SUPPLICANT_FRAME_MAX 320

/* What a station may be told to use. */
typedef struct {
	char const	*name;		/* as --akm takes it */
	wpa_suite_t	suite;
	uint8_t		version;
	wpa_suite_t	cipher;		/* pairwise and group */
	uint16_t	capabilities;	/* of the RSNE */
	wpa_suite_t	management;	/* group management cipher; 0: the RSNE ends before it */
	wpa_suite_t	told;		/* what the access point says in WLAN-AKM-Suite */
} supplicant_akm_t;

typedef struct {
	uint8_t	anonce[WPA_NONCE_LEN];
	uint8_t	snonce[WPA_NONCE_LEN];
} supplicant_nonces_t;

typedef struct {
	uint8_t	anonce[WPA_NONCE_LEN];
	size_t	frame_len;
	uint8_t	frame[SUPPLICANT_FRAME_MAX];	/* message 2, MIC and all */
} supplicant_handshake_t;

/* Between whom; FT hashes the SSID and, as R0KH-ID, the NAS id too. */
typedef struct {
	mpsk_mac_t	bssid;		/* R1KH-ID too, as with hostapd */
	mpsk_mac_t	mac;
	mpsk_ssid_t	ssid;
	char const	*nas_id;
} supplicant_link_t;

/* The rows, up to one whose name is NULL; those of SAE make no handshake. */
extern supplicant_akm_t const supplicant_akms[];

/* The row of that name, or NULL. */
supplicant_akm_t const *supplicant_akm_find(char const *name);

/*
 * Compute message 2, and the handshake as whoever is asked takes it in.
 * MISS, with a text, where the AKM table does not have this one; BAD, with a
 * text, where FT cannot have such a NAS id; ERR where libcrypto fails.
 */
mpsk_status_t supplicant_join(supplicant_handshake_t *made, wpa_handshake_t *hs, supplicant_akm_t const *choice,
			      supplicant_link_t const *link, supplicant_nonces_t const *nonces, wpa_pmk_t const *pmk,
			      mpsk_error_t *err);

#endif
