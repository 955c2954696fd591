/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius/packet.h"

#include <string.h>

#include "base/secret.h"
#include "radius/digest.h"
#include "wpa/hmac.h"

#define AUTHENTICATOR_OFFSET	4
#define ATTRIBUTE_HEADER_LEN	2
#define EXTENDED_VENDOR		26
#define VENDOR_HEADER_LEN	6	/* vendor, the vendor's type and length */
#define LONG_HEADER_LEN		2	/* extended type, flags */
#define LONG_VENDOR_LEN		5	/* vendor, vendor's type: in the first fragment alone */
#define LONG_FRAGMENT_MAX	(RADIUS_VALUE_MAX - LONG_HEADER_LEN)
#define LONG_MORE		0x80

static uint8_t const no_authenticator[RADIUS_AUTHENTICATOR_LEN];

static struct {
	uint8_t		code;
	char const	*name;
} const codes[] = {
	{ RADIUS_ACCESS_ACCEPT, "Access-Accept" },
	{ RADIUS_ACCESS_REJECT, "Access-Reject" },
	{ RADIUS_ACCESS_CHALLENGE, "Access-Challenge" },
	{ RADIUS_DISCONNECT_ACK, "Disconnect-ACK" },
	{ RADIUS_DISCONNECT_NAK, "Disconnect-NAK" },
};

char const *radius_code_name(uint8_t code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].code == code) return codes[i].name;
	}
	return NULL;
}

static void length_set(radius_packet_t *packet, size_t len)
{
	packet->len = len;
	packet->octets[2] = (uint8_t) (len >> 8);
	packet->octets[3] = (uint8_t) len;
}

/* Room for an attribute's value, its header written; NULL where there is none. */
static uint8_t *attribute_room(radius_packet_t *packet, radius_type_t type, size_t len)
{
	uint8_t *p = packet->octets + packet->len;

	if (len > RADIUS_VALUE_MAX || len + ATTRIBUTE_HEADER_LEN > RADIUS_PACKET_MAX - packet->len) return NULL;
	p[0] = (uint8_t) type;
	p[1] = (uint8_t) (len + ATTRIBUTE_HEADER_LEN);
	length_set(packet, packet->len + ATTRIBUTE_HEADER_LEN + len);
	return p + ATTRIBUTE_HEADER_LEN;
}

void radius_request_begin(radius_packet_t *packet, radius_code_t code, uint8_t id, uint8_t const *authenticator)
{
	packet->octets[0] = (uint8_t) code;
	packet->octets[1] = id;
	memcpy(packet->octets + AUTHENTICATOR_OFFSET, authenticator ? authenticator : no_authenticator,
	       RADIUS_AUTHENTICATOR_LEN);
	length_set(packet, RADIUS_HEADER_LEN);
	radius_attribute_add(packet, RADIUS_MESSAGE_AUTHENTICATOR, no_authenticator, sizeof(no_authenticator), NULL);
}

mpsk_status_t radius_attribute_add(radius_packet_t *packet, radius_type_t type, void const *value, size_t len,
				   mpsk_error_t *err)
{
	uint8_t *room = attribute_room(packet, type, len);

	if (!room) {
		return mpsk_error_set(err, MPSK_BAD, "RADIUS attribute %d of %zu octets does not fit: an attribute "
				      "holds %d, a packet %d", type, len, RADIUS_VALUE_MAX, RADIUS_PACKET_MAX);
	}
	if (len) memcpy(room, value, len);
	return MPSK_OK;
}

mpsk_status_t radius_long_vendor_add(radius_packet_t *packet, radius_type_t type, uint32_t vendor,
				     uint8_t vendor_type, void const *value, size_t len, mpsk_error_t *err)
{
	uint8_t whole[LONG_VENDOR_LEN + RADIUS_LONG_VENDOR_MAX] = {
		(uint8_t) (vendor >> 24), (uint8_t) (vendor >> 16), (uint8_t) (vendor >> 8), (uint8_t) vendor,
		vendor_type,
	};
	size_t before = packet->len, left = LONG_VENDOR_LEN + len;
	uint8_t *room = NULL;

	if (len && len <= RADIUS_LONG_VENDOR_MAX) memcpy(whole + LONG_VENDOR_LEN, value, len);
	for (uint8_t const *p = whole; left && len <= RADIUS_LONG_VENDOR_MAX;) {
		size_t n = left < LONG_FRAGMENT_MAX ? left : LONG_FRAGMENT_MAX;

		room = attribute_room(packet, type, LONG_HEADER_LEN + n);
		if (!room) break;
		room[0] = EXTENDED_VENDOR;
		room[1] = n < left ? LONG_MORE : 0;
		memcpy(room + LONG_HEADER_LEN, p, n);
		p += n;
		left -= n;
	}
	if (!left) return MPSK_OK;
	length_set(packet, before);
	return mpsk_error_set(err, MPSK_BAD, "RADIUS attribute %d.26.%u.%u of %zu octets does not fit: such a value "
			      "has %d, a packet %d", type, vendor, vendor_type, len, RADIUS_LONG_VENDOR_MAX,
			      RADIUS_PACKET_MAX);
}

