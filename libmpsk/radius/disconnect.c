/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius/disconnect.h"

#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "radius/peer.h"

#define AUTHENTICATOR_OFFSET	4
#define STATION_ID_LEN		(3 * MPSK_MAC_LEN - 1)
#define PORT_CISCO		1700

/*
 * MAC and session are what every one of them knows a station by, and what
 * hostapd takes; anything that a NAS does not take makes it refuse the whole.
 */
radius_disconnect_way_t const radius_disconnect_ways[] = {
	{ "generic", RADIUS_PORT_DYNAMIC, false },
	{ "hostapd", RADIUS_PORT_DYNAMIC, false },
	{ "cisco", PORT_CISCO, false },
	{ "meraki", PORT_CISCO, false },
	{ "aruba", RADIUS_PORT_DYNAMIC, true },
	{ "ruckus", RADIUS_PORT_DYNAMIC, true },
	{ "mist", RADIUS_PORT_DYNAMIC, false },
	{ "fortinet", RADIUS_PORT_DYNAMIC, true },
	{ "mikrotik", RADIUS_PORT_DYNAMIC, true },
	{ "unifi", RADIUS_PORT_DYNAMIC, false },
	{ "omada", RADIUS_PORT_DYNAMIC, false },
	{ "omada-findkey", RADIUS_PORT_DYNAMIC, false },
	{ "huawei", RADIUS_PORT_DYNAMIC, true },
	{ "lancom", RADIUS_PORT_DYNAMIC, false },
	{ "eleven", RADIUS_PORT_DYNAMIC, false },
	{ NULL, 0, false }
};

radius_disconnect_way_t const *radius_disconnect_way(char const *name)
{
	radius_disconnect_way_t const *way = radius_disconnect_ways;

	while (way->name && strcmp(way->name, name) != 0) way++;
	return way->name ? way : NULL;
}

/* AA-BB-CC-DD-EE-FF, as RFC 3580, 3.21 has it. */
static void station_id_print(char out[static STATION_ID_LEN + 1], mpsk_mac_t const *mac)
{
	uint8_t const *o = mac->octets;

	snprintf(out, STATION_ID_LEN + 1, "%02X-%02X-%02X-%02X-%02X-%02X", o[0], o[1], o[2], o[3], o[4], o[5]);
}

mpsk_status_t radius_disconnect_build(radius_packet_t *packet, radius_disconnect_way_t const *way,
				      radius_disconnect_t const *disconnect, uint8_t id, radius_secret_t const *secret,
				      mpsk_error_t *err)
{
	uint32_t const now = (uint32_t) disconnect->now;
	uint8_t const timestamp[] = {
		(uint8_t) (now >> 24), (uint8_t) (now >> 16), (uint8_t) (now >> 8), (uint8_t) now
	};
	mpsk_octets_t const *user = way->with_user ? disconnect->user : NULL, *session = disconnect->session;
	char station[STATION_ID_LEN + 1];
	mpsk_status_t status;

	station_id_print(station, &disconnect->mac);
	radius_request_begin(packet, RADIUS_DISCONNECT_REQUEST, id, NULL);
	status = radius_attribute_add(packet, RADIUS_CALLING_STATION_ID, station, STATION_ID_LEN, err);
	if (status == MPSK_OK && session && session->len)
		status = radius_attribute_add(packet, RADIUS_ACCT_SESSION_ID, session->octets, session->len, err);
	if (status == MPSK_OK && user && user->len)
		status = radius_attribute_add(packet, RADIUS_USER_NAME, user->octets, user->len, err);
	if (status == MPSK_OK)
		status = radius_attribute_add(packet, RADIUS_EVENT_TIMESTAMP, timestamp, sizeof(timestamp), err);
	if (status != MPSK_OK) return status;

	status = radius_request_sign(packet->octets, packet->len, secret);
	if (status != MPSK_OK) mpsk_error_set(err, status, "libcrypto has no HMAC-MD5, which RADIUS needs");
	return status;
}

static uint32_t cause_read(radius_reply_t const *reply)
{
	mpsk_cursor_t c = radius_attributes(reply), value;
	radius_attribute_t attribute;

	while (radius_attribute_next(&c, &attribute)) {
		if (attribute.type != RADIUS_ERROR_CAUSE || attribute.len != sizeof(uint32_t)) continue;
		value = mpsk_cursor(attribute.value, attribute.len);
		return mpsk_cursor_be32(&value);
	}
	return 0;
}

mpsk_status_t radius_disconnect_read(radius_disconnect_answer_t *answer, uint8_t const *octets, size_t len,
				     uint8_t const *request, radius_secret_t const *secret, mpsk_error_t *err)
{
	radius_reply_t reply;
	mpsk_status_t status = radius_reply_parse(&reply, octets, len, err);

	*answer = (radius_disconnect_answer_t) { .ack = false };
	if (status != MPSK_OK) return status;
	if (reply.code != RADIUS_DISCONNECT_ACK && reply.code != RADIUS_DISCONNECT_NAK) {
		return mpsk_error_set(err, MPSK_BAD, "code %u answers no Disconnect-Request", reply.code);
	}
	if (reply.id != request[1]) return mpsk_error_set(err, MPSK_BAD, "it answers another request");
	status = radius_reply_verify(&reply, request + AUTHENTICATOR_OFFSET, secret, err);
	if (status != MPSK_OK && status != MPSK_MISS) return status;

	answer->ack = reply.code == RADIUS_DISCONNECT_ACK;
	answer->cause = cause_read(&reply);
	return MPSK_OK;
}

char const *radius_disconnect_cause(uint32_t cause)
{
	static struct {
		uint32_t	cause;
		char const	*text;
	} const causes[] = {
		{ 201, "Residual Session Context Removed" },
		{ 202, "Invalid EAP Packet" },
		{ RADIUS_CAUSE_UNSUPPORTED, "Unsupported Attribute" },
		{ 402, "Missing Attribute" },
		{ 403, "NAS Identification Mismatch" },
		{ 404, "Invalid Request" },
		{ 405, "Unsupported Service" },
		{ 406, "Unsupported Extension" },
		{ 407, "Invalid Attribute Value" },
		{ 501, "Administratively Prohibited" },
		{ 502, "Request Not Routable" },
		{ RADIUS_CAUSE_NO_SESSION, "Session Context Not Found" },
		{ 504, "Session Context Not Removable" },
		{ 505, "Other Proxy Processing Error" },
		{ 506, "Resources Unavailable" },
		{ 507, "Request Initiated" },
		{ RADIUS_CAUSE_SEVERAL, "Multiple Session Selection Unsupported" },
	};

	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		if (causes[i].cause == cause) return causes[i].text;
	}
	return NULL;
}
