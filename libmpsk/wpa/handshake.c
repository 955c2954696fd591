/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/handshake.h"

#include <string.h>

#include "base/secret.h"
#include "wpa/cipher.h"
#include "wpa/ft_elements.h"
#include "wpa/key_data.h"
#include "wpa/rsne.h"

#define KDK_BITS 256	/* also with SHA-384 */

/* A message 2, read with a MIC of one length. */
typedef struct {
	wpa_eapol_key_t	m2;
	wpa_key_data_t	key_data;
	wpa_rsne_t	rsne;
	wpa_akm_t const	*akm;
} reading_t;

static mpsk_status_t frame_read(reading_t *reading, wpa_relayed_t const *relayed, size_t mic_len, mpsk_error_t *err)
{
	char text[WPA_SUITE_TEXT_MAX];
	wpa_eapol_key_t *m2 = &reading->m2;
	wpa_rsne_t *rsne = &reading->rsne;
	mpsk_status_t status;

	memset(reading, 0, sizeof(*reading));
	status = wpa_eapol_key_parse_m2(m2, mic_len, relayed->frame, relayed->frame_len, err);
	if (status == MPSK_OK) status = wpa_key_data_read(&reading->key_data, m2, err);
	if (status == MPSK_OK) status = wpa_rsne_read(rsne, m2->descriptor, &reading->key_data.rsne, err);
	if (status != MPSK_OK) return status;

	reading->akm = wpa_akm_find(rsne->akm, m2->version);
	if (!reading->akm && wpa_akm_sae_name(rsne->akm)) {
		return mpsk_error_set(err, MPSK_MISS, "AKM %s is %s, whose handshake does not tell the passphrase: the "
				      "access point has to ask by MAC", wpa_suite_print(text, rsne->akm),
				      wpa_akm_sae_name(rsne->akm));
	}
	if (!reading->akm) {
		return mpsk_error_set(err, MPSK_MISS, "AKM %s (key descriptor version %u) is not supported",
				      wpa_suite_print(text, rsne->akm), m2->version);
	}
	if (reading->akm->mic_len != mic_len) {
		return mpsk_error_set(err, MPSK_BAD, "EAPOL-Key: the MIC has %zu octets, that of AKM %s has %zu",
				      mic_len, wpa_suite_print(text, rsne->akm), reading->akm->mic_len);
	}
	return MPSK_OK;
}

/* How far a reading came. */
static int depth(reading_t const *reading, mpsk_status_t status)
{
	if (status == MPSK_OK) return 3;
	if (status == MPSK_MISS) return 2;
	return reading->m2.key_data ? 1 : 0;
}

/* Where the AKM says how long the MIC is, and stands behind it, both lengths are tried; what came farther counts. */
static mpsk_status_t message_2_read(reading_t *reading, wpa_relayed_t const *relayed, mpsk_error_t *err)
{
	mpsk_status_t status = frame_read(reading, relayed, WPA_MIC_USUAL, err), long_status;
	mpsk_error_t long_err = { "" };
	reading_t long_mic;

	if (reading->m2.version != 0) return status;
	long_status = frame_read(&long_mic, relayed, WPA_MIC_MAX, &long_err);
	if (depth(&long_mic, long_status) <= depth(reading, status)) return status;
	*reading = long_mic;
	if (err) *err = long_err;
	return long_status;
}

/* The lengths that its PTK may have. Whether the AP has secure LTF too, so that there is a KDK, it does not say. */
static mpsk_status_t ptk_set(wpa_handshake_t *hs, reading_t const *reading, mpsk_error_t *err)
{
	uint16_t tk_bits = wpa_cipher_tk_bits(hs->pairwise);
	wpa_akm_t const *akm = reading->akm;
	char text[WPA_SUITE_TEXT_MAX];

	hs->n_ptk = 1;
	if (!akm->hash) return MPSK_OK;
	if (!tk_bits) {
		return mpsk_error_set(err, MPSK_MISS, "pairwise cipher %s is not supported",
				      wpa_suite_print(text, hs->pairwise));
	}
	hs->ptk_bits[0] = (uint16_t) (8 * (akm->kck_len + akm->kek_len) + tk_bits);
	if (!wpa_rsnxe_has_secure_ltf(&reading->key_data.rsnxe)) return MPSK_OK;
	hs->ptk_bits[hs->n_ptk++] = (uint16_t) (hs->ptk_bits[0] + KDK_BITS);
	return MPSK_OK;
}

