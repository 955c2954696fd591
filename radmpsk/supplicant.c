/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/supplicant.h"

#include <stdbool.h>
#include <string.h>

#include "wpa/cipher.h"
#include "wpa/ft.h"

#define MIC_OFFSET		81
#define EAPOL_VERSION		1
#define EAPOL_TYPE_KEY		3
#define EAPOL_HEADER_LEN	4

#define CIPHER_WPA1_TKIP	0x0050f202
#define CIPHER_WPA1_CCMP	0x0050f204
#define CIPHER_BIP_CMAC		0x000fac06
#define CIPHER_BIP_GMAC_256	0x000fac0c

#define REPLAY	0x000c	/* RSN capabilities: 16 replay counters */
#define MFPC	0x0080
#define MFPR	0x0040

supplicant_akm_t const supplicant_akms[] = {
	{ "psk", WPA_AKM_PSK, 2, WPA_CIPHER_CCMP, REPLAY, 0, WPA_AKM_PSK },
	{ "psk-tkip", WPA_AKM_PSK, 1, WPA_CIPHER_TKIP, REPLAY, 0, WPA_AKM_PSK },
	{ "wpa", WPA_AKM_WPA1, 1, CIPHER_WPA1_TKIP, 0, 0, WPA_AKM_PSK },
	{ "wpa-ccmp", WPA_AKM_WPA1, 2, CIPHER_WPA1_CCMP, 0, 0, WPA_AKM_PSK },
	{ "psk-sha256", WPA_AKM_PSK_SHA256, 3, WPA_CIPHER_CCMP, REPLAY | MFPC, 0, WPA_AKM_PSK_SHA256 },
	{ "psk-sha256-gcmp256", WPA_AKM_PSK_SHA256, 3, WPA_CIPHER_GCMP_256, REPLAY | MFPC | MFPR, CIPHER_BIP_CMAC,
	  WPA_AKM_PSK_SHA256 },
	{ "psk-sha384", WPA_AKM_PSK_SHA384, 0, WPA_CIPHER_GCMP_256, REPLAY | MFPC | MFPR, CIPHER_BIP_GMAC_256,
	  WPA_AKM_PSK_SHA384 },
	{ "ft-psk", WPA_AKM_FT_PSK, 3, WPA_CIPHER_CCMP, REPLAY, 0, WPA_AKM_FT_PSK },
	{ "ft-psk-sha384", WPA_AKM_FT_PSK_SHA384, 0, WPA_CIPHER_GCMP_256, REPLAY | MFPC | MFPR, CIPHER_BIP_GMAC_256,
	  WPA_AKM_FT_PSK_SHA384 },
	{ .name = "sae", .suite = WPA_AKM_SAE, .told = WPA_AKM_SAE },
	{ .name = "ft-sae", .suite = WPA_AKM_FT_SAE, .told = WPA_AKM_FT_SAE },
	{ .name = "sae-ext-key", .suite = WPA_AKM_SAE_EXT, .told = WPA_AKM_SAE_EXT },
	{ .name = "ft-sae-ext-key", .suite = WPA_AKM_FT_SAE_EXT, .told = WPA_AKM_FT_SAE_EXT },
	{ NULL, 0, 0, 0, 0, 0, 0 },
};

supplicant_akm_t const *supplicant_akm_find(char const *name)
{
	for (supplicant_akm_t const *row = supplicant_akms; row->name; row++) {
		if (strcmp(row->name, name) == 0) return row;
	}
	return NULL;
}

static bool is_wpa1(supplicant_akm_t const *choice)
{
	return choice->suite == WPA_AKM_WPA1;
}

static uint8_t *be16_put(uint8_t *p, unsigned value)
{
	*p++ = (uint8_t) (value >> 8);
	*p++ = (uint8_t) value;
	return p;
}

static uint8_t *le16_put(uint8_t *p, unsigned value)
{
	*p++ = (uint8_t) value;
	*p++ = (uint8_t) (value >> 8);
	return p;
}

static uint8_t *suite_put(uint8_t *p, wpa_suite_t suite)
{
	return be16_put(be16_put(p, suite >> 16), suite & 0xffff);
}

static uint8_t *octets_put(uint8_t *p, void const *octets, size_t len)
{
	memcpy(p, octets, len);
	return p + len;
}

/* An element or sub-element is begun, and its length set at its end. */
static uint8_t *element_begin(uint8_t *p, uint8_t id)
{
	p[0] = id;
	return p + 2;
}

static uint8_t *element_end(uint8_t *begin, uint8_t *end)
{
	begin[1] = (uint8_t) (end - begin - 2);
	return end;
}

/* Version, group cipher, pairwise cipher, AKM: what RSNE and WPA element share. */
static uint8_t *choice_put(uint8_t *p, supplicant_akm_t const *choice)
{
	p = suite_put(le16_put(p, 1), choice->cipher);
	p = suite_put(le16_put(p, 1), choice->cipher);
	return suite_put(le16_put(p, 1), choice->suite);
}

static uint8_t *wpa1_put(uint8_t *begin, supplicant_akm_t const *choice)
{
	return element_end(begin, choice_put(suite_put(element_begin(begin, 221), 0x0050f201), choice));
}

static uint8_t *rsne_put(uint8_t *begin, supplicant_akm_t const *choice, wpa_ft_t const *ft)
{
	uint8_t *p = le16_put(choice_put(element_begin(begin, 48), choice), choice->capabilities);

	if (ft) p = octets_put(le16_put(p, 1), ft->pmk_r1_name, sizeof(ft->pmk_r1_name));
	else if (choice->management) p = le16_put(p, 0);
	if (choice->management) p = suite_put(p, choice->management);
	return element_end(begin, p);
}

