/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions in the store: `mpsk:sess:{id}`.
 */
#ifndef MPSK_STORE_SESSION_H
#define MPSK_STORE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"
#include "key/session.h"
#include "store/store.h"

/*
 * The sessions of a key, open ones and those that ended lately, the one seen
 * last first. The array belongs to ctx. MISS where it has none, be there such
 * a key or not. A record that is malformed is passed over.
 */
mpsk_status_t mpsk_store_sessions(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_session_t **sessions,
				  size_t *n, mpsk_error_t *err);

/*
 * The sessions of every key that has some, in no order, as
 * mpsk_store_devices_each(); where mpsk:sess:{id} is no hash they are NULL,
 * and err says why. They are freed after the call.
 */
typedef mpsk_status_t (*mpsk_store_sessions_cb_t)(void *uctx, char const *id, mpsk_session_t const *sessions, size_t n,
						  mpsk_error_t const *err);
mpsk_status_t mpsk_store_sessions_each(mpsk_store_t *store, mpsk_store_sessions_cb_t cb, void *uctx,
				       mpsk_error_t *err);

/*
 * --- What accounting tells; see outbox.h ---
 */

/*
 * One packet, or several of one session. Times and counters of 0, texts that
 * are "" and a key id of "" say nothing.
 */
typedef struct {
	mpsk_session_t	session;	/* id: the key, as far as this server knows; seen: when it happened */
	bool		by_name;	/* the id goes by a name in the packet alone */
	bool		started;	/* a Start is among them */
	bool		learn;		/* by_name: that it is on shows that its device holds the key */
	int64_t		first;		/* it began no sooner: what ended before is another one. 0: not known */
	bool		another;	/* and such another one was among them */
} mpsk_session_event_t;

/* How long things last, in seconds: the module's options of these names, and their defaults. */
typedef struct {
	int64_t	session_stale;		/* for which a session that is not heard of goes on, and holds its place */
	int64_t	concurrent_grace;	/* for which a claim's device has a place before its session begins */
} mpsk_session_terms_t;

#define MPSK_SESSION_TERMS	{ .session_stale = 3600, .concurrent_grace = 300 }
extern mpsk_session_terms_t const mpsk_session_terms;

/* Take what an event says into another of the same nas and sid; in whichever order, with the same result. */
void mpsk_session_event_merge(mpsk_session_event_t *into, mpsk_session_event_t const *from);

/* Accounting-On or -Off. */
typedef struct {
	char		nas[MPSK_SESSION_NAS_MAX + 1];
	mpsk_mac_t	bssid;		/* only the sessions on this radio end; where has_bssid */
	bool		has_bssid;
	int64_t		at;
} mpsk_session_restart_t;

#endif
