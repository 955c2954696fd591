/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What has to be read from Redis for a copy to be equal to it, and reading
 * it a step at a time: names that changed first, then full loads.
 */
#ifndef MPSK_STORE_FEED_H
#define MPSK_STORE_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"
#include "store/brake.h"
#include "store/links.h"
#include "store/names.h"
#include "store/refusals.h"
#include "store/rows.h"
#include "store/snapshot.h"
#include "store/sync.h"

typedef struct {
	mpsk_sync_sink_t const	*sink;
	void			*uctx;
	mpsk_links_t		*links;
	mpsk_names_t		*dirty;		/* names to read */
	int64_t			dirty_at;	/* when to go on with them: they could not be read a moment ago */
	mpsk_names_t		*resting;	/* large sets that are not to be read just now */
	mpsk_refusals_t		*refusals;
	mpsk_brake_t		*brake;
	mpsk_script_t		stamp;
	int64_t			stamp_at;	/* when to say again that the data were seen */
	bool			judged;		/* the brake lets the load begin */
	int64_t			retry_at;	/* when a load that is held is tried again */
	mpsk_keyring_t		*keyring;	/* set by the owner; or NULL */
	mpsk_snapshot_t		*snapshot;	/* the same */
	bool			loading;
	bool			current;	/* the copy holds all that this link's first load showed */
	unsigned		pace;		/* keys/s of the load; 0: as fast as it goes */
	unsigned		member;		/* that is being walked */
	mpsk_walk_t		walk;
	int64_t			step_at;	/* when the load may go on */
	int64_t			started_at;
	int			took_ms;	/* the last load */
	size_t			put;		/* keys that it showed */
} mpsk_feed_t;

/* NULL where memory is out. */
mpsk_feed_t *mpsk_feed_create(TALLOC_CTX *ctx, mpsk_links_t *links, mpsk_sync_sink_t const *sink, void *uctx,
			      int hold_ms);

/*
 * Take in what a snapshot holds, before anything was read of Redis, which it
 * is held against from then on. MISS where there is none or its KEK is not
 * here, BAD where it is not to be used, AGAIN once cancel_fd is readable.
 */
mpsk_status_t mpsk_feed_restore(mpsk_feed_t *feed, char const *path, int64_t max_age_s, int cancel_fd,
				mpsk_snapshot_info_t *info, mpsk_error_t *err);

/* Of which moment and data a snapshot is that is written now, if the copy was last current at in_step_at. */
mpsk_snapshot_info_t mpsk_feed_info(mpsk_feed_t const *feed, int64_t in_step_at);

/* Begin a load, anew where one is under way. pace: keys/s, and the copy stays current; 0: it is not until the end. */
void mpsk_feed_load(mpsk_feed_t *feed, unsigned pace);

/* A name changed, NULL: all did; see mpsk_link_changed_t. */
bool mpsk_feed_changed(void *feed, char const *name, size_t len);

/* Take in a row, and let the snapshot know: an mpsk_row_use_t whose uctx is the feed. */
mpsk_status_t mpsk_feed_row(void *feed, mpsk_row_t const *row, mpsk_error_t *err);

/* Whether mpsk_feed_step() would read something now; else *at is lowered to when it would (INT64_MAX: no such time). */
bool mpsk_feed_due(mpsk_feed_t const *feed, int64_t *at);

/*
 * Read some of what is due, of members that are open; a load ends only with
 * all of them. *loaded is set where it did. After a failure the link that was
 * used last is to be dropped.
 */
mpsk_status_t mpsk_feed_step(mpsk_feed_t *feed, bool *loaded, mpsk_error_t *err);

/* Whether the brake holds what Redis has: nothing of it is followed. */
bool mpsk_feed_held(mpsk_feed_t const *feed);

/* Now and then say in Redis that its data were seen; in between do nothing. After a failure as mpsk_feed_step(). */
mpsk_status_t mpsk_feed_stamp(mpsk_feed_t *feed, mpsk_error_t *err);

#endif
