/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/handshake.h"

#include <string.h>

#include "base/secret.h"
#include "wpa/cipher.h"
#include "wpa/rsne.h"

static void frame_take(wpa_handshake_t *hs, wpa_eapol_key_t const *m2, uint8_t const *frame, size_t len)
{
	memcpy(hs->frame, frame, len);
	hs->frame_len = len;
	memcpy(hs->mic, frame + m2->mic_offset, m2->mic_len);
	memset(hs->frame + m2->mic_offset, 0, m2->mic_len);
}

/* The lengths that its PTK may have. */
static mpsk_status_t ptk_set(wpa_handshake_t *hs, wpa_akm_t const *akm, mpsk_error_t *err)
{
	uint16_t tk_bits = wpa_cipher_tk_bits(hs->pairwise);
	char text[WPA_SUITE_TEXT_MAX];

	hs->n_ptk = 1;
	if (!akm->hash) return MPSK_OK;
	if (!tk_bits) {
		return mpsk_error_set(err, MPSK_MISS, "pairwise cipher %s is not supported",
				      wpa_suite_print(text, hs->pairwise));
	}
	hs->ptk_bits[0] = (uint16_t) (8 * (akm->kck_len + akm->kek_len) + tk_bits);
	return MPSK_OK;
}

mpsk_status_t wpa_handshake_set(wpa_handshake_t *hs, wpa_relayed_t const *relayed, mpsk_error_t *err)
{
	wpa_eapol_key_t m2;
	wpa_rsne_t rsne;
	wpa_akm_t const *akm;
	char text[WPA_SUITE_TEXT_MAX];
	mpsk_status_t status;

	memset(hs, 0, sizeof(*hs));
	if (relayed->anonce_len != WPA_NONCE_LEN) {
		return mpsk_error_set(err, MPSK_BAD, "ANonce: it has %zu octets, not %d", relayed->anonce_len,
				      WPA_NONCE_LEN);
	}
	status = wpa_eapol_key_parse_m2(&m2, relayed->frame, relayed->frame_len, err);
	if (status != MPSK_OK) return status;
	if ((status = wpa_rsne_find(&rsne, &m2, err)) != MPSK_OK) return status;

	hs->suite = rsne.akm;
	hs->pairwise = rsne.pairwise;
	hs->version = m2.version;
	akm = wpa_akm_find(hs->suite, hs->version);
	if (!akm) {
		return mpsk_error_set(err, MPSK_MISS, "AKM %s (key descriptor version %u) is not supported",
				      wpa_suite_print(text, hs->suite), hs->version);
	}
	if (akm->mic_len != m2.mic_len) {
		return mpsk_error_set(err, MPSK_BAD, "EAPOL-Key: the MIC has %zu octets, that of AKM %s has %zu",
				      m2.mic_len, wpa_suite_print(text, hs->suite), akm->mic_len);
	}
	if ((status = ptk_set(hs, akm, err)) != MPSK_OK) return status;

	hs->context.aa = relayed->aa;
	hs->context.spa = relayed->spa;
	memcpy(hs->context.anonce, relayed->anonce, WPA_NONCE_LEN);
	memcpy(hs->context.snonce, m2.snonce, WPA_NONCE_LEN);
	frame_take(hs, &m2, relayed->frame, relayed->frame_len);
	hs->akm = akm;
	return MPSK_OK;
}

mpsk_status_t wpa_handshake_mic(uint8_t mic[static WPA_MIC_MAX], wpa_handshake_t const *hs, wpa_pmk_t const *pmk,
				size_t n)
{
	uint8_t kck[WPA_KCK_MAX];
	mpsk_status_t status = hs->akm->kck(kck, pmk, hs, hs->ptk_bits[n]);

	if (status == MPSK_OK) status = hs->akm->mic(mic, kck, hs->frame, hs->frame_len);
	else memset(mic, 0, WPA_MIC_MAX);
	mpsk_secret_wipe(kck, sizeof(kck));
	return status;
}

bool wpa_handshake_verify(wpa_handshake_t const *hs, wpa_pmk_t const *pmk)
{
	uint8_t mic[WPA_MIC_MAX];
	bool verified = false;

	for (size_t n = 0; hs->akm && !verified && n < hs->n_ptk; n++) {
		verified = wpa_handshake_mic(mic, hs, pmk, n) == MPSK_OK &&
			   mpsk_secret_equal(mic, hs->mic, hs->akm->mic_len);
	}
	mpsk_secret_wipe(mic, sizeof(mic));
	return verified;
}
