/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/dialect/accounting.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "rlm_mpsk/dialect/avpair.h"

#define TRUST_S		900	/* that a NAS's clock may be off by */
#define DELAY_MAX_S	86400	/* for which a packet may have been on its way */
#define REPEAT_S	300	/* for which a packet may be repeated, unchanged */

/* Acct-Status-Type: RFC 2866, 5.1. */
enum {
	STATUS_START = 1,
	STATUS_STOP = 2,
	STATUS_INTERIM = 3,
	STATUS_ON = 7,
	STATUS_OFF = 8
};

/* Acct-Terminate-Cause: RFC 2866, 5.10; RFC 4672; RFC 6677. */
static char const *const causes[] = {
	[1] = "User-Request", [2] = "Lost-Carrier", [3] = "Lost-Service", [4] = "Idle-Timeout",
	[5] = "Session-Timeout", [6] = "Admin-Reset", [7] = "Admin-Reboot", [8] = "Port-Error", [9] = "NAS-Error",
	[10] = "NAS-Request", [11] = "NAS-Reboot", [12] = "Port-Unneeded", [13] = "Port-Preempted",
	[14] = "Port-Suspended", [15] = "Service-Unavailable", [16] = "Callback", [17] = "User-Error",
	[18] = "Host-Request", [19] = "Supplicant-Restart", [20] = "Reauthentication-Failure",
	[21] = "Port-Reinitialized", [22] = "Port-Administratively-Disabled", [23] = "Lost-Power",
};

/* Where makers name the SSID, before Called-Station-Id. */
static dialect_attribute_t const ssids[] = { DIALECT_ARUBA_ESSID, DIALECT_RUCKUS_SSID };

/* A number as the server has decoded it; 0 where it is absent. */
static uint32_t number_of(dialect_request_t const *request, dialect_attribute_t attribute)
{
	dialect_value_t const *value = &request->values[attribute];
	uint32_t number = 0;

	if (value->n && value->len == sizeof(number)) memcpy(&number, value->octets, sizeof(number));
	return number;
}

static void octets_of(mpsk_octets_t *out, dialect_request_t const *request, dialect_attribute_t attribute)
{
	dialect_value_t const *value = &request->values[attribute];

	(void) mpsk_octets_set(out, value->octets, value->n ? value->len : 0);
}

/*
 * --- Time ---
 */

/*
 * When it happened: what the NAS says, where its clock can be right; else
 * when the packet came, less what it says that took. exact: a repeated
 * packet says the same.
 */
static int64_t time_of(dialect_request_t const *request, int64_t now, bool *exact)
{
	int64_t delay = number_of(request, DIALECT_ACCT_DELAY_TIME), told = number_of(request, DIALECT_EVENT_TIMESTAMP);
	int64_t came = now - (delay < DELAY_MAX_S ? delay : DELAY_MAX_S);

	*exact = told >= came - TRUST_S && told <= now + TRUST_S;
	if (!*exact) return came;
	return told < now ? told : now;
}

/* When the session began, and no sooner than when. */
static void begin_read(mpsk_session_event_t *event, dialect_request_t const *request, bool exact)
{
	mpsk_session_t *session = &event->session;

	session->since = session->seen - (int64_t) number_of(request, DIALECT_ACCT_SESSION_TIME);
	if (session->since < 1) session->since = 1;
	if (event->started) event->first = exact ? session->since : session->since - REPEAT_S;
	if (event->first < 0) event->first = 0;
}

/*
 * --- Place ---
 */
static void avpair_ssid_read(dialect_request_t const *request, mpsk_session_t *session)
{
	static char const *const names[] = { "cisco-wlan-ssid", "ssid" };

	for (size_t i = 0; i < request->n_avpairs && i < DIALECT_AVPAIRS_MAX; i++) {
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			dialect_avpair_value_t value = dialect_avpair_value(names[j], request->avpairs[i].octets,
									    request->avpairs[i].len);

			if (value.octets && mpsk_ssid_set(&session->ssid, value.octets, value.len)) return;
		}
	}
}