static void addresses_set(wpa_handshake_t *hs, wpa_relayed_t const *relayed, wpa_key_data_t const *key_data)
{
	hs->context.aa = relayed->aa;
	hs->context.spa = relayed->spa;
	hs->is_mlo = key_data->mac.octets || key_data->mlo_link.octets;
	if (key_data->mac.octets) memcpy(hs->context.spa.octets, key_data->mac.octets, MPSK_MAC_LEN);
}

static void frame_take(wpa_handshake_t *hs, wpa_eapol_key_t const *m2, uint8_t const *frame, size_t len)
{
	memcpy(hs->frame, frame, len);
	hs->frame_len = len;
	memcpy(hs->mic, frame + m2->mic_offset, m2->mic_len);
	memset(hs->frame + m2->mic_offset, 0, m2->mic_len);
}

mpsk_status_t wpa_handshake_set(wpa_handshake_t *hs, wpa_relayed_t const *relayed, mpsk_error_t *err)
{
	reading_t reading;
	mpsk_status_t status;

	memset(hs, 0, offsetof(wpa_handshake_t, frame));
	if (relayed->anonce_len != WPA_NONCE_LEN) {
		return mpsk_error_set(err, MPSK_BAD, "ANonce: it has %zu octets, not %d", relayed->anonce_len,
				      WPA_NONCE_LEN);
	}
	status = message_2_read(&reading, relayed, err);
	hs->suite = reading.rsne.akm;
	hs->pairwise = reading.rsne.pairwise;
	hs->version = reading.m2.version;
	if (status == MPSK_OK) status = ptk_set(hs, &reading, err);
	if (status == MPSK_OK && reading.akm->is_ft) {
		hs->ft.ssid = relayed->ssid;
		status = wpa_ft_elements_read(&hs->ft, &reading.key_data, &reading.rsne, reading.akm->mic_len, err);
	}
	if (status != MPSK_OK) return status;

	addresses_set(hs, relayed, &reading.key_data);
	memcpy(hs->context.anonce, relayed->anonce, WPA_NONCE_LEN);
	memcpy(hs->context.snonce, reading.m2.snonce, WPA_NONCE_LEN);
	frame_take(hs, &reading.m2, relayed->frame, relayed->frame_len);
	hs->akm = reading.akm;
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

/* Whether this is the PMK whose PMKR1Name the station sent: a fraction of what the MIC costs. */
static bool ft_names(wpa_handshake_t const *hs, wpa_pmk_t const *pmk)
{
	uint8_t r0_name[WPA_PMKID_LEN], r1_name[WPA_PMKID_LEN];
	wpa_kdf_hash_t const *hash = hs->akm->hash;
	mpsk_mac_t const *spa = &hs->context.spa;

	return wpa_ft_r0_name(r0_name, hash, pmk, &hs->ft, spa) == MPSK_OK &&
	       wpa_ft_r1_name(r1_name, hash, r0_name, &hs->ft, spa) == MPSK_OK &&
	       mpsk_secret_equal(r1_name, hs->ft.pmk_r1_name, sizeof(r1_name));
}

bool wpa_handshake_verify(wpa_handshake_t const *hs, wpa_pmk_t const *pmk)
{
	uint8_t mic[WPA_MIC_MAX] = { 0 };
	bool verified = false;

	if (!hs->akm || (hs->akm->is_ft && !ft_names(hs, pmk))) return false;
	for (size_t n = 0; !verified && n < hs->n_ptk; n++) {
		verified = wpa_handshake_mic(mic, hs, pmk, n) == MPSK_OK &&
			   mpsk_secret_equal(mic, hs->mic, hs->akm->mic_len);
	}
	mpsk_secret_wipe(mic, sizeof(mic));
	return verified;
}
