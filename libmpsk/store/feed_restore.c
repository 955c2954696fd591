/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/feed.h"

#include <poll.h>
#include <time.h>

#include "base/deadline.h"

#define LOOK_EACH 1000	/* rows: a few milliseconds */

typedef struct {
	mpsk_feed_t	*feed;
	int		cancel_fd;
	size_t		rows;
} restore_t;

static mpsk_status_t restore_row(void *uctx, mpsk_row_t const *row, mpsk_error_t *err)
{
	restore_t *restore = uctx;
	struct pollfd fd = { .fd = restore->cancel_fd, .events = POLLIN };

	if (++restore->rows % LOOK_EACH == 0 && poll(&fd, 1, 0) > 0) {
		return mpsk_error_set(err, MPSK_AGAIN, "it was to end");
	}
	return mpsk_feed_row(restore->feed, row, err);
}

/* A file that was cut or changed is found out before any of it is used. */
static mpsk_status_t restore_check(mpsk_feed_t const *feed, char const *path, int64_t max_age_s,
				   mpsk_snapshot_info_t *info, mpsk_error_t *err)
{
	mpsk_status_t status = mpsk_snapshot_read(path, feed->keyring, NULL, NULL, info, err);
	int64_t age = (int64_t) time(NULL) - info->in_step_at;

	if (status != MPSK_OK || age <= max_age_s) return status;
	return mpsk_error_set(err, MPSK_BAD, "%s: it was in step with Redis %lld s ago, and %lld are allowed "
			      "(stale_max)", path, (long long) age, (long long) max_age_s);
}

mpsk_status_t mpsk_feed_restore(mpsk_feed_t *feed, char const *path, int64_t max_age_s, int cancel_fd,
				mpsk_snapshot_info_t *info, mpsk_error_t *err)
{
	restore_t restore = { .feed = feed, .cancel_fd = cancel_fd };
	mpsk_status_t status;

	*info = (mpsk_snapshot_info_t) { .in_step_at = 0 };
	feed->started_at = mpsk_monotonic_ms();
	status = restore_check(feed, path, max_age_s, info, err);
	if (status != MPSK_OK) return status;
	mpsk_refusals_begin(feed->refusals);
	feed->sink->begin(feed->uctx);
	status = mpsk_snapshot_load(path, feed->keyring, restore_row, &restore, info, err);
	if (status != MPSK_OK) return status;
	feed->sink->commit(feed->uctx);
	mpsk_refusals_commit(feed->refusals);
	mpsk_brake_restore(feed->brake, &info->meta);
	feed->took_ms = (int) (mpsk_monotonic_ms() - feed->started_at);
	return MPSK_OK;
}

mpsk_snapshot_info_t mpsk_feed_info(mpsk_feed_t const *feed, int64_t in_step_at)
{
	return (mpsk_snapshot_info_t) { .in_step_at = in_step_at, .meta = *mpsk_brake_meta(feed->brake) };
}
