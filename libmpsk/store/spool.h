/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be written of sessions: an entry for each, in the order in
 * which they came. Not thread-safe.
 */
#ifndef MPSK_STORE_SPOOL_H
#define MPSK_STORE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/status.h"
#include "store/session.h"

typedef struct mpsk_spool mpsk_spool_t;

/* An event of a session, or a restart. */
typedef struct {
	bool			is_restart;
	mpsk_session_event_t	event;
	mpsk_session_restart_t	restart;
} mpsk_spooled_t;

/* Room for max entries. NULL where memory is out. */
mpsk_spool_t *mpsk_spool_create(TALLOC_CTX *ctx, size_t max);

/*
 * Take a copy, merged into what waits of the same session or radio: then
 * *merged is set. AGAIN where there is no room; for a session without a key,
 * which may be nobody's, half of it has to be free. ERR where memory is out.
 */
mpsk_status_t mpsk_spool_put(mpsk_spool_t *spool, mpsk_spooled_t const *item, bool *merged);

/* The oldest entries, at most max, taken out: each is talloc_free()d by the caller, or put back. Returns how many. */
size_t mpsk_spool_take(mpsk_spool_t *spool, mpsk_spooled_t **items, size_t max);

/* Take an entry back that could not be written; its room is still there. False, and freed, where memory is out. */
bool mpsk_spool_put_back(mpsk_spool_t *spool, mpsk_spooled_t *item);

/* An entry that was taken was written or is given up: its room is free. It stays the caller's. */
void mpsk_spool_done(mpsk_spool_t *spool);

/* How many there are, with those that were taken. */
size_t mpsk_spool_count(mpsk_spool_t const *spool);

/* Whether any is there to be taken. */
bool mpsk_spool_any(mpsk_spool_t const *spool);

#endif
