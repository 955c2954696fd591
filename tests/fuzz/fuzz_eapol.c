/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A relayed handshake. The input: the length of ANonce, ANonce, the frame.
 */
#include "base/mac.h"
#include "tests/fuzz/fuzz.h"
#include "wpa/handshake.h"
#include "wpa/key_data.h"
#include "wpa/rsne.h"

#define HEADER_LEN 4

static mpsk_mac_t const aa = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };
static mpsk_mac_t const spa = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x02 } };
static wpa_pmk_t const pmk = { { 0x0d, 0xf0 } };

static void check_frame(size_t mic_len, uint8_t const *frame, size_t len)
{
	wpa_eapol_key_t m2;
	mpsk_error_t err = { "" };
	mpsk_status_t status = wpa_eapol_key_parse_m2(&m2, mic_len, frame, len, &err);

	if (status != MPSK_OK) {
		FUZZ_CHECK(status == MPSK_BAD && !m2.key_data);
		fuzz_check_error(&err);
		return;
	}
	FUZZ_CHECK(len <= WPA_FRAME_MAX);
	FUZZ_CHECK(((size_t) frame[2] << 8 | frame[3]) == len - HEADER_LEN);
	FUZZ_CHECK(m2.snonce == frame + 17);
	FUZZ_CHECK(m2.mic_len == mic_len);
	FUZZ_CHECK(m2.key_data == frame + m2.mic_offset + m2.mic_len + 2);
	FUZZ_CHECK(m2.key_data + m2.key_data_len == frame + len);
}

static void check_taken(wpa_handshake_t const *hs, uint8_t const *anonce, uint8_t const *frame, size_t len)
{
	static uint8_t const zero[WPA_MIC_MAX];
	size_t tail = 81 + hs->akm->mic_len;

	FUZZ_CHECK(hs->akm == wpa_akm_find(hs->suite, hs->version));
	FUZZ_CHECK(hs->frame_len == len && memcmp(hs->frame, frame, 81) == 0);
	FUZZ_CHECK(memcmp(hs->frame + 81, zero, hs->akm->mic_len) == 0);
	FUZZ_CHECK(memcmp(hs->frame + tail, frame + tail, len - tail) == 0);
	FUZZ_CHECK(memcmp(hs->mic, frame + 81, hs->akm->mic_len) == 0);
	FUZZ_CHECK(memcmp(hs->context.anonce, anonce, WPA_NONCE_LEN) == 0);
	FUZZ_CHECK(memcmp(hs->context.snonce, frame + 17, WPA_NONCE_LEN) == 0);
	FUZZ_CHECK(hs->is_mlo || memcmp(&hs->context.spa, &spa, sizeof(spa)) == 0);
	FUZZ_CHECK(hs->n_ptk == 1 || (hs->n_ptk == 2 && hs->ptk_bits[1] == hs->ptk_bits[0] + 256));
	FUZZ_CHECK(!hs->akm->hash == !hs->ptk_bits[0]);
	FUZZ_CHECK(!hs->akm->is_ft == !hs->ft.r0kh_id_len && hs->ft.r0kh_id_len <= WPA_R0KH_ID_MAX);
}

static mpsk_status_t take(wpa_handshake_t *hs, uint8_t const *anonce, size_t anonce_len, uint8_t const *frame,
			  size_t len, mpsk_error_t *err)
{
	return wpa_handshake_set(hs, &(wpa_relayed_t) {
		.aa = aa, .spa = spa, .ssid = { 4, "Acme" }, .anonce = anonce, .anonce_len = anonce_len,
		.frame = frame, .frame_len = len }, err);
}

/* Put the PMKR1Name of the PMK where the station's stood. */
static void name_put(wpa_handshake_t const *hs, uint8_t *frame, size_t len)
{
	wpa_kdf_hash_t const *hash = hs->akm->hash;
	uint8_t r0_name[WPA_PMKID_LEN], r1_name[WPA_PMKID_LEN];
	wpa_eapol_key_t m2;
	wpa_key_data_t data;
	wpa_rsne_t rsne;

	FUZZ_CHECK(wpa_ft_r0_name(r0_name, hash, &pmk, &hs->ft, &hs->context.spa) == MPSK_OK);
	FUZZ_CHECK(wpa_ft_r1_name(r1_name, hash, r0_name, &hs->ft, &hs->context.spa) == MPSK_OK);
	FUZZ_CHECK(wpa_eapol_key_parse_m2(&m2, hs->akm->mic_len, frame, len, NULL) == MPSK_OK);
	FUZZ_CHECK(wpa_key_data_read(&data, &m2, NULL) == MPSK_OK);
	FUZZ_CHECK(wpa_rsne_read(&rsne, m2.descriptor, &data.rsne, NULL) == MPSK_OK);
	FUZZ_CHECK(memcmp(rsne.pmkids, hs->ft.pmk_r1_name, WPA_PMKID_LEN) == 0);
	memcpy(frame + (rsne.pmkids - frame), r1_name, WPA_PMKID_LEN);
}

/* A frame that was taken, signed with a PMK, is that PMK's; with one bit of the MIC changed it is nobody's. */
static void check_signed(wpa_handshake_t *hs, uint8_t const *anonce, uint8_t *frame, size_t len)
{
	uint8_t mic[WPA_MIC_MAX];
	size_t n = hs->n_ptk - 1;
	mpsk_error_t err;

	if (hs->akm->is_ft) {
		name_put(hs, frame, len);
		FUZZ_CHECK(take(hs, anonce, WPA_NONCE_LEN, frame, len, &err) == MPSK_OK);
	}
	FUZZ_CHECK(wpa_handshake_mic(mic, hs, &pmk, n) == MPSK_OK);
	memcpy(frame + 81, mic, hs->akm->mic_len);
	FUZZ_CHECK(take(hs, anonce, WPA_NONCE_LEN, frame, len, &err) == MPSK_OK);
	FUZZ_CHECK(wpa_handshake_verify(hs, &pmk));
	hs->mic[hs->akm->mic_len - 1] ^= 1;
	FUZZ_CHECK(!wpa_handshake_verify(hs, &pmk));
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	static wpa_handshake_t hs;
	fuzz_input_t in = { data, size };
	size_t anonce_len, len;
	uint8_t *anonce = fuzz_take(&in, fuzz_octet(&in), &anonce_len);
	uint8_t *frame = fuzz_take(&in, in.left, &len);
	mpsk_error_t err = { "" };
	mpsk_status_t status = take(&hs, anonce, anonce_len, frame, len, &err);

	check_frame(WPA_MIC_USUAL, frame, len);
	check_frame(WPA_MIC_MAX, frame, len);
	FUZZ_CHECK((status == MPSK_OK) == (hs.akm != NULL));
	if (status == MPSK_OK) {
		check_taken(&hs, anonce, frame, len);
		wpa_handshake_verify(&hs, &pmk);
		check_signed(&hs, anonce, frame, len);
	} else {
		FUZZ_CHECK(status == MPSK_BAD || status == MPSK_MISS);
		FUZZ_CHECK(!wpa_handshake_verify(&hs, &pmk));
		fuzz_check_error(&err);
	}
	free(anonce);
	free(frame);
	return 0;
}
