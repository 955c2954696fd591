/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/sync.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/deadline.h"
#include "store/endpoint.h"
#include "store/feed.h"
#include "store/link.h"
#include "store/sync_timing.h"

#define BACKOFF_MIN_MS		50
#define BACKOFF_MAX_MS		2000
#define BACKOFF_REFUSED_MS	5000	/* a password that is refused needs a person */

mpsk_sync_timing_t const mpsk_sync_timing = {
	.rescan_ms = 15 * 60 * 1000,
	.untracked_rescan_ms = 30 * 1000,
	.pace = 20000,
};

struct mpsk_sync {
	mpsk_endpoint_t		*endpoint;
	mpsk_sync_sink_t const	*sink;
	void			*uctx;
	mpsk_sync_timing_t	timing;
	pthread_t		thread;
	int			stop_fd;	/* readable for good once the thread has to end */
	int			wake_fd;
	atomic_bool		live;

	/* The thread's own. */
	mpsk_link_t		link;
	mpsk_feed_t		*feed;
	bool			more;		/* for idle() to do */
	bool			announced;	/* that this link is connected */
	int64_t			rescan_at;
	int64_t			tick_at;
	int			backoff_ms;
	unsigned		seed;
	mpsk_error_t		said;		/* the last trouble that was logged */
};

