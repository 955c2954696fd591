/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounting-Requests (RFC 2866) as access points send them: one, or those of
 * many sessions, shuffled and with some sent twice.
 */
#ifndef RADMPSK_ACCOUNTING_H
#define RADMPSK_ACCOUNTING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/octets.h"
#include "base/status.h"
#include "radius/packet.h"
#include "radius/peer.h"
#include "radmpsk/request.h"

/* Acct-Status-Type. */
typedef enum {
	ACCOUNTING_START = 1,
	ACCOUNTING_STOP = 2,
	ACCOUNTING_INTERIM = 3,
	ACCOUNTING_ON = 7,
	ACCOUNTING_OFF = 8
} accounting_status_t;

/* What happened. */
typedef struct {
	accounting_status_t	status;
	mpsk_octets_t		sid;		/* Acct-Session-Id; empty: none */
	char const		*user_name;	/* NULL: the station's MAC */
	int64_t			at;		/* Event-Timestamp */
	uint32_t		session_time;	/* seconds since its beginning */
	uint64_t		in, out;
	uint32_t		cause;		/* Acct-Terminate-Cause; 0: none */
} accounting_event_t;

/* Build and sign one. BAD, with a text, where a value does not fit; ERR where libcrypto fails. */
mpsk_status_t accounting_build(radius_packet_t *packet, request_t const *request, accounting_event_t const *event,
			       radius_secret_t const *secret, uint8_t id, mpsk_error_t *err);

/*
 * A load: of each session a Start, two Interim-Updates and, of three in four,
 * a Stop, that all happened within the last minutes; in an order drawn
 * from a seed, every fourth packet sent a second time somewhere. One that is
 * not answered is sent again each second until timeout_ms have passed.
 */
typedef struct {
	radius_peer_t const	*server;
	radius_secret_t const	*secret;
	request_t		request;	/* the MAC of the first station */
	char const		*user_name;	/* NULL: the station's MAC */
	uint32_t		sessions;
	uint32_t		stations;	/* so many MACs by turns */
	uint32_t		window;
	uint32_t		rate;		/* packets a second; 0: the window decides */
	int64_t			timeout_ms;
	int64_t			now;		/* epoch seconds */
} accounting_plan_t;

typedef struct {
	uint32_t	packets;	/* of which each counts once */
	uint32_t	answered;
	uint32_t	lost;
	uint32_t	repeated;	/* transmissions after the first */
	int64_t		spent_us;
} accounting_result_t;

/* Run it. AGAIN, with a text, where no network leads there; ERR where this machine fails. */
mpsk_status_t accounting_load(accounting_result_t *result, accounting_plan_t const *plan, mpsk_error_t *err);

/*
 * How each session ends, a line each: NAS and Acct-Session-Id as the store's
 * field has them, MAC, since, seen, ended, in, out and cause, with tabs
 * between. ERR where out fails.
 */
mpsk_status_t accounting_model(FILE *out, accounting_plan_t const *plan);

#endif
