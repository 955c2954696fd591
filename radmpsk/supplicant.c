/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/supplicant.h"

#include <string.h>

#define MIC_OFFSET		81
#define EAPOL_VERSION		1
#define EAPOL_TYPE_KEY		3
#define EAPOL_HEADER_LEN	4
#define RSNE_LEN		22

supplicant_akm_t const supplicant_akms[] = {
	{ "psk",	WPA_AKM_PSK,	2, 0x000fac04 },
	{ "psk-tkip",	WPA_AKM_PSK,	1, 0x000fac02 },
	{ "psk-sha256",	0x000fac06,	3, 0x000fac04 },
	{ NULL, 0, 0, 0 },
};

supplicant_akm_t const *supplicant_akm_find(char const *name)
{
	for (supplicant_akm_t const *row = supplicant_akms; row->name; row++) {
		if (strcmp(row->name, name) == 0) return row;
	}
	return NULL;
}

static uint8_t *be16_put(uint8_t *p, unsigned value)
{
	*p++ = (uint8_t) (value >> 8);
	*p++ = (uint8_t) value;
	return p;
}

static uint8_t *suite_put(uint8_t *p, wpa_suite_t suite)
{
	return be16_put(be16_put(p, suite >> 16), suite & 0xffff);
}

static uint8_t *one_suite_put(uint8_t *p, wpa_suite_t suite)
{
	*p++ = 1;	/* the count is little-endian */
	*p++ = 0;
	return suite_put(p, suite);
}

static uint8_t *rsne_put(uint8_t *p, supplicant_akm_t const *choice)
{
	static uint8_t const head[] = { 48, RSNE_LEN - 2, 1, 0 }, capabilities[] = { 0x0c, 0x00 };

	memcpy(p, head, sizeof(head));
	p = suite_put(p + sizeof(head), choice->cipher);
	p = one_suite_put(p, choice->cipher);
	p = one_suite_put(p, choice->suite);
	memcpy(p, capabilities, sizeof(capabilities));
	return p + sizeof(capabilities);
}

/* Message 2 with its MIC field zero. */
static void frame_build(supplicant_handshake_t *handshake, supplicant_akm_t const *choice, size_t mic_len,
			uint8_t const snonce[static WPA_NONCE_LEN])
{
	uint8_t *frame = handshake->frame, *p;

	handshake->frame_len = MIC_OFFSET + mic_len + 2 + RSNE_LEN;
	memset(frame, 0, sizeof(handshake->frame));
	frame[0] = EAPOL_VERSION;
	frame[1] = EAPOL_TYPE_KEY;
	be16_put(frame + 2, (unsigned) (handshake->frame_len - EAPOL_HEADER_LEN));
	frame[4] = WPA_DESCRIPTOR_RSN;
	be16_put(frame + 5, WPA_KEY_INFO_PAIRWISE | WPA_KEY_INFO_MIC | choice->version);
	frame[16] = 1;	/* the replay counter of a first message 1 */
	memcpy(frame + 17, snonce, WPA_NONCE_LEN);
	p = be16_put(frame + MIC_OFFSET + mic_len, RSNE_LEN);
	rsne_put(p, choice);
}

mpsk_status_t supplicant_join(supplicant_handshake_t *made, wpa_handshake_t *hs, supplicant_akm_t const *choice,
			      supplicant_link_t const *link, supplicant_nonces_t const *nonces, wpa_pmk_t const *pmk,
			      mpsk_error_t *err)
{
	wpa_akm_t const *akm = wpa_akm_find(choice->suite, choice->version);
	wpa_relayed_t relayed = {
		.aa = link->bssid, .spa = link->mac, .ssid = link->ssid,
		.anonce = made->anonce, .anonce_len = WPA_NONCE_LEN, .frame = made->frame,
	};
	char text[WPA_SUITE_TEXT_MAX];
	mpsk_status_t status;

	if (!akm) {
		return mpsk_error_set(err, MPSK_MISS, "AKM %s (key descriptor version %u) is not supported",
				      wpa_suite_print(text, choice->suite), choice->version);
	}
	memcpy(made->anonce, nonces->anonce, WPA_NONCE_LEN);
	frame_build(made, choice, akm->mic_len, nonces->snonce);
	relayed.frame_len = made->frame_len;

	status = wpa_handshake_set(hs, &relayed, err);
	if (status != MPSK_OK) return status;
	status = wpa_handshake_mic(hs->mic, hs, pmk, 0);
	memcpy(made->frame + MIC_OFFSET, hs->mic, akm->mic_len);
	if (status == MPSK_OK) return status;
	return mpsk_error_set(err, status, "libcrypto cannot compute the MIC of %s", akm->name);
}
