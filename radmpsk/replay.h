/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A handshake from a file: what a station once said, to be said again.
 */
#ifndef RADMPSK_REPLAY_H
#define RADMPSK_REPLAY_H

#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/ssid.h"
#include "base/status.h"
#include "wpa/eapol_key.h"
#include "wpa/pmk.h"
#include "wpa/rsne.h"

typedef struct {
	mpsk_ssid_t	ssid;
	mpsk_mac_t	bssid;
	mpsk_mac_t	mac;
	wpa_suite_t	suite;
	uint8_t		anonce[WPA_NONCE_LEN];
	size_t		frame_len;
	uint8_t		frame[WPA_FRAME_MAX];
	wpa_psk_t	psk;	/* len 0: the file does not say */
} replay_t;

/*
 * Read a file of lines `name=hex digits`: ssid, bssid, sta, akm, anonce and
 * eapol, and passphrase where it is known; other lines are passed over. BAD,
 * with a text that names the line, where one is missing or malformed. The
 * caller wipes the result.
 */
mpsk_status_t replay_read(replay_t *replay, char const *path, mpsk_error_t *err);

#endif