static uint8_t *mde_put(uint8_t *begin, wpa_ft_t const *ft)
{
	uint8_t *p = octets_put(element_begin(begin, 54), ft->mdid, sizeof(ft->mdid));

	*p++ = 0;	/* capability and policy */
	return element_end(begin, p);
}

/* MIC control, MIC and nonces are zero in a 4-way handshake. */
static uint8_t *fte_put(uint8_t *begin, wpa_ft_t const *ft, size_t mic_len)
{
	uint8_t *r1kh = element_begin(begin, 55) + 2 + mic_len + 2 * WPA_NONCE_LEN, *r0kh;

	r0kh = element_end(r1kh, octets_put(element_begin(r1kh, 1), ft->r1kh_id, sizeof(ft->r1kh_id)));
	return element_end(begin, element_end(r0kh, octets_put(element_begin(r0kh, 3), ft->r0kh_id, ft->r0kh_id_len)));
}

static uint8_t *key_data_put(uint8_t *p, supplicant_akm_t const *choice, wpa_ft_t const *ft, size_t mic_len)
{
	if (is_wpa1(choice)) return wpa1_put(p, choice);
	p = rsne_put(p, choice, ft);
	return ft ? fte_put(mde_put(p, ft), ft, mic_len) : p;
}

/* Message 2 with its MIC field zero. Of WPA1, it repeats the TK's length from message 1. */
static void frame_build(supplicant_handshake_t *handshake, supplicant_akm_t const *choice, wpa_ft_t const *ft,
			size_t mic_len, uint8_t const snonce[static WPA_NONCE_LEN])
{
	uint8_t *frame = handshake->frame, *key_data = frame + MIC_OFFSET + mic_len + 2, *end;

	memset(frame, 0, sizeof(handshake->frame));
	end = key_data_put(key_data, choice, ft, mic_len);
	be16_put(key_data - 2, (unsigned) (end - key_data));
	handshake->frame_len = (size_t) (end - frame);
	frame[0] = EAPOL_VERSION;
	frame[1] = EAPOL_TYPE_KEY;
	be16_put(frame + 2, (unsigned) (handshake->frame_len - EAPOL_HEADER_LEN));
	frame[4] = is_wpa1(choice) ? WPA_DESCRIPTOR_WPA : WPA_DESCRIPTOR_RSN;
	be16_put(frame + 5, WPA_KEY_INFO_PAIRWISE | WPA_KEY_INFO_MIC | choice->version);
	if (is_wpa1(choice)) be16_put(frame + 7, choice->cipher == CIPHER_WPA1_TKIP ? 32 : 16);
	frame[16] = 1;	/* the replay counter of a first message 1 */
	memcpy(frame + 17, snonce, WPA_NONCE_LEN);
}

/* What an access point of a mobility domain would have told the station. */
static mpsk_status_t ft_set(wpa_ft_t *ft, wpa_akm_t const *akm, supplicant_link_t const *link, wpa_pmk_t const *pmk,
			    mpsk_error_t *err)
{
	size_t len = strlen(link->nas_id);
	uint8_t r0_name[WPA_PMKID_LEN];
	mpsk_status_t status;

	*ft = (wpa_ft_t) { .ssid = link->ssid, .mdid = { 0xa1, 0xb2 } };
	if (len < 1 || len > WPA_R0KH_ID_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "the NAS id has %zu octets: it is FT's R0KH-ID, which has 1 to %d",
				      len, WPA_R0KH_ID_MAX);
	}
	ft->r0kh_id_len = (uint8_t) len;
	memcpy(ft->r0kh_id, link->nas_id, len);
	memcpy(ft->r1kh_id, link->bssid.octets, sizeof(ft->r1kh_id));
	status = wpa_ft_r0_name(r0_name, akm->hash, pmk, ft, &link->mac);
	if (status == MPSK_OK) status = wpa_ft_r1_name(ft->pmk_r1_name, akm->hash, r0_name, ft, &link->mac);
	return status == MPSK_OK ? status : mpsk_error_set(err, status, "libcrypto cannot compute PMKR1Name");
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
	wpa_ft_t ft;
	mpsk_status_t status;

	if (!akm && wpa_akm_sae_name(choice->suite)) {
		return mpsk_error_set(err, MPSK_MISS, "%s needs the passphrase before any handshake: ask by MAC alone",
				      wpa_akm_sae_name(choice->suite));
	}
	if (!akm) {
		return mpsk_error_set(err, MPSK_MISS, "AKM %s (key descriptor version %u) is not supported",
				      wpa_suite_print(text, choice->suite), choice->version);
	}
	if (akm->is_ft && (status = ft_set(&ft, akm, link, pmk, err)) != MPSK_OK) return status;
	memcpy(made->anonce, nonces->anonce, WPA_NONCE_LEN);
	frame_build(made, choice, akm->is_ft ? &ft : NULL, akm->mic_len, nonces->snonce);
	relayed.frame_len = made->frame_len;

	status = wpa_handshake_set(hs, &relayed, err);
	if (status != MPSK_OK) return status;
	status = wpa_handshake_mic(hs->mic, hs, pmk, 0);
	memcpy(made->frame + MIC_OFFSET, hs->mic, akm->mic_len);
	if (status == MPSK_OK) return status;
	return mpsk_error_set(err, status, "libcrypto cannot compute the MIC of %s", akm->name);
}
