/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An answer to a Disconnect-Request. The input: an octet of flags, then the
 * datagram. No mutation finds an MD5, so flag 1 has it signed here; flag 2
 * puts a Message-Authenticator of zeros, where one stands, right as well.
 */
#include "radius/digest.h"
#include "radius/disconnect.h"
#include "tests/fuzz/fuzz.h"
#include "wpa/hmac.h"

#define FLAG_SIGN	1
#define FLAG_HMAC	2
#define HEADER		RADIUS_HEADER_LEN
#define AUTHENTICATOR	RADIUS_AUTHENTICATOR_LEN

static radius_secret_t const secret = { 10, "testing123" };
static uint8_t const request[HEADER] = { 40, 7, 0, HEADER, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

/* The first Message-Authenticator of a packet whose attributes are sound, or NULL. */
static uint8_t *signature_of(radius_reply_t const *reply)
{
	mpsk_cursor_t c = radius_attributes(reply);
	radius_attribute_t attribute;

	while (radius_attribute_next(&c, &attribute)) {
		if (attribute.type == RADIUS_MESSAGE_AUTHENTICATOR && attribute.len == AUTHENTICATOR) {
			return (uint8_t *) (uintptr_t) attribute.value;
		}
	}
	return NULL;
}

static void sign(uint8_t *octets, radius_reply_t const *reply, uint8_t flags)
{
	wpa_part_t const parts[] = { { octets, reply->len }, { secret.octets, secret.len } };
	uint8_t *signature = flags & FLAG_HMAC ? signature_of(reply) : NULL, mac[WPA_HMAC_MAX];

	memcpy(octets + 4, request + 4, AUTHENTICATOR);
	if (signature) {
		memset(signature, 0, AUTHENTICATOR);
		FUZZ_CHECK(wpa_hmac(mac, "MD5", secret.octets, secret.len, parts, 1) == MPSK_OK);
		memcpy(signature, mac, AUTHENTICATOR);
	}
	FUZZ_CHECK(radius_digest_md5(mac, parts, 2) == MPSK_OK);
	memcpy(octets + 4, mac, AUTHENTICATOR);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	fuzz_input_t in = { data, size };
	uint8_t flags = fuzz_octet(&in);
	size_t len;
	uint8_t *octets = fuzz_take(&in, in.left, &len);
	radius_disconnect_answer_t answer;
	radius_reply_t reply;
	mpsk_error_t err = { "" };
	bool is_sound = radius_reply_parse(&reply, octets, len, NULL) == MPSK_OK;
	mpsk_status_t status;

	if (is_sound && flags & FLAG_SIGN) sign(octets, &reply, flags);
	status = radius_disconnect_read(&answer, octets, len, request, &secret, &err);
	if (status == MPSK_OK) {
		FUZZ_CHECK(is_sound && reply.id == request[1]);
		FUZZ_CHECK(reply.code == (answer.ack ? RADIUS_DISCONNECT_ACK : RADIUS_DISCONNECT_NAK));
	} else {
		FUZZ_CHECK(status == MPSK_BAD && !answer.ack && !answer.cause);
		fuzz_check_error(&err);
	}
	free(octets);
	return 0;
}
