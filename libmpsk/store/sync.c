/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/sync.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"
#include "store/endpoint.h"
#include "store/feed.h"
#include "store/links.h"
#include "store/pool.h"
#include "store/sync_timing.h"

#define BACKOFF_MIN_MS		50
#define BACKOFF_MAX_MS		2000
#define BACKOFF_REFUSED_MS	5000	/* a password that is refused needs a person */
#define CONNECT_MIN_MS		1000	/* nobody waits for this thread, and a busy machine is slow */
#define REFRESH_MS		2000	/* another may be a primary now, or given slots that hold nothing yet */

mpsk_sync_timing_t const mpsk_sync_timing = {
	.rescan_ms = 15 * 60 * 1000,
	.untracked_rescan_ms = 30 * 1000,
	.pace = 20000,
	.hold_ms = 10 * 60 * 1000,
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
	atomic_bool		held;
	_Atomic int64_t		live_at;	/* the last time that it was */
	char const		*snapshot;	/* NULL: none is kept */
	int64_t			snapshot_max_s;

	/* The thread's own. */
	mpsk_links_t		*links;
	mpsk_feed_t		*feed;
	bool			more;		/* for idle() to do */
	bool			announced;	/* that all links are connected */
	int64_t			in_step_at;	/* live_at by the wall clock */
	int64_t			refresh_at;	/* when to see to the links next */
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

/* A link that nobody tells what changes; NULL where there is none. */
static mpsk_link_t const *sync_untracked(mpsk_sync_t const *sync)
{
	for (unsigned i = 0; i < sync->links->n; i++) {
		if (!sync->links->members[i].link.sub) return &sync->links->members[i].link;
	}
	return NULL;
}

static void sync_log_loaded(mpsk_sync_t *sync)
{
	mpsk_link_t const *untracked;
	mpsk_error_t line;

	mpsk_error_set(&line, MPSK_OK, "%s %s: %zu keys loaded in %d ms (%zu refused)",
		       sync->announced ? "synchronised again with" : "connected to", mpsk_endpoint_name(sync->endpoint),
		       sync->feed->put, sync->feed->took_ms, mpsk_refusals_count(sync->feed->refusals));
	sync_log(sync, MPSK_SYNC_INFO, &line);
	sync->announced = true;
	sync->said.text[0] = '\0';
	untracked = sync_untracked(sync);
	if (!untracked) return;
	mpsk_error_set(&line, MPSK_OK, "this Redis does not tell which keys change (%s): all are read every %d s",
		       untracked->untracked.text, sync->timing.untracked_rescan_ms / 1000);
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
 * --- The snapshot ---
 */
static void sync_log_restored(mpsk_sync_t *sync, mpsk_status_t status, int64_t age, mpsk_error_t const *why)
{
	mpsk_error_t line;

	if (status == MPSK_OK) {
		mpsk_error_set(&line, MPSK_OK, "%zu keys of %s loaded in %d ms: it was in step with Redis %lld s ago",
			       sync->feed->put, sync->snapshot, sync->feed->took_ms, (long long) age);
	} else {
		mpsk_error_set(&line, MPSK_OK, "no snapshot to begin with: %s", why->text);
	}
	sync_log(sync, status == MPSK_OK ? MPSK_SYNC_INFO : status == MPSK_MISS ? MPSK_SYNC_WARN : MPSK_SYNC_ERROR,
		 &line);
}

/* Before the first connection, so that a Redis that comes back empty is held against what there was. */
static void sync_restore(mpsk_sync_t *sync)
{
	mpsk_snapshot_info_t info;
	mpsk_error_t why = { "" };
	mpsk_status_t status = mpsk_feed_restore(sync->feed, sync->snapshot, sync->snapshot_max_s, sync->stop_fd,
						 &info, &why);
	int64_t age = (int64_t) time(NULL) - info.in_step_at;

	if (status == MPSK_AGAIN) return;
	/* Of a clock that was set back nothing can be said but that it is later. */
	if (age < 0) age = 0;
	if (status == MPSK_OK) atomic_store(&sync->live_at, mpsk_monotonic_ms() - age * 1000);
	sync_log_restored(sync, status, age, &why);
}

/* What changed, up to the last moment that the copy was known to be in step. */
static void sync_keep(mpsk_sync_t *sync, bool now)
{
	mpsk_snapshot_info_t info = mpsk_feed_info(sync->feed, sync->in_step_at);

	if (sync->feed->snapshot && sync->in_step_at) mpsk_snapshot_flush(sync->feed->snapshot, &info, now);
}

static void sync_log_snapshot(mpsk_sync_t *sync)
{
	mpsk_error_t line;
	bool failed;

	if (!sync->feed->snapshot || !mpsk_snapshot_news(sync->feed->snapshot, &line, &failed)) return;
	sync_log(sync, failed ? MPSK_SYNC_ERROR : MPSK_SYNC_INFO, &line);
}

/*
 * --- Waiting ---
 */

/* Until a time, or until one of the connections, stop or wake has something. */
static void sync_wait(mpsk_sync_t *sync, int64_t until)
{
	struct pollfd fds[2 + 2 * MPSK_NODES_MAX] = {
		{ .fd = sync->stop_fd, .events = POLLIN },
		{ .fd = sync->wake_fd, .events = POLLIN },
	};
	nfds_t n = 2;
	eventfd_t count;

	for (unsigned i = 0; i < sync->links->n; i++) {
		mpsk_member_t const *member = &sync->links->members[i];

		if (!member->open) continue;
		fds[n++] = (struct pollfd) { .fd = mpsk_conn_fd(member->link.data), .events = POLLIN };
		if (!member->link.sub) continue;
		fds[n++] = (struct pollfd) { .fd = mpsk_conn_fd(member->link.sub), .events = POLLIN };
	}
	if (poll(fds, n, mpsk_deadline_left((mpsk_deadline_t) { until })) <= 0 || !fds[1].revents) return;
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

/* Servers that lost the same Redis must not come back in step. */
static int sync_backoff(mpsk_sync_t *sync, mpsk_status_t status)
{
	int most = sync->backoff_ms;

	if (status == MPSK_BAD) return BACKOFF_REFUSED_MS;
	sync->backoff_ms = most * 2 < BACKOFF_MAX_MS ? most * 2 : BACKOFF_MAX_MS;
	return BACKOFF_MIN_MS + rand_r(&sync->seed) % (most - BACKOFF_MIN_MS + 1);
}

/*
 * --- Links ---
 */

/* A link failed, or could not be opened. What the others tell is still followed. */
static void sync_lost(mpsk_sync_t *sync, mpsk_status_t status, mpsk_error_t const *why)
{
	atomic_store(&sync->live, false);
	sync_keep(sync, true);
	if (sync_stopping(sync)) return;
	sync_log_lost(sync, why);
	sync->announced = false;
	sync->refresh_at = mpsk_monotonic_ms() + sync_backoff(sync, status);
}

static void sync_drop(mpsk_sync_t *sync, mpsk_member_t *member, mpsk_status_t status, mpsk_error_t const *why)
{
	if (member) mpsk_links_close(member);
	mpsk_endpoint_doubt(sync->endpoint);
	sync_lost(sync, status, why);
}

/* Open what is not open. Whoever comes to it may know keys that nobody told us of: all is read again. */
static void sync_refresh(mpsk_sync_t *sync)
{
	mpsk_error_t why = { "" };
	bool changed;
	mpsk_status_t status = mpsk_links_refresh(sync->links, sync->stop_fd, &changed, &why);

	if (status == MPSK_OK) {
		sync->refresh_at = mpsk_endpoint_tells(sync->endpoint) ? mpsk_monotonic_ms() + REFRESH_MS : INT64_MAX;
	} else if (mpsk_links_complete(sync->links)) {
		/* Nobody told who the primaries are, and all links live. */
		sync->refresh_at = mpsk_monotonic_ms() + sync_backoff(sync, status);
	} else {
		sync_lost(sync, status, &why);
	}
	if (!changed) return;
	mpsk_feed_load(sync->feed, 0);
	if (!mpsk_links_complete(sync->links)) return;
	sync->sink->restored(sync->uctx, sync->links->replaced);
	sync->links->replaced = false;
}

/* Hear all links and look after them; until is lowered to when to do so again. */
static void sync_hear(mpsk_sync_t *sync, int64_t *until)
{
	for (unsigned i = 0; i < sync->links->n; i++) {
		mpsk_member_t *member = &sync->links->members[i];
		mpsk_error_t why = { "" };
		mpsk_status_t status;

		if (!member->open) continue;
		status = mpsk_link_drain(&member->link, mpsk_feed_changed, sync->feed, &why);
		if (status == MPSK_OK) status = mpsk_link_check(&member->link, &why);
		if (status != MPSK_OK) {
			sync_drop(sync, member, status, &why);
		} else if (member->link.check_at < *until) {
			*until = member->link.check_at;
		}
	}
}

/*
 * --- Following them ---
 */
static void sync_loaded(mpsk_sync_t *sync, int64_t now)
{
	bool rescan = sync->feed->pace != 0;

	sync->rescan_at = now + (sync_untracked(sync) ? sync->timing.untracked_rescan_ms : sync->timing.rescan_ms);
	sync->backoff_ms = 2 * BACKOFF_MIN_MS;
	if (!rescan) {
		mpsk_refusals_tick(sync->feed->refusals);
		sync_log_loaded(sync);
	}
}

/* What is due by the clock, once nothing waits to be loaded. */
static void sync_clock(mpsk_sync_t *sync, int64_t now)
{
	mpsk_error_t why = { "" };
	mpsk_status_t status = mpsk_feed_stamp(sync->feed, &why);

	if (status != MPSK_OK) sync_drop(sync, sync->links->last, status, &why);
	if (!sync->feed->current) return;
	if (now >= sync->tick_at) {
		mpsk_refusals_tick(sync->feed->refusals);
		sync_keep(sync, false);
		sync->tick_at = now + 1000;
		sync->more = true;	/* what could not be done at once, idle() tries again */
	}
	if (!sync->feed->loading && now >= sync->rescan_at) mpsk_feed_load(sync->feed, sync->timing.pace);
}

static void sync_step(mpsk_sync_t *sync)
{
	mpsk_error_t why = { "" };
	bool loaded = false;
	mpsk_status_t status = mpsk_feed_step(sync->feed, &loaded, &why);

	sync->more = true;	/* what is put may want work */
	if (status != MPSK_OK) sync_drop(sync, sync->links->last, status, &why);
	if (loaded) sync_loaded(sync, mpsk_monotonic_ms());
}

static void sync_live_set(mpsk_sync_t *sync)
{
	bool live = sync->feed->current && mpsk_links_complete(sync->links);

	if (live) {
		atomic_store(&sync->live_at, mpsk_monotonic_ms());
		sync->in_step_at = time(NULL);
	}
	atomic_store(&sync->live, live);
	atomic_store(&sync->held, mpsk_feed_held(sync->feed));
}

/* One round: links, hear, read, rest. */
static void sync_round(mpsk_sync_t *sync)
{
	int64_t until;

	if (mpsk_monotonic_ms() >= sync->refresh_at) sync_refresh(sync);
	until = sync->refresh_at;
	sync_hear(sync, &until);
	if (sync->links->stale && sync->refresh_at > mpsk_monotonic_ms() + BACKOFF_MIN_MS) {
		sync->refresh_at = mpsk_monotonic_ms() + BACKOFF_MIN_MS;
	}
	sync_live_set(sync);
	if (sync->refresh_at < until) until = sync->refresh_at;
	if (mpsk_links_any(sync->links) && mpsk_feed_due(sync->feed, &until)) {
		sync_step(sync);
		sync_live_set(sync);
	} else {
		sync_rest(sync, until);
	}
	if (mpsk_links_complete(sync->links)) sync_clock(sync, mpsk_monotonic_ms());
	sync_log_snapshot(sync);
}

static void *sync_main(void *arg)
{
	mpsk_sync_t *sync = arg;

	if (sync->snapshot) sync_restore(sync);
	while (!sync_stopping(sync)) sync_round(sync);
	sync_keep(sync, true);
	return NULL;
}

/*
 * --- Life ---
 */
static int sync_close(mpsk_sync_t *sync)
{
	if (sync->feed) TALLOC_FREE(sync->feed->snapshot);
	if (sync->stop_fd >= 0) close(sync->stop_fd);
	if (sync->wake_fd >= 0) close(sync->wake_fd);
	return 0;
}

static mpsk_status_t sync_snapshot(mpsk_sync_t *sync, mpsk_store_config_t const *config, mpsk_error_t *err)
{
	if (!config->snapshot) return MPSK_OK;
	if (!sync->feed->keyring) {
		return mpsk_error_set(err, MPSK_BAD, "snapshot: it is sealed with a keyring, and there is none: set "
				      "'keyring'");
	}
	sync->snapshot = talloc_strdup(sync, config->snapshot);
	sync->snapshot_max_s = config->snapshot_max_s;
	sync->feed->snapshot = mpsk_snapshot_create(sync->feed, config->snapshot, sync->feed->keyring,
						    config->snapshot_s);
	if (sync->snapshot && sync->feed->snapshot) return MPSK_OK;
	return mpsk_error_set(err, MPSK_ERR, "out of memory or threads");
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
	mpsk_store_config_t own = *config;
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
	if (own.connect_ms < CONNECT_MIN_MS) own.connect_ms = CONNECT_MIN_MS;
	status = mpsk_endpoint_create(sync, &sync->endpoint, &own, err);
	if (status == MPSK_OK) {
		sync->links = mpsk_links_create(sync, sync->endpoint);
		sync->feed = mpsk_feed_create(sync, sync->links, sink, uctx, timing->hold_ms);
	}
	if (status == MPSK_OK && sync->feed) {
		status = mpsk_store_keyring_load(sync->feed, &sync->feed->keyring, config, err);
		if (status == MPSK_OK) status = sync_snapshot(sync, config, err);
	}
	if (status == MPSK_OK &&
	    (!sync->links || !sync->feed || sync->stop_fd < 0 || sync->wake_fd < 0 || sync_spawn(sync) != 0)) {
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

bool mpsk_sync_held(mpsk_sync_t const *sync)
{
	return atomic_load(&sync->held);
}

int64_t mpsk_sync_age(mpsk_sync_t const *sync)
{
	return mpsk_sync_live(sync) ? 0 : (mpsk_monotonic_ms() - atomic_load(&sync->live_at)) / 1000;
}

void mpsk_sync_stop(mpsk_sync_t **sync)
{
	if (!*sync) return;
	(void) eventfd_write((*sync)->stop_fd, 1);
	pthread_join((*sync)->thread, NULL);
	TALLOC_FREE(*sync);
}