mpsk_status_t radius_vendor_add(radius_packet_t *packet, uint32_t vendor, uint8_t vendor_type, void const *value,
				size_t len, mpsk_error_t *err)
{
	uint8_t const header[VENDOR_HEADER_LEN] = {
		(uint8_t) (vendor >> 24), (uint8_t) (vendor >> 16), (uint8_t) (vendor >> 8), (uint8_t) vendor,
		vendor_type, (uint8_t) (len + ATTRIBUTE_HEADER_LEN),
	};
	uint8_t *room = len <= RADIUS_VENDOR_MAX ?
			attribute_room(packet, RADIUS_VENDOR_SPECIFIC, sizeof(header) + len) : NULL;

	if (!room) {
		return mpsk_error_set(err, MPSK_BAD, "RADIUS attribute 26.%u.%u of %zu octets does not fit: one "
				      "attribute holds %d", vendor, vendor_type, len, RADIUS_VENDOR_MAX);
	}
	memcpy(room, header, sizeof(header));
	if (len) memcpy(room + sizeof(header), value, len);
	return MPSK_OK;
}

bool radius_vendor_read(radius_vendor_value_t *out, radius_attribute_t const *attribute)
{
	mpsk_cursor_t c = mpsk_cursor(attribute->value, attribute->len);
	uint8_t len;

	if (attribute->type != RADIUS_VENDOR_SPECIFIC) return false;
	out->vendor = mpsk_cursor_be32(&c);
	out->type = mpsk_cursor_u8(&c);
	len = mpsk_cursor_u8(&c);
	if (c.failed || len < ATTRIBUTE_HEADER_LEN || len - ATTRIBUTE_HEADER_LEN != (int) c.left) return false;
	out->value = c.p;
	out->len = c.left;
	return true;
}

mpsk_status_t radius_request_sign(uint8_t *octets, size_t len, radius_secret_t const *secret)
{
	uint8_t *field = octets + RADIUS_HEADER_LEN + ATTRIBUTE_HEADER_LEN, mac[WPA_HMAC_MAX];
	wpa_part_t const parts[] = { { octets, len }, { secret->octets, secret->len } };
	bool is_computed = octets[0] != RADIUS_ACCESS_REQUEST;
	mpsk_status_t status;

	if (is_computed) memset(octets + AUTHENTICATOR_OFFSET, 0, RADIUS_AUTHENTICATOR_LEN);
	memset(field, 0, RADIUS_AUTHENTICATOR_LEN);
	status = wpa_hmac(mac, "MD5", secret->octets, secret->len, parts, 1);
	if (status != MPSK_OK) return status;

	memcpy(field, mac, RADIUS_AUTHENTICATOR_LEN);
	return is_computed ? radius_digest_md5(octets + AUTHENTICATOR_OFFSET, parts, 2) : MPSK_OK;
}

mpsk_cursor_t radius_attributes(radius_reply_t const *reply)
{
	return mpsk_cursor(reply->octets + RADIUS_HEADER_LEN, reply->len - RADIUS_HEADER_LEN);
}

bool radius_attribute_next(mpsk_cursor_t *cursor, radius_attribute_t *attribute)
{
	uint8_t type, len;

	if (!cursor->left) return false;
	type = mpsk_cursor_u8(cursor);
	len = mpsk_cursor_u8(cursor);
	if (len < ATTRIBUTE_HEADER_LEN) cursor->failed = true;	/* shorter than itself: it would never end */
	else len -= ATTRIBUTE_HEADER_LEN;
	*attribute = (radius_attribute_t) { .type = type, .len = len, .value = mpsk_cursor_take(cursor, len) };
	return !cursor->failed;
}

