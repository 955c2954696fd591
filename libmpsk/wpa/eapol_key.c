/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/eapol_key.h"

#include <stdbool.h>

#include "base/cursor.h"

#define TYPE_KEY	3
#define MIC_OFFSET	81
#define FRAME_MIN	(MIC_OFFSET + WPA_MIC_USUAL + 2)

/* What tells message 2 of a first handshake from every other EAPOL-Key: 12.7.6.3. */
static struct {
	uint16_t	bit;
	bool		set;
	char const	*name;
} const message_2[] = {
	{ WPA_KEY_INFO_PAIRWISE,	true,	"pairwise" },
	{ WPA_KEY_INFO_INSTALL,		false,	"install" },
	{ WPA_KEY_INFO_ACK,		false,	"ack" },
	{ WPA_KEY_INFO_MIC,		true,	"MIC" },
	{ WPA_KEY_INFO_SECURE,		false,	"secure" },
	{ WPA_KEY_INFO_ERROR,		false,	"error" },
	{ WPA_KEY_INFO_REQUEST,		false,	"request" },
	{ WPA_KEY_INFO_ENCRYPTED,	false,	"encrypted key data" },
	{ WPA_KEY_INFO_SMK,		false,	"SMK message" },
};

static mpsk_status_t key_info_check(uint16_t info, mpsk_error_t *err)
{
	for (size_t i = 0; i < sizeof(message_2) / sizeof(message_2[0]); i++) {
		if (!(info & message_2[i].bit) != message_2[i].set) continue;
		return mpsk_error_set(err, MPSK_BAD, "EAPOL-Key: key information 0x%04x is not that of message 2: "
				      "the %s bit is %s", info, message_2[i].name,
				      message_2[i].set ? "clear" : "set");
	}
	return MPSK_OK;
}

static mpsk_status_t mic_and_key_data_read(wpa_eapol_key_t *m2, mpsk_cursor_t c, mpsk_error_t *err)
{
	uint16_t key_data_len;

	mpsk_cursor_take(&c, m2->mic_len);
	key_data_len = mpsk_cursor_be16(&c);
	if (c.failed) {
		return mpsk_error_set(err, MPSK_BAD, "EAPOL-Key: the frame is cut short: %zu octets follow where a MIC "
				      "of %zu begins", c.left, m2->mic_len);
	}
	if (c.left != key_data_len) {
		return mpsk_error_set(err, MPSK_BAD, "EAPOL-Key: the key data length is %u, but %zu octets follow it",
				      key_data_len, c.left);
	}
	m2->key_data = c.p;
	m2->key_data_len = c.left;
	return MPSK_OK;
}

static mpsk_status_t header_check(mpsk_cursor_t *c, size_t len, mpsk_error_t *err)
{
	uint8_t type;
	uint16_t body_len;

	if (len < FRAME_MIN) {
		return mpsk_error_set(err, MPSK_BAD, "EAPOL-Key: the frame is cut short: it has %zu octets, "
				      "message 2 has %d or more", len, FRAME_MIN);
	}
	if (len > WPA_FRAME_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "EAPOL-Key: the frame is too long: it has %zu octets, over %d",
				      len, WPA_FRAME_MAX);
	}
	mpsk_cursor_u8(c);	/* the 802.1X version: 802.1X has a receiver take any */
	type = mpsk_cursor_u8(c);
	if (type != TYPE_KEY) {
		return mpsk_error_set(err, MPSK_BAD, "EAPOL: the packet type is %u, EAPOL-Key has %d", type, TYPE_KEY);
	}
	body_len = mpsk_cursor_be16(c);
	if (body_len != c->left) {
		return mpsk_error_set(err, MPSK_BAD, "EAPOL: the body length is %u, but %zu octets follow it",
				      body_len, c->left);
	}
	return MPSK_OK;
}

mpsk_status_t wpa_eapol_key_parse_m2(wpa_eapol_key_t *m2, size_t mic_len, uint8_t const *frame, size_t len,
				     mpsk_error_t *err)
{
	mpsk_cursor_t c = mpsk_cursor(frame, len);
	uint8_t descriptor;
	uint16_t info;
	mpsk_status_t status;

	*m2 = (wpa_eapol_key_t) { .mic_offset = MIC_OFFSET, .mic_len = mic_len };
	if ((status = header_check(&c, len, err)) != MPSK_OK) return status;

	descriptor = mpsk_cursor_u8(&c);
	if (descriptor != WPA_DESCRIPTOR_RSN && descriptor != WPA_DESCRIPTOR_WPA) {
		return mpsk_error_set(err, MPSK_BAD, "EAPOL-Key: the descriptor type is %u, neither 2 (RSN) "
				      "nor 254 (WPA)", descriptor);
	}
	m2->descriptor = descriptor;
	info = mpsk_cursor_be16(&c);
	m2->version = info & WPA_KEY_INFO_VERSION;
	if ((status = key_info_check(info, err)) != MPSK_OK) return status;

	mpsk_cursor_take(&c, 2 + 8);	/* key length, replay counter: the AP's to check */
	m2->snonce = mpsk_cursor_take(&c, WPA_NONCE_LEN);
	mpsk_cursor_take(&c, 16 + 8 + 8);	/* IV, RSC, reserved */
	return mic_and_key_data_read(m2, c, err);
}
