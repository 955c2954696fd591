/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions whose end nobody told, and those that ended long ago.
 */
#ifndef MPSK_STORE_SESSION_REAP_H
#define MPSK_STORE_SESSION_REAP_H

#include <stdint.h>

#include "base/status.h"
#include "store/session.h"

#define MPSK_SESSION_KEEP_S	86400	/* for which one that ended is kept */

/* What is to be done with a session. */
typedef enum {
	MPSK_REAP_KEEP = 0,
	MPSK_REAP_END,		/* it was not heard of for `stale` seconds: it counts as ended */
	MPSK_REAP_FORGET	/* it ended over `keep` seconds ago, or was last heard of before */
} mpsk_reap_t;

mpsk_reap_t mpsk_session_reap_wants(mpsk_session_t const *session, int64_t now, int64_t stale, int64_t keep);

/*
 * Do it to one session, by what it is when Redis comes to it: one that was
 * heard of meanwhile goes on. One that is ended gives its device's place
 * free; a later event wakes it. *did is what was done.
 */
mpsk_status_t mpsk_session_reap(mpsk_store_t *store, mpsk_session_t const *session, int64_t now,
				mpsk_session_terms_t const *terms, int64_t keep, mpsk_reap_t *did, mpsk_error_t *err);

#endif
