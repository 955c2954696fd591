/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A station for tests: message 2 of every AKM, from the formulas of IEEE
 * 802.11-2020, 12.7.1, and libcrypto's own functions. It shares nothing with
 * the library under test but types.
 */
#ifndef MPSK_TESTS_M2_OWN_H
#define MPSK_TESTS_M2_OWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wpa/handshake.h"

typedef enum {
	OWN_HMAC_MD5,
	OWN_HMAC_SHA1,
	OWN_CMAC,
	OWN_HMAC_SHA384
} own_mic_t;

/* How an AKM is computed. */
typedef struct {
	wpa_suite_t	suite;
	uint8_t		version;
	unsigned	sha;		/* of its KDF: 256, 384; 1: PRF-n */
	own_mic_t	mic;
	bool		is_ft;
} own_akm_t;

#define OWN_AKM_COUNT 6
extern own_akm_t const own_akms[OWN_AKM_COUNT];

/* What the station of a test does. */
typedef struct {
	own_akm_t const	*akm;
	wpa_suite_t	cipher;
	unsigned	tk_bits;
	bool		offers_ltf;	/* an RSNXE with secure LTF */
	bool		has_kdk;	/* its PTK does have a KDK */
	bool		has_mld;	/* handshake between MLD addresses: its own stands in a MAC Address KDE */
	bool		wrong_name;	/* FT: PMKR1Name is another's */
	char const	*extra;		/* octets, as hex, at the end of the key data; or NULL */
	uint16_t	nonce;		/* its SNonce */
} own_station_t;

typedef struct {
	size_t	len;
	uint8_t	octets[512];
} own_frame_t;

extern mpsk_mac_t const own_aa, own_spa, own_mld;
extern mpsk_ssid_t const own_ssid;
extern uint8_t const own_anonce[WPA_NONCE_LEN];
extern wpa_pmk_t const own_pmk;

/* Message 2 of such a station with own_pmk. */
void own_frame_make(own_frame_t *frame, own_station_t const *station);

/* wpa_handshake_set() over a frame. */
mpsk_status_t own_handshake(wpa_handshake_t *hs, own_frame_t const *frame, mpsk_error_t *err);

#endif