mpsk_status_t radius_reply_parse(radius_reply_t *reply, uint8_t const *octets, size_t len, mpsk_error_t *err)
{
	mpsk_cursor_t c = mpsk_cursor(octets, len);
	radius_attribute_t attribute = { 0 };

	*reply = (radius_reply_t) { .octets = octets };
	reply->code = mpsk_cursor_u8(&c);
	reply->id = mpsk_cursor_u8(&c);
	reply->len = mpsk_cursor_be16(&c);
	mpsk_cursor_take(&c, RADIUS_AUTHENTICATOR_LEN);
	if (c.failed) {
		return mpsk_error_set(err, MPSK_BAD, "the reply has %zu octets, a RADIUS header %d", len,
				      RADIUS_HEADER_LEN);
	}
	if (reply->len < RADIUS_HEADER_LEN || reply->len > len || reply->len > RADIUS_PACKET_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "the reply's length field is %zu, but it has %zu octets",
				      reply->len, len);
	}
	c = radius_attributes(reply);
	while (radius_attribute_next(&c, &attribute)) continue;
	if (c.failed) {
		return mpsk_error_set(err, MPSK_BAD, "the reply's attribute %u does not fit into it", attribute.type);
	}
	return MPSK_OK;
}

static mpsk_status_t response_authenticator_check(radius_reply_t const *reply, uint8_t const *authenticator,
						  radius_secret_t const *secret, mpsk_error_t *err)
{
	uint8_t digest[RADIUS_DIGEST_LEN];
	wpa_part_t const parts[] = {
		{ reply->octets, AUTHENTICATOR_OFFSET },
		{ authenticator, RADIUS_AUTHENTICATOR_LEN },
		{ reply->octets + RADIUS_HEADER_LEN, reply->len - RADIUS_HEADER_LEN },
		{ secret->octets, secret->len },
	};

	if (radius_digest_md5(digest, parts, sizeof(parts) / sizeof(parts[0])) != MPSK_OK) {
		return mpsk_error_set(err, MPSK_ERR, "libcrypto has no MD5, which RADIUS needs");
	}
	if (!mpsk_secret_equal(digest, reply->octets + AUTHENTICATOR_OFFSET, sizeof(digest))) {
		return mpsk_error_set(err, MPSK_BAD, "the reply's authenticator is wrong: is the shared secret the "
				      "same on both sides?");
	}
	return MPSK_OK;
}

static mpsk_status_t message_authenticator_check(radius_reply_t const *reply, uint8_t const *field,
						 uint8_t const *authenticator, radius_secret_t const *secret,
						 mpsk_error_t *err)
{
	uint8_t mac[WPA_HMAC_MAX];
	uint8_t const *end = field + RADIUS_AUTHENTICATOR_LEN;
	wpa_part_t const parts[] = {
		{ reply->octets, AUTHENTICATOR_OFFSET },
		{ authenticator, RADIUS_AUTHENTICATOR_LEN },
		{ reply->octets + RADIUS_HEADER_LEN, (size_t) (field - reply->octets) - RADIUS_HEADER_LEN },
		{ no_authenticator, RADIUS_AUTHENTICATOR_LEN },
		{ end, reply->len - (size_t) (end - reply->octets) },
	};

	if (wpa_hmac(mac, "MD5", secret->octets, secret->len, parts, sizeof(parts) / sizeof(parts[0])) != MPSK_OK) {
		return mpsk_error_set(err, MPSK_ERR, "libcrypto has no HMAC-MD5, which RADIUS needs");
	}
	if (!mpsk_secret_equal(mac, field, RADIUS_AUTHENTICATOR_LEN)) {
		return mpsk_error_set(err, MPSK_BAD, "the reply's Message-Authenticator is wrong");
	}
	return MPSK_OK;
}

mpsk_status_t radius_reply_verify(radius_reply_t const *reply,
				  uint8_t const authenticator[static RADIUS_AUTHENTICATOR_LEN],
				  radius_secret_t const *secret, mpsk_error_t *err)
{
	mpsk_cursor_t c = radius_attributes(reply);
	uint8_t const *field = NULL;
	radius_attribute_t attribute;
	mpsk_status_t status = response_authenticator_check(reply, authenticator, secret, err);

	if (status != MPSK_OK) return status;

	while (radius_attribute_next(&c, &attribute)) {
		if (attribute.type != RADIUS_MESSAGE_AUTHENTICATOR) continue;
		if (field || attribute.len != RADIUS_AUTHENTICATOR_LEN) {
			return mpsk_error_set(err, MPSK_BAD, "the reply's Message-Authenticator is there twice, or not "
					      "of 16 octets");
		}
		field = attribute.value;
	}
	if (!field) {
		return mpsk_error_set(err, MPSK_MISS, "the reply carries no Message-Authenticator: hostapd 2.11 drops "
				      "such a reply");
	}
	return message_authenticator_check(reply, field, authenticator, secret, err);
}
