/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A relayed handshake. The input: the length of ANonce, ANonce, the frame.
 */
#include "base/mac.h"
#include "tests/fuzz/fuzz.h"
#include "wpa/handshake.h"

#define HEADER_LEN 4

static mpsk_mac_t const aa = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };
static mpsk_mac_t const spa = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x02 } };
static wpa_pmk_t const pmk = { { 0x0d, 0xf0 } };

static void check_frame(uint8_t const *frame, size_t len)
{
	wpa_eapol_key_t m2;
	mpsk_error_t err = { "" };
	mpsk_status_t status = wpa_eapol_key_parse_m2(&m2, frame, len, &err);

	if (status != MPSK_OK) {
		FUZZ_CHECK(status == MPSK_BAD);
		fuzz_check_error(&err);
		return;
	}
	FUZZ_CHECK(len <= WPA_FRAME_MAX);
	FUZZ_CHECK(((size_t) frame[2] << 8 | frame[3]) == len - HEADER_LEN);
	FUZZ_CHECK(m2.snonce == frame + 17);
	FUZZ_CHECK(m2.mic_len == 16 || (m2.mic_len == WPA_MIC_MAX && m2.version == 0));
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
}

static mpsk_status_t take(wpa_handshake_t *hs, uint8_t const *anonce, size_t anonce_len, uint8_t const *frame,
			  size_t len, mpsk_error_t *err)
{
	return wpa_handshake_set(hs, &(wpa_relayed_t) {
		.aa = aa, .spa = spa, .ssid = { 4, "Acme" }, .anonce = anonce, .anonce_len = anonce_len,
		.frame = frame, .frame_len = len }, err);
}

/* A frame that was taken, signed with a PMK, is that PMK's; with one bit of the MIC changed it is nobody's. */
static void check_signed(wpa_handshake_t *hs, uint8_t const *anonce, uint8_t *frame, size_t len)
{
	uint8_t mic[WPA_MIC_MAX];
	mpsk_error_t err;

	FUZZ_CHECK(wpa_handshake_mic(mic, hs, &pmk, 0) == MPSK_OK);
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

	check_frame(frame, len);
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