static bool sync_stopping(mpsk_sync_t const *sync)
{
	struct pollfd fd = { .fd = sync->stop_fd, .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

/*
 * --- What the log is told ---
 */
static void sync_log(mpsk_sync_t *sync, mpsk_sync_level_t level, mpsk_error_t const *line)
{
	sync->sink->log(sync->uctx, level, line->text);
}

/* Once, however many attempts fail for the same reason. */
static void sync_log_trouble(mpsk_sync_t *sync, mpsk_error_t const *line)
{
	if (strcmp(line->text, sync->said.text) == 0) return;
	sync->said = *line;
	sync_log(sync, MPSK_SYNC_WARN, line);
}

static void sync_log_loaded(mpsk_sync_t *sync)
{
	mpsk_error_t line;

	mpsk_error_set(&line, MPSK_OK, "%s %s: %zu keys loaded in %d ms (%zu refused)",
		       sync->announced ? "synchronised again with" : "connected to", mpsk_endpoint_name(sync->endpoint),
		       sync->feed->put, sync->feed->took_ms, mpsk_refusals_count(sync->feed->refusals));
	sync_log(sync, MPSK_SYNC_INFO, &line);
	sync->announced = true;
	sync->said.text[0] = '\0';
	if (sync->link.sub) return;
	mpsk_error_set(&line, MPSK_OK, "this Redis does not tell which keys change (%s): all are read every %d s",
		       sync->link.untracked.text, sync->timing.untracked_rescan_ms / 1000);
	sync_log(sync, MPSK_SYNC_WARN, &line);
}

static void sync_log_lost(mpsk_sync_t *sync, mpsk_error_t const *why)
{
	mpsk_error_t line;

	mpsk_error_set(&line, MPSK_OK, sync->announced ? "lost Redis, its keys are kept: %s" : "no Redis: %s",
		       why->text);
	sync_log_trouble(sync, &line);
}

/*
 * --- Waiting ---
 */

/* Until a time, or until one of the connections, stop or wake has something. */
static void sync_wait(mpsk_sync_t *sync, int64_t until)
{
	struct pollfd fds[] = {
		{ .fd = sync->stop_fd, .events = POLLIN },
		{ .fd = sync->wake_fd, .events = POLLIN },
		{ .fd = sync->link.data ? mpsk_conn_fd(sync->link.data) : -1, .events = POLLIN },
		{ .fd = sync->link.sub ? mpsk_conn_fd(sync->link.sub) : -1, .events = POLLIN },
	};
	eventfd_t count;

	if (poll(fds, 4, mpsk_deadline_left((mpsk_deadline_t) { until })) <= 0 || !fds[1].revents) return;
	(void) eventfd_read(sync->wake_fd, &count);
	sync->more = true;
}

/* Where nothing has to be read: spare time, or sleep. */
static void sync_rest(mpsk_sync_t *sync, int64_t until)
{
	if (sync->more) {
		sync->more = sync->sink->idle(sync->uctx);
	} else {
		sync_wait(sync, until);
	}
}

/* Between two attempts to connect. */
static void sync_pause(mpsk_sync_t *sync, int ms)
{
	mpsk_deadline_t deadline = mpsk_deadline_in(ms);

	while (!mpsk_deadline_passed(deadline) && !sync_stopping(sync)) sync_rest(sync, deadline.at_ms);
}

/* Servers that lost the same Redis must not come back in step. */
static int sync_backoff(mpsk_sync_t *sync, mpsk_status_t status)
{
	int most = sync->backoff_ms;

	if (status == MPSK_BAD) return BACKOFF_REFUSED_MS;
	sync->backoff_ms = most * 2 < BACKOFF_MAX_MS ? most * 2 : BACKOFF_MAX_MS;
	return BACKOFF_MIN_MS + rand_r(&sync->seed) % (most - BACKOFF_MIN_MS + 1);
}

/*
 * --- Following one link ---
 */
static void sync_loaded(mpsk_sync_t *sync, int64_t now)
{
	bool rescan = sync->feed->pace != 0;

	sync->rescan_at = now + (sync->link.sub ? sync->timing.rescan_ms : sync->timing.untracked_rescan_ms);
	sync->backoff_ms = 2 * BACKOFF_MIN_MS;
	if (!rescan) {
		mpsk_refusals_tick(sync->feed->refusals);
		sync_log_loaded(sync);
	}
}

/* What is due by the clock, once nothing waits to be loaded. */
static void sync_clock(mpsk_sync_t *sync, int64_t now)
{
	if (!sync->feed->current) return;
	if (now >= sync->tick_at) {
		mpsk_refusals_tick(sync->feed->refusals);
		sync->tick_at = now + 1000;
	}
	if (!sync->feed->loading && now >= sync->rescan_at) mpsk_feed_load(sync->feed, sync->timing.pace);
}

/* One round: hear, look after the link, read, rest. */
static mpsk_status_t sync_round(mpsk_sync_t *sync, mpsk_error_t *err)
{
	mpsk_feed_t *feed = sync->feed;
	int64_t until;
	bool loaded = false;
	mpsk_status_t status = mpsk_link_drain(&sync->link, mpsk_feed_changed, feed, err);

	atomic_store(&sync->live, feed->current);
	if (status == MPSK_OK) status = mpsk_link_check(&sync->link, err);
	if (status != MPSK_OK) return status;
	until = sync->link.check_at;
	if (mpsk_feed_due(feed, &until)) {
		sync->more = true;	/* what is put may want work */
		status = mpsk_feed_step(feed, sync->link.data, &loaded, err);
		if (status != MPSK_OK) return status;
		if (loaded) sync_loaded(sync, mpsk_monotonic_ms());
		atomic_store(&sync->live, feed->current);
	} else {
		sync_rest(sync, until);
	}
	sync_clock(sync, mpsk_monotonic_ms());
	return MPSK_OK;
}

/* Until the link is lost or the thread has to end. */
static mpsk_status_t sync_follow(mpsk_sync_t *sync, mpsk_error_t *err)
{
	mpsk_status_t status = mpsk_link_open(&sync->link, sync->endpoint, 0, sync->stop_fd, err);

	if (status == MPSK_OK) mpsk_feed_load(sync->feed, 0);
	while (status == MPSK_OK && !sync_stopping(sync)) status = sync_round(sync, err);
	atomic_store(&sync->live, false);
	mpsk_link_close(&sync->link);
	return status;
}

static void *sync_main(void *arg)
{
	mpsk_sync_t *sync = arg;

	while (!sync_stopping(sync)) {
		mpsk_error_t why = { "" };
		mpsk_status_t status = sync_follow(sync, &why);

		if (sync_stopping(sync)) break;
		sync_log_lost(sync, &why);
		sync->announced = false;
		sync_pause(sync, sync_backoff(sync, status));
	}
	return NULL;
}

/*
 * --- Life ---
 */
static int sync_close(mpsk_sync_t *sync)
{
	if (sync->stop_fd >= 0) close(sync->stop_fd);
	if (sync->wake_fd >= 0) close(sync->wake_fd);
	return 0;
}

/* The host handles its signals on a thread of its own. */
static int sync_spawn(mpsk_sync_t *sync)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&sync->thread, NULL, sync_main, sync);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

mpsk_status_t mpsk_sync_start_timed(TALLOC_CTX *ctx, mpsk_sync_t **out, mpsk_store_config_t const *config,
				    mpsk_sync_sink_t const *sink, void *uctx, mpsk_sync_timing_t const *timing,
				    mpsk_error_t *err)
{
	mpsk_sync_t *sync = talloc_zero(ctx, mpsk_sync_t);
	mpsk_status_t status;

	*out = NULL;
	if (!sync) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	sync->sink = sink;
	sync->uctx = uctx;
	sync->timing = *timing;
	sync->more = true;
	sync->backoff_ms = 2 * BACKOFF_MIN_MS;
	sync->seed = (unsigned) mpsk_monotonic_ms() ^ (unsigned) getpid() << 16;
	sync->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	sync->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	talloc_set_destructor(sync, sync_close);
	sync->feed = mpsk_feed_create(sync, sink, uctx);
	status = mpsk_endpoint_create(sync, &sync->endpoint, config, err);
	if (status == MPSK_OK &&
	    (!sync->feed || sync->stop_fd < 0 || sync->wake_fd < 0 || sync_spawn(sync) != 0)) {
		status = mpsk_error_set(err, MPSK_ERR, "out of memory, file descriptors or threads");
	}
	if (status != MPSK_OK) {
		talloc_free(sync);
		return status;
	}
	*out = sync;
	return MPSK_OK;
}

mpsk_status_t mpsk_sync_start(TALLOC_CTX *ctx, mpsk_sync_t **sync, mpsk_store_config_t const *config,
			      mpsk_sync_sink_t const *sink, void *uctx, mpsk_error_t *err)
{
	return mpsk_sync_start_timed(ctx, sync, config, sink, uctx, &mpsk_sync_timing, err);
}

void mpsk_sync_wake(mpsk_sync_t *sync)
{
	(void) eventfd_write(sync->wake_fd, 1);
}

bool mpsk_sync_live(mpsk_sync_t const *sync)
{
	return atomic_load(&sync->live);
}

void mpsk_sync_stop(mpsk_sync_t **sync)
{
	if (!*sync) return;
	(void) eventfd_write((*sync)->stop_fd, 1);
	pthread_join((*sync)->thread, NULL);
	TALLOC_FREE(*sync);
}