/* As much of it as is there: accounting may name the radio alone, or nothing. */
static void place_read(dialect_request_t const *request, mpsk_session_t *session)
{
	dialect_value_t const *called = &request->values[DIALECT_CALLED_STATION_ID];
	size_t n = called->n ? mpsk_mac_scan(&session->bssid, (char const *) called->octets, called->len) : 0;

	session->has_bssid = n > 0;
	for (size_t i = 0; i < sizeof(ssids) / sizeof(ssids[0]); i++) {
		dialect_value_t const *value = &request->values[ssids[i]];

		if (value->n && mpsk_ssid_set(&session->ssid, value->octets, value->len)) return;
	}
	if (request->n_avpairs) avpair_ssid_read(request, session);
	if (session->ssid.len || n == 0 || n == called->len || isalnum(called->octets[n])) return;
	(void) mpsk_ssid_set(&session->ssid, called->octets + n + 1, called->len - n - 1);
}

/*
 * --- The packet ---
 */
static void end_read(dialect_request_t const *request, mpsk_session_t *session)
{
	uint32_t cause = number_of(request, DIALECT_ACCT_TERMINATE_CAUSE);

	session->ended = session->seen;
	if (cause < sizeof(causes) / sizeof(causes[0]) && causes[cause]) {
		snprintf(session->cause, sizeof(session->cause), "%s", causes[cause]);
	} else if (cause) {
		snprintf(session->cause, sizeof(session->cause), "%u", cause);
	}
}

static uint64_t count_read(dialect_request_t const *request, dialect_attribute_t octets, dialect_attribute_t gigawords)
{
	return (uint64_t) number_of(request, gigawords) << 32 | number_of(request, octets);
}

static mpsk_status_t session_read(dialect_request_t const *request, int64_t now, mpsk_accounting_t *accounting,
				  mpsk_error_t *err)
{
	mpsk_session_event_t *event = &accounting->event;
	mpsk_session_t *session = &event->session;
	uint32_t status = number_of(request, DIALECT_ACCT_STATUS_TYPE);
	bool exact;

	if (dialect_request_mac(request, &session->mac, NULL) != MPSK_OK) {
		return mpsk_error_set(err, MPSK_MISS, "neither Calling-Station-Id nor User-Name is a MAC address");
	}
	octets_of(&session->sid, request, DIALECT_ACCT_SESSION_ID);
	if (!session->sid.len) return mpsk_error_set(err, MPSK_MISS, "Acct-Session-Id is missing");
	accounting->kind = MPSK_ACCOUNTING_SESSION;
	octets_of(&session->name, request, DIALECT_USER_NAME);
	octets_of(&accounting->cui, request, DIALECT_CUI);
	place_read(request, session);
	event->started = status == STATUS_START;
	session->seen = time_of(request, now, &exact);
	begin_read(event, request, exact);
	if (status == STATUS_STOP) end_read(request, session);
	session->in = count_read(request, DIALECT_ACCT_INPUT_OCTETS, DIALECT_ACCT_INPUT_GIGAWORDS);
	session->out = count_read(request, DIALECT_ACCT_OUTPUT_OCTETS, DIALECT_ACCT_OUTPUT_GIGAWORDS);
	return MPSK_OK;
}

mpsk_status_t dialect_accounting_read(dialect_request_t const *request, int64_t now, mpsk_accounting_t *accounting,
				      mpsk_error_t *err)
{
	bool exact;

	memset(accounting, 0, sizeof(*accounting));
	switch (number_of(request, DIALECT_ACCT_STATUS_TYPE)) {
	case STATUS_START:
	case STATUS_INTERIM:
	case STATUS_STOP:
		return session_read(request, now, accounting, err);
	case STATUS_ON:
	case STATUS_OFF:
		accounting->kind = MPSK_ACCOUNTING_RESTART;
		place_read(request, &accounting->event.session);
		accounting->event.session.seen = time_of(request, now, &exact);
		return MPSK_OK;
	default:
		return mpsk_error_set(err, MPSK_MISS, "Acct-Status-Type is none that sessions are kept by");
	}
}
