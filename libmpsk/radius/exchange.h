/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests with their retransmits, and their replies: any number at once.
 */
#ifndef MPSK_RADIUS_EXCHANGE_H
#define MPSK_RADIUS_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "radius/peer.h"

#define RADIUS_EXCHANGE_WINDOW	256	/* requests under way at the same time */
#define RADIUS_EXCHANGE_AT_ONE	32	/* and at one peer, which may be a small one */

typedef struct {
	int64_t	timeout_ms;		/* over all, for each request from its first transmission on */
	int64_t	retransmit_ms;		/* between the first two transmissions */
	/* RFC 5080, 2.2.1: each later time is twice the one before, up to this, give or take a tenth; 0: all equal. */
	int64_t	retransmit_max_ms;
	int64_t	retries;		/* transmissions after the first */
} radius_patience_t;

typedef struct radius_exchange radius_exchange_t;
struct radius_exchange {
	radius_peer_t const	*peer;		/* the same pointer for all to one peer */
	uint8_t const		*request;	/* signed */
	size_t			request_len;
	/*
	 * Given each datagram that carries the request's id: whether it is the reply. One that is not is passed over,
	 * for anybody may send some. It may put what it reads into what contains the exchange as its first member.
	 */
	bool			(*take)(radius_exchange_t *exchange, uint8_t const *octets, size_t len);

	/*
	 * What became of it: OK, it was answered. AGAIN, with a text: nothing came in time, the peer's machine
	 * refuses, no network leads there, or the peer left others before it without an answer. ERR, with a text: the
	 * socket failed.
	 */
	mpsk_status_t		status;
	mpsk_error_t		err;
	unsigned		sent;		/* transmissions */
	int64_t			took_us;	/* from the first of them to the reply, or to the end of patience */
};

/*
 * Run them all to their ends, each on a socket of its own, so that ids need
 * not differ. ERR, with a text, where memory is out or poll() fails; what
 * became of each is then not known.
 */
mpsk_status_t radius_exchange_run(radius_exchange_t *const *exchanges, size_t n, radius_patience_t const *patience,
				  mpsk_error_t *err);

/* Microseconds of CLOCK_MONOTONIC. */
int64_t radius_exchange_now_us(void);

#endif
