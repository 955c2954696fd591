/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The EAPOL-Key frame: IEEE 802.11-2020, 12.7.2, as 802.1X carries it.
 */
#ifndef MPSK_WPA_EAPOL_KEY_H
#define MPSK_WPA_EAPOL_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define WPA_NONCE_LEN	32
#define WPA_MIC_USUAL	16
#define WPA_MIC_MAX	24	/* of the SHA-384 AKMs */
#define WPA_FRAME_MAX	2048	/* a message 2 has 99 to about 600 octets */

#define WPA_KEY_INFO_VERSION	0x0007
#define WPA_KEY_INFO_PAIRWISE	0x0008
#define WPA_KEY_INFO_INSTALL	0x0040
#define WPA_KEY_INFO_ACK	0x0080
#define WPA_KEY_INFO_MIC	0x0100
#define WPA_KEY_INFO_SECURE	0x0200
#define WPA_KEY_INFO_ERROR	0x0400
#define WPA_KEY_INFO_REQUEST	0x0800
#define WPA_KEY_INFO_ENCRYPTED	0x1000
#define WPA_KEY_INFO_SMK	0x2000

typedef enum {
	WPA_DESCRIPTOR_RSN = 2,		/* WPA2 and later */
	WPA_DESCRIPTOR_WPA = 254	/* WPA1 */
} wpa_descriptor_t;

/* Message 2 of a first handshake; pointers lie within the frame, which the caller keeps. */
typedef struct {
	wpa_descriptor_t	descriptor;
	uint8_t			version;	/* key descriptor version: key information, bits 0 to 2 */
	uint8_t const		*snonce;	/* WPA_NONCE_LEN octets */
	size_t			mic_offset;	/* always 81 */
	size_t			mic_len;
	uint8_t const		*key_data;
	size_t			key_data_len;
} wpa_eapol_key_t;

/*
 * Read message 2 from a whole 802.1X PDU, its 4-octet header included.
 *
 * Strict: an EAPOL-Key of descriptor 2 or 254; pairwise and MIC set; ack,
 * install, secure, error, request, encrypted and SMK clear; body length and
 * key data length that fill the frame to the octet.
 *
 * How long the MIC is, the AKM says, which stands behind it: mic_len is
 * WPA_MIC_USUAL, or, to try with version 0, WPA_MIC_MAX.
 *
 * BAD, with a text that says which field, for anything else. Where only the
 * key data length does not fit, all but the key data is set, and that is NULL.
 */
mpsk_status_t wpa_eapol_key_parse_m2(wpa_eapol_key_t *m2, size_t mic_len, uint8_t const *frame, size_t len,
				     mpsk_error_t *err);

#endif
