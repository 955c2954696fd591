/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshakes for tests: message 2 as a station with a given PMK would send it.
 */
#ifndef TESTS_UNIT_INDEX_HANDSHAKE_MAKE_H
#define TESTS_UNIT_INDEX_HANDSHAKE_MAKE_H

#include <string.h>

#include "wpa/handshake.h"

#define M2_LEN		121
#define M2_MIC_AT	81

static mpsk_mac_t const make_aa = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0xf0 } };
static mpsk_mac_t const make_spa = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };

static inline mpsk_status_t m2_take(wpa_handshake_t *hs, uint8_t const *frame, uint8_t const *anonce,
				    mpsk_mac_t const *spa)
{
	return wpa_handshake_set(hs, &(wpa_relayed_t) {
		.aa = make_aa, .spa = *spa, .anonce = anonce, .anonce_len = WPA_NONCE_LEN,
		.frame = frame, .frame_len = M2_LEN }, NULL);
}

/* Message 2 of 121 octets with CCMP and the AKM 00-0F-AC:2; its MIC field holds the MIC where pmk is given. */
static inline mpsk_status_t m2_make(uint8_t frame[static M2_LEN], uint8_t anonce[static WPA_NONCE_LEN],
				    mpsk_mac_t const *spa, wpa_pmk_t const *pmk)
{
	static uint8_t const head[] = { 2, 3, 0, 117, 2, 0x01, 0x0a };
	static uint8_t const rsne[] = {
		0x30, 0x14, 1, 0, 0x00, 0x0f, 0xac, 4, 1, 0, 0x00, 0x0f, 0xac, 4, 1, 0, 0x00, 0x0f, 0xac, 2, 0x80, 0
	};
	uint8_t mic[WPA_MIC_MAX];
	wpa_handshake_t hs;
	mpsk_status_t status;

	memset(frame, 0, M2_LEN);
	memcpy(frame, head, sizeof(head));
	frame[16] = 1;
	memset(frame + 17, 0x5a, WPA_NONCE_LEN);
	frame[98] = sizeof(rsne);
	memcpy(frame + 99, rsne, sizeof(rsne));
	memset(anonce, 0xa5, WPA_NONCE_LEN);
	status = m2_take(&hs, frame, anonce, spa);
	if (status != MPSK_OK || !pmk)
		return status;
	if (wpa_handshake_mic(mic, &hs, pmk, 0) != MPSK_OK)
		return MPSK_ERR;
	memcpy(frame + M2_MIC_AT, mic, hs.akm->mic_len);
	return MPSK_OK;
}

static inline mpsk_status_t handshake_make(wpa_handshake_t *hs, wpa_pmk_t const *pmk)
{
	uint8_t frame[M2_LEN], anonce[WPA_NONCE_LEN];

	if (m2_make(frame, anonce, &make_spa, pmk) != MPSK_OK)
		return MPSK_ERR;
	return m2_take(hs, frame, anonce, &make_spa);
}

#endif
