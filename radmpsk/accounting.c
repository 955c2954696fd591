/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/accounting.h"

#include <string.h>

#include "base/mac.h"

/* RFC 2866, 5; RFC 2869, 5.1, 5.2. */
enum {
	TYPE_STATUS_TYPE = 40,
	TYPE_INPUT_OCTETS = 42,
	TYPE_OUTPUT_OCTETS = 43,
	TYPE_SESSION_TIME = 46,
	TYPE_TERMINATE_CAUSE = 49,
	TYPE_INPUT_GIGAWORDS = 52,
	TYPE_OUTPUT_GIGAWORDS = 53
};

static mpsk_status_t number_add(radius_packet_t *packet, unsigned type, uint64_t number, mpsk_error_t *err)
{
	uint8_t const value[] = {
		(uint8_t) (number >> 24), (uint8_t) (number >> 16), (uint8_t) (number >> 8), (uint8_t) number,
	};

	return radius_attribute_add(packet, (radius_type_t) type, value, sizeof(value), err);
}

/* What is told of a session that has begun. */
static mpsk_status_t counters_add(radius_packet_t *packet, accounting_event_t const *event, mpsk_error_t *err)
{
	struct {
		unsigned	type;
		uint64_t	number;
		bool		wanted;
	} const rows[] = {
		{ TYPE_SESSION_TIME, event->session_time, true },
		{ TYPE_INPUT_OCTETS, event->in & UINT32_MAX, true },
		{ TYPE_OUTPUT_OCTETS, event->out & UINT32_MAX, true },
		{ TYPE_INPUT_GIGAWORDS, event->in >> 32, event->in >> 32 != 0 },
		{ TYPE_OUTPUT_GIGAWORDS, event->out >> 32, event->out >> 32 != 0 },
		{ TYPE_TERMINATE_CAUSE, event->cause, event->cause != 0 },
	};
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; status == MPSK_OK && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].wanted) status = number_add(packet, rows[i].type, rows[i].number, err);
	}
	return status;
}

static mpsk_status_t station_add(radius_packet_t *packet, request_t const *request, accounting_event_t const *event,
				 mpsk_error_t *err)
{
	dialect_t const *dialect = request->dialect ? request->dialect : &dialects[0];
	mpsk_status_t status = MPSK_OK;

	if (event->user_name) {
		status = radius_attribute_add(packet, RADIUS_USER_NAME, event->user_name, strlen(event->user_name),
					      err);
	} else {
		status = request_user_add(packet, request, err);
	}
	if (status == MPSK_OK && event->sid.len) {
		status = radius_attribute_add(packet, RADIUS_ACCT_SESSION_ID, event->sid.octets, event->sid.len, err);
	}
	if (status == MPSK_OK && dialect->bound) status = dialect->bound(packet, request, err);
	if (status == MPSK_OK && event->status != ACCOUNTING_START) status = counters_add(packet, event, err);
	return status;
}

mpsk_status_t accounting_build(radius_packet_t *packet, request_t const *request, accounting_event_t const *event,
			       radius_secret_t const *secret, uint8_t id, mpsk_error_t *err)
{
	bool of_station = event->status != ACCOUNTING_ON && event->status != ACCOUNTING_OFF;
	mpsk_status_t status;

	radius_request_begin(packet, RADIUS_ACCOUNTING_REQUEST, id, NULL);
	status = number_add(packet, TYPE_STATUS_TYPE, event->status, err);
	if (status == MPSK_OK) status = request_place_add(packet, request, of_station, err);
	if (status == MPSK_OK && of_station) status = station_add(packet, request, event, err);
	if (status == MPSK_OK && event->at) {
		status = number_add(packet, RADIUS_EVENT_TIMESTAMP, (uint64_t) event->at, err);
	}
	if (status != MPSK_OK) return status;
	status = radius_request_sign(packet->octets, packet->len, secret);
	if (status != MPSK_OK) mpsk_error_set(err, status, "libcrypto has no MD5, which RADIUS needs");
	return status;
}
