/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS packets: RFC 2865, RFC 3579 (Message-Authenticator), RFC 5176
 * (Disconnect-Request), RFC 6929 (long extended attributes). Octets in,
 * octets out.
 */
#ifndef MPSK_RADIUS_PACKET_H
#define MPSK_RADIUS_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/status.h"

#define RADIUS_PACKET_MAX		4096
#define RADIUS_HEADER_LEN		20
#define RADIUS_AUTHENTICATOR_LEN	16
#define RADIUS_VALUE_MAX		253
#define RADIUS_SECRET_MAX		256
#define RADIUS_VENDOR_MAX		247	/* octets of one value in one vendor attribute */
#define RADIUS_LONG_VENDOR_MAX		1024	/* octets of one vendor value, over as many attributes as it needs */

typedef enum {
	RADIUS_ACCESS_REQUEST = 1,
	RADIUS_ACCESS_ACCEPT = 2,
	RADIUS_ACCESS_REJECT = 3,
	RADIUS_ACCOUNTING_REQUEST = 4,
	RADIUS_ACCOUNTING_RESPONSE = 5,
	RADIUS_ACCESS_CHALLENGE = 11,
	RADIUS_DISCONNECT_REQUEST = 40,	/* RFC 5176 */
	RADIUS_DISCONNECT_ACK = 41,
	RADIUS_DISCONNECT_NAK = 42
} radius_code_t;

typedef enum {
	RADIUS_USER_NAME = 1,
	RADIUS_USER_PASSWORD = 2,
	RADIUS_NAS_IP_ADDRESS = 4,
	RADIUS_SERVICE_TYPE = 6,
	RADIUS_FILTER_ID = 11,
	RADIUS_REPLY_MESSAGE = 18,
	RADIUS_VENDOR_SPECIFIC = 26,
	RADIUS_SESSION_TIMEOUT = 27,
	RADIUS_CALLED_STATION_ID = 30,
	RADIUS_CALLING_STATION_ID = 31,
	RADIUS_NAS_IDENTIFIER = 32,
	RADIUS_ACCT_SESSION_ID = 44,
	RADIUS_EVENT_TIMESTAMP = 55,
	RADIUS_NAS_PORT_TYPE = 61,
	RADIUS_TUNNEL_TYPE = 64,
	RADIUS_TUNNEL_MEDIUM_TYPE = 65,
	RADIUS_TUNNEL_PASSWORD = 69,
	RADIUS_CONNECT_INFO = 77,
	RADIUS_MESSAGE_AUTHENTICATOR = 80,
	RADIUS_TUNNEL_PRIVATE_GROUP_ID = 81,
	RADIUS_CHARGEABLE_USER_IDENTITY = 89,
	RADIUS_NAS_IPV6_ADDRESS = 95,
	RADIUS_ERROR_CAUSE = 101,
	RADIUS_WLAN_AKM_SUITE = 188,
	RADIUS_LONG_EXTENDED_5 = 245
} radius_type_t;

typedef struct {
	size_t	len;
	uint8_t	octets[RADIUS_SECRET_MAX];
} radius_secret_t;

typedef struct {
	size_t	len;
	uint8_t	octets[RADIUS_PACKET_MAX];
} radius_packet_t;

typedef struct {
	uint8_t		type;
	uint8_t		len;	/* of the value: 0 to 253 */
	uint8_t const	*value;
} radius_attribute_t;

/* A reply whose lengths are sound; octets are the caller's. */
typedef struct {
	uint8_t		code;
	uint8_t		id;
	size_t		len;	/* as the header says; what follows in the datagram is padding */
	uint8_t const	*octets;
} radius_reply_t;

/*
 * Begin a request; Message-Authenticator stands first and is filled by
 * radius_request_sign(). An authenticator that is computed begins as zeros:
 * NULL.
 */
void radius_request_begin(radius_packet_t *packet, radius_code_t code, uint8_t id, uint8_t const *authenticator);

/* Append an attribute of 0 to 253 octets. BAD where it, or the packet, would be too long. */
mpsk_status_t radius_attribute_add(radius_packet_t *packet, radius_type_t type, void const *value, size_t len,
				   mpsk_error_t *err);

/*
 * Append <type>.26.<vendor>.<vendor_type>, type being 245 or 246: RFC 6929,
 * 2.2 and 2.4; a value of over 246 octets goes on in further attributes of
 * the same type. BAD, with a text, for one of over RADIUS_LONG_VENDOR_MAX, or
 * that the packet has no room for; nothing is appended then.
 */
mpsk_status_t radius_long_vendor_add(radius_packet_t *packet, radius_type_t type, uint32_t vendor,
				     uint8_t vendor_type, void const *value, size_t len, mpsk_error_t *err);

/* Append one vendor's attribute, 26.<vendor>.<vendor_type> (RFC 2865, 5.26), of 0 to 247 octets. */
mpsk_status_t radius_vendor_add(radius_packet_t *packet, uint32_t vendor, uint8_t vendor_type, void const *value,
				size_t len, mpsk_error_t *err);

/* What is in a vendor's attribute; false where it is none, or not exactly one. */
typedef struct {
	uint32_t	vendor;
	uint8_t		type;
	size_t		len;
	uint8_t const	*value;
} radius_vendor_value_t;

bool radius_vendor_read(radius_vendor_value_t *out, radius_attribute_t const *attribute);

/*
 * Compute the Message-Authenticator of a request that radius_request_begin()
 * began, and of all but an Access-Request the authenticator, in that order
 * (RFC 5176, 2.3 and 3.5).
 */
mpsk_status_t radius_request_sign(uint8_t *octets, size_t len, radius_secret_t const *secret);

/*
 * Read a datagram as a packet: header, length, and attributes that fill it to
 * the octet. BAD, with a text, for anything else.
 */
mpsk_status_t radius_reply_parse(radius_reply_t *reply, uint8_t const *octets, size_t len, mpsk_error_t *err);

/* Over the attributes of a parsed reply, in their order: begin, then next until it says false. */
mpsk_cursor_t radius_attributes(radius_reply_t const *reply);
bool radius_attribute_next(mpsk_cursor_t *cursor, radius_attribute_t *attribute);

/*
 * Whether a reply belongs to the request of this authenticator and comes from
 * one who knows the secret. BAD where its authenticator or its
 * Message-Authenticator is wrong; MISS where all is right but it carries no
 * Message-Authenticator; ERR where libcrypto fails. Each with a text.
 */
mpsk_status_t radius_reply_verify(radius_reply_t const *reply,
				  uint8_t const authenticator[static RADIUS_AUTHENTICATOR_LEN],
				  radius_secret_t const *secret, mpsk_error_t *err);

/* "Access-Accept", or NULL for a code that answers none of these requests. */
char const *radius_code_name(uint8_t code);

#endif
