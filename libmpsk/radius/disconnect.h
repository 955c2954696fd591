/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Disconnect-Requests and their answers: RFC 5176. Which attributes one may
 * carry, and where it goes, depends on who made the NAS.
 */
#ifndef MPSK_RADIUS_DISCONNECT_H
#define MPSK_RADIUS_DISCONNECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/octets.h"
#include "base/status.h"
#include "radius/packet.h"

#define RADIUS_CAUSE_UNSUPPORTED	401	/* an attribute that it does not take */
#define RADIUS_CAUSE_NO_SESSION		503
#define RADIUS_CAUSE_SEVERAL		508

/* How one maker's NAS takes them: see docs/reference/dialects.md. */
typedef struct {
	char const	*name;		/* of the dialect, as access points ask in it */
	uint16_t	port;		/* where it listens unless it is told otherwise */
	bool		with_user;	/* User-Name, as its accounting has it, beside MAC and session */
} radius_disconnect_way_t;

/* The rows, up to one whose name is NULL; the first is for whoever is not in the table. */
extern radius_disconnect_way_t const radius_disconnect_ways[];

/* The row of that name; NULL where there is none. */
radius_disconnect_way_t const *radius_disconnect_way(char const *name);

/* Whose session is to end. */
typedef struct {
	mpsk_mac_t		mac;
	mpsk_octets_t const	*session;	/* Acct-Session-Id; NULL: whichever the device has */
	mpsk_octets_t const	*user;		/* User-Name; NULL: not known */
	int64_t			now;		/* epoch seconds: Event-Timestamp */
} radius_disconnect_t;

/* Build and sign a request. BAD, with a text, where a value does not fit; ERR where libcrypto fails. */
mpsk_status_t radius_disconnect_build(radius_packet_t *packet, radius_disconnect_way_t const *way,
				      radius_disconnect_t const *disconnect, uint8_t id, radius_secret_t const *secret,
				      mpsk_error_t *err);

typedef struct {
	bool		ack;
	uint32_t	cause;	/* Error-Cause; 0: it names none */
} radius_disconnect_answer_t;

/*
 * Read an answer to a request. BAD, with a text, for octets that are none,
 * that answer another request, or that were not signed with the secret; ERR
 * where libcrypto fails. A Message-Authenticator is checked where it is there:
 * the authenticator of an answer vouches for it already.
 */
mpsk_status_t radius_disconnect_read(radius_disconnect_answer_t *answer, uint8_t const *octets, size_t len,
				     uint8_t const *request, radius_secret_t const *secret, mpsk_error_t *err);

/* "Session Context Not Found" (RFC 5176, 3.5), or NULL. */
char const *radius_disconnect_cause(uint32_t cause);

#endif
