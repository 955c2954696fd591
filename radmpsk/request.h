/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Access-Request as hostapd 2.11 sends it: the same attributes in the
 * same order. Other makers' access points share the first of them.
 */
#ifndef RADMPSK_REQUEST_H
#define RADMPSK_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/ssid.h"
#include "base/status.h"
#include "radmpsk/dialect.h"
#include "radius/packet.h"
#include "wpa/rsne.h"

struct request {
	dialect_t const	*dialect;		/* NULL: hostapd */
	mpsk_mac_t	mac;
	mpsk_mac_t	bssid;
	mpsk_ssid_t	ssid;
	char const	*nas_id;
	size_t		nas_address_len;	/* 4, 16, or 0: no such attribute */
	uint8_t		nas_address[16];

	wpa_suite_t	bound_suite;		/* bound: what WLAN-AKM-Suite says; 0: it is not sent */
	wpa_suite_t	suite;			/* 0: bound, so no handshake is relayed */
	uint8_t const	*anonce;		/* 32 octets */
	uint8_t const	*frame;			/* message 2 */
	size_t		frame_len;
};

/* Build and sign it. BAD, with a text, where a value does not fit; ERR where libcrypto fails. */
mpsk_status_t request_build(radius_packet_t *packet, request_t const *request, radius_secret_t const *secret,
			    uint8_t id, uint8_t const authenticator[static RADIUS_AUTHENTICATOR_LEN],
			    mpsk_error_t *err);

/* Append the station's User-Name as its access point writes it. */
mpsk_status_t request_user_add(radius_packet_t *packet, request_t const *request, mpsk_error_t *err);

/* Append who sends it and, where it is about a station, which one. */
mpsk_status_t request_place_add(radius_packet_t *packet, request_t const *request, bool of_station,
				mpsk_error_t *err);

#endif
