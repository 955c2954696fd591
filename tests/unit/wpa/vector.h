/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reader of tests/vectors: requests that hostapd sent, with the key behind each.
 */
#ifndef MPSK_TESTS_VECTOR_H
#define MPSK_TESTS_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/ssid.h"
#include "wpa/eapol_key.h"
#include "wpa/handshake.h"
#include "wpa/pmk.h"

#define VECTOR_COUNT		12	/* files in tests/vectors: a missing one fails the test */
#define VECTOR_SECRET		"testing123"
#define VECTOR_PACKET_MAX	4096

typedef struct {
	char		name[64];
	mpsk_ssid_t	ssid;
	size_t		passphrase_len;
	uint8_t		passphrase[WPA_PSK_MAX];
	wpa_pmk_t	pmk;
	mpsk_mac_t	bssid;
	mpsk_mac_t	sta;
	uint32_t	akm;		/* as the request's WLAN-AKM-Suite says */
	uint8_t		anonce[WPA_NONCE_LEN];
	size_t		frame_len;
	uint8_t		frame[WPA_FRAME_MAX];
	size_t		request_len;
	uint8_t		request[VECTOR_PACKET_MAX];
	size_t		answer_len;
	uint8_t		answer[VECTOR_PACKET_MAX];
} vector_t;

/* Read all of them in the order of their names; fails the test where one is missing or malformed. */
void vectors_load(vector_t vectors[static VECTOR_COUNT]);

/* The one of that name; fails the test where there is none. */
vector_t const *vector_find(vector_t const *vectors, char const *name);

/* wpa_handshake_set() over a vector. */
mpsk_status_t vector_handshake(wpa_handshake_t *hs, vector_t const *vector, mpsk_error_t *err);

#endif
