/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is written behind the reply: what accounting tells of sessions, lines
 * of streams, and now and then the server's figures. One thread writes, on
 * connections of its own; whoever puts something in never waits for Redis.
 *
 * Sessions are kept while Redis is away, and what was written within the last
 * seconds before that is written again, for it may be lost: one entry for each, which later
 * events are merged into, up to a number of sessions; what has no room is
 * refused, so that its access point sends it again. Lines make way, the
 * oldest first, and are counted. Neither is written in the order in which
 * it came. After a failure in the middle of a write both are written again:
 * for a session that changes nothing (see session.lua), a line can be there
 * twice.
 */
#ifndef MPSK_STORE_OUTBOX_H
#define MPSK_STORE_OUTBOX_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"
#include "key/key.h"
#include "store/session.h"
#include "store/stat_write.h"
#include "store/store.h"

typedef struct mpsk_outbox mpsk_outbox_t;

typedef struct {
	size_t	sessions;	/* that may wait, a kilobyte each */
	size_t	lines;		/* that may wait */
	size_t	line_octets;	/* of all of them together */
	mpsk_session_terms_t terms;
	void	*uctx;
	/*
	 * An event turned out to be of another key than it came with: set vlan,
	 * role and print for session->id. On the outbox's thread; may be NULL.
	 */
	void	(*facts)(void *uctx, mpsk_session_t *session);
	/* A session that was written shows that its device holds its key. On the outbox's thread; may be NULL. */
	void	(*learned)(void *uctx, mpsk_session_t const *session);
	mpsk_stat_source_t figures;	/* of the server, to be written now and then; on the outbox's thread */
	/* One line for the log, now and then; never a secret. On the outbox's thread; may be NULL. */
	void	(*log)(void *uctx, char const *text);
} mpsk_outbox_config_t;

/* The defaults, for the caller to change. */
extern mpsk_outbox_config_t const mpsk_outbox_defaults;

/*
 * Start the thread. Redis need not be there. Both configs are copied, what
 * store refers to is not referred to later; uctx must outlive the outbox.
 * BAD as mpsk_store_create().
 */
mpsk_status_t mpsk_outbox_start(TALLOC_CTX *ctx, mpsk_outbox_t **outbox, mpsk_store_config_t const *store,
				mpsk_outbox_config_t const *config, mpsk_error_t *err);

/* Write what waits, for flush_ms at most and what a write under way may take, and end the thread. */
void mpsk_outbox_stop(mpsk_outbox_t **outbox, int flush_ms);

/*
 * An event of a session. Copied. AGAIN where as many sessions wait as may, or
 * half as many and it has no key; ERR where memory is out: it was not taken.
 * Any thread may call.
 */
mpsk_status_t mpsk_outbox_session(mpsk_outbox_t *outbox, mpsk_session_event_t const *event);

/* A NAS, or one of its radios, was started or stopped, as mpsk_outbox_session(). */
mpsk_status_t mpsk_outbox_restart(mpsk_outbox_t *outbox, mpsk_session_restart_t const *restart);

/*
 * A line for the stream of this name, which is cut to about
 * MPSK_STREAM_MAXLEN lines: XADD with these fields, in their order, whose
 * values may hold any octets. Copied. ERR where memory is out, BAD where
 * there are none or over MPSK_LINE_FIELDS_MAX: it was not taken, and counts
 * as dropped. Any thread may call; nothing of it is held while Redis works.
 */
#define MPSK_STREAM_MAXLEN	100000
#define MPSK_LINE_FIELDS_MAX	64
mpsk_status_t mpsk_outbox_log(mpsk_outbox_t *outbox, char const *stream, mpsk_field_t const *fields, size_t n);

typedef struct {
	size_t		sessions_waiting;	/* what is being written among them */
	uint64_t	sessions_taken;		/* events, also of restarts */
	uint64_t	sessions_merged;	/* of these, into one that waited */
	uint64_t	sessions_written;
	uint64_t	sessions_again;		/* of these, put back because Redis was away meanwhile */
	uint64_t	sessions_foreign;	/* of no key of ours */
	uint64_t	sessions_refused;	/* for want of room */
	uint64_t	sessions_failed;	/* Redis refused them for good: a key of a wrong type */
	size_t		lines_waiting;		/* likewise */
	uint64_t	lines_taken;
	uint64_t	lines_written;
	uint64_t	lines_dropped;
	uint64_t	failures;		/* attempts to write that Redis did not answer */
	bool		away;			/* the last of them was the last attempt */
} mpsk_outbox_stats_t;
void mpsk_outbox_stats(mpsk_outbox_t *outbox, mpsk_outbox_stats_t *stats);

#endif
