/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/handshake.h"

#include <string.h>

#include "base/secret.h"
#include "wpa/rsne.h"

static void frame_take(wpa_handshake_t *hs, wpa_eapol_key_t const *m2, uint8_t const *frame, size_t len)
{
	memcpy(hs->frame, frame, len);
	hs->frame_len = len;
	memcpy(hs->mic, frame + m2->mic_offset, m2->mic_len);
	memset(hs->frame + m2->mic_offset, 0, m2->mic_len);
}

mpsk_status_t wpa_handshake_set(wpa_handshake_t *hs, mpsk_mac_t const *aa, mpsk_mac_t const *spa,
				uint8_t const *anonce, size_t anonce_len, uint8_t const *frame, size_t frame_len,
				mpsk_error_t *err)
{
	wpa_eapol_key_t m2;
	wpa_rsne_t rsne;
	wpa_akm_t const *akm;
	char text[WPA_SUITE_TEXT_MAX];
	mpsk_status_t status;

	memset(hs, 0, sizeof(*hs));
	if (anonce_len != WPA_NONCE_LEN) {
		return mpsk_error_set(err, MPSK_BAD, "ANonce: it has %zu octets, not %d", anonce_len, WPA_NONCE_LEN);
	}
	if ((status = wpa_eapol_key_parse_m2(&m2, frame, frame_len, err)) != MPSK_OK) return status;
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

	hs->context.aa = *aa;
	hs->context.spa = *spa;
	memcpy(hs->context.anonce, anonce, WPA_NONCE_LEN);
	memcpy(hs->context.snonce, m2.snonce, WPA_NONCE_LEN);
	frame_take(hs, &m2, frame, frame_len);
	hs->akm = akm;
	return MPSK_OK;
}

bool wpa_handshake_verify(wpa_handshake_t const *hs, wpa_pmk_t const *pmk)
{
	uint8_t kck[WPA_KCK_MAX], mic[WPA_MIC_MAX];
	bool verified = hs->akm && hs->akm->kck(kck, pmk, &hs->context) == MPSK_OK &&
			hs->akm->mic(mic, kck, hs->frame, hs->frame_len) == MPSK_OK &&
			mpsk_secret_equal(mic, hs->mic, hs->akm->mic_len);

	mpsk_secret_wipe(kck, sizeof(kck));
	mpsk_secret_wipe(mic, sizeof(mic));
	return verified;
}
