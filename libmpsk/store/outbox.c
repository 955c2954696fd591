/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/outbox.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "store/lines.h"
#include "store/pipeline.h"
#include "store/pool.h"
#include "store/session_reap.h"
#include "store/session_write.h"
#include "store/spool.h"
#include "store/stat_write.h"
#include "store/trail.h"
#include "store/written.h"

#define OUTBOX_COMMAND_MS	1000	/* nobody waits for what is written here */
#define OUTBOX_CONNECT_MS	1000
#define OUTBOX_PAUSE_MS		100	/* after what Redis did not answer */
#define OUTBOX_LINES		256	/* at a time */
#define OUTBOX_TELL_MS		60000	/* between two lines of the log of one kind */
#define OUTBOX_NAME_ARGS	4	/* ZADD mpsk:trails 0 stream */

mpsk_outbox_config_t const mpsk_outbox_defaults = {
	.sessions = 65536,
	.lines = 16384,
	.line_octets = 16 << 20,
	.terms = MPSK_SESSION_TERMS,
};

/* What the log is told of, each kind now and then. */
typedef enum {
	TELL_AWAY = 0,
	TELL_REFUSED,
	TELL_MAX
} tell_t;

struct mpsk_outbox {
	mpsk_outbox_config_t	config;
	mpsk_store_t		*store;
	mpsk_session_writer_t	*writer;	/* the thread's own */
	pthread_t		thread;
	pthread_mutex_t		lock;
	pthread_cond_t		wake;
	/* With the lock held */
	bool			stopping;
	mpsk_deadline_t		stop_at;
	mpsk_spool_t		*spool;
	mpsk_lines_t		lines;
	size_t			lines_under_way;	/* taken out, and being written */
	mpsk_outbox_stats_t	stats;
	/* The thread's own */
	mpsk_written_t		*written;
	int64_t			figures_at;		/* monotonic: when they are to be written next */
	int64_t			failed_at;		/* monotonic: the first of the failures that go on, or went */
	int64_t			told_at[TELL_MAX];	/* monotonic; 0: never */
	mpsk_spooled_t		*items[MPSK_SESSION_BATCH];
	mpsk_session_event_t	*events[MPSK_SESSION_BATCH];
	mpsk_status_t		results[MPSK_SESSION_BATCH];
	mpsk_line_t		*batch[OUTBOX_LINES];
	mpsk_piped_t		commands[2 * OUTBOX_LINES];	/* the lines, and the names of their streams */
	char const		*names[OUTBOX_LINES][OUTBOX_NAME_ARGS];
	size_t			name_lens[OUTBOX_LINES][OUTBOX_NAME_ARGS];
};

static void outbox_tell(mpsk_outbox_t *outbox, tell_t what, char const *text, mpsk_error_t const *why)
{
	int64_t now = mpsk_monotonic_ms();
	mpsk_error_t line;

	if (!outbox->config.log || (outbox->told_at[what] && now - outbox->told_at[what] < OUTBOX_TELL_MS)) return;
	outbox->told_at[what] = now;
	mpsk_error_set(&line, MPSK_OK, "%s: %s", text, why->text);
	outbox->config.log(outbox->config.uctx, line.text);
}

/*
 * --- Sessions; on the thread ---
 */

/* What came of one; with the lock held. */
static void item_finish(mpsk_outbox_t *outbox, mpsk_spooled_t *item, mpsk_status_t result)
{
	mpsk_outbox_stats_t *stats = &outbox->stats;

	switch (result) {
	case MPSK_AGAIN:
		if (!mpsk_spool_put_back(outbox->spool, item)) stats->sessions_failed++;
		return;
	case MPSK_OK:
		stats->sessions_written++;
		mpsk_spool_done(outbox->spool);
		mpsk_written_add(outbox->written, item, mpsk_monotonic_ms());
		return;
	case MPSK_MISS:
		stats->sessions_foreign++;
		break;
	case MPSK_BAD:
	case MPSK_ERR:
		stats->sessions_failed++;
		break;
	}
	mpsk_spool_done(outbox->spool);
	talloc_free(item);
}

/*
 * Redis answers again, and may have been another one's or its own copy of
 * some seconds ago. What has no room was written once at least.
 */
static void written_again(mpsk_outbox_t *outbox)
{
	mpsk_spooled_t *item;
	bool merged;

	while ((item = mpsk_written_take(outbox->written, outbox->failed_at))) {
		if (mpsk_spool_put(outbox->spool, item, &merged) == MPSK_OK) outbox->stats.sessions_again++;
		talloc_free(item);
	}
}

static void restart_write(mpsk_outbox_t *outbox, size_t i, mpsk_error_t *err)
{
	outbox->results[i] = mpsk_session_restart(outbox->store, &outbox->items[i]->restart,
						  &outbox->config.terms, time(NULL), err);
}

/* The events among n items in one batch, restarts after them. Returns whether Redis answered; *wait: some have to. */
static bool items_write(mpsk_outbox_t *outbox, size_t n, bool *wait)
{
	mpsk_error_t err = { .text = "" };
	mpsk_status_t results[MPSK_SESSION_BATCH];
	size_t n_events = 0, at = 0;
	bool answered = true, refused = false;

	for (size_t i = 0; i < n; i++) {
		if (!outbox->items[i]->is_restart) outbox->events[n_events++] = &outbox->items[i]->event;
	}
	if (n_events) {
		answered = mpsk_session_write(outbox->writer, outbox->events, results, n_events, time(NULL),
					      &err) == MPSK_OK;
	}
	for (size_t i = 0; i < n; i++) {
		if (!outbox->items[i]->is_restart) outbox->results[i] = results[at++];
	}
	for (size_t i = 0; i < n; i++) {
		if (outbox->items[i]->is_restart) restart_write(outbox, i, &err);
		if (outbox->items[i]->is_restart && outbox->results[i] == MPSK_AGAIN) answered = false;
		if (outbox->results[i] == MPSK_AGAIN) *wait = true;
		if (outbox->results[i] == MPSK_BAD || outbox->results[i] == MPSK_ERR) refused = true;
	}
	if (!answered) outbox_tell(outbox, TELL_AWAY, "Redis does not take what accounting tells; it waits", &err);
	if (refused) outbox_tell(outbox, TELL_REFUSED, "Redis refuses what accounting tells", &err);
	return answered;
}

/* Where a pointer or a hint led to another key, the name showed nothing. */
static void items_learn(mpsk_outbox_t *outbox, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		mpsk_session_event_t const *event = &outbox->items[i]->event;

		if (outbox->results[i] != MPSK_OK || outbox->items[i]->is_restart) continue;
		if (event->learn && event->by_name) outbox->config.learned(outbox->config.uctx, &event->session);
	}
}

/*
 * --- Lines; on the thread ---
 */
/* The streams of a batch, for the set of all: lines of one stand mostly together, and a name may come twice. */
static size_t lines_name(mpsk_outbox_t *outbox, size_t n)
{
	size_t n_commands = n;

	for (size_t i = 0; i < n; i++) {
		char const *stream = outbox->batch[i]->argv[1];
		char const **argv = outbox->names[n_commands - n];
		size_t *lens = outbox->name_lens[n_commands - n];

		if (i > 0 && strcmp(stream, outbox->batch[i - 1]->argv[1]) == 0) continue;
		argv[0] = "ZADD";
		argv[1] = MPSK_TRAILS;
		argv[2] = "0";
		argv[3] = stream;
		for (size_t j = 0; j < OUTBOX_NAME_ARGS; j++) lens[j] = strlen(argv[j]);
		outbox->commands[n_commands++] = (mpsk_piped_t) {
			.rkey = MPSK_TRAILS, .argc = OUTBOX_NAME_ARGS, .argv = argv, .argvlen = lens
		};
	}
	return n_commands;
}

static bool lines_write(mpsk_outbox_t *outbox, size_t n)
{
	size_t n_commands = lines_name(outbox, n);
	mpsk_error_t err = { .text = "" };
	bool answered, refused = false;

	for (size_t i = 0; i < n; i++) {
		mpsk_line_t const *line = outbox->batch[i];

		outbox->commands[i] = (mpsk_piped_t) {
			.rkey = line->argv[1], .argc = line->argc, .argv = outbox->batch[i]->argv,
			.argvlen = line->argvlen,
		};
	}
	answered = mpsk_pipeline_run(outbox->store->pool, outbox->commands, n_commands, &err) == MPSK_OK;
	for (size_t i = 0; i < n; i++) {
		mpsk_status_t status = outbox->commands[i].status;

		if (status == MPSK_BAD || status == MPSK_ERR) refused = true;
	}
	mpsk_pipeline_free(outbox->commands, n_commands);
	if (!answered) outbox_tell(outbox, TELL_AWAY, "Redis does not take lines for its streams; they wait", &err);
	if (refused) outbox_tell(outbox, TELL_REFUSED, "Redis refuses lines for its streams", &err);
	return answered;
}

/* What came of them; with the lock held. The last is put back first, so that they keep their order. */
static void lines_finish(mpsk_outbox_t *outbox, size_t n)
{
	mpsk_outbox_stats_t *stats = &outbox->stats;

	while (n-- > 0) {
		mpsk_status_t status = outbox->commands[n].status;

		if (status == MPSK_AGAIN) {
			stats->lines_dropped += mpsk_lines_put_back(&outbox->lines, outbox->batch[n]);
			continue;
		}
		talloc_free(outbox->batch[n]);
		if (status == MPSK_OK) {
			stats->lines_written++;
		} else {
			stats->lines_dropped++;
		}
	}
}

/*
 * --- The thread; with the lock held but where Redis works ---
 */
static bool outbox_any(mpsk_outbox_t const *outbox)
{
	return mpsk_spool_any(outbox->spool) || outbox->lines.n;
}

/* One batch of each. Returns whether there is to be a pause, for something has to be tried again. */
static bool outbox_write(mpsk_outbox_t *outbox)
{
	size_t n = mpsk_spool_take(outbox->spool, outbox->items, MPSK_SESSION_BATCH), n_lines = 0;
	bool answered = true, wait = false;

	while (n_lines < OUTBOX_LINES && outbox->lines.n) {
		outbox->batch[n_lines++] = mpsk_lines_take(&outbox->lines);
	}
	outbox->lines_under_way = n_lines;
	pthread_mutex_unlock(&outbox->lock);
	if (n) answered = items_write(outbox, n, &wait);
	if (n && outbox->config.learned) items_learn(outbox, n);
	if (n_lines) answered = lines_write(outbox, n_lines) && answered;
	pthread_mutex_lock(&outbox->lock);
	for (size_t i = 0; i < n; i++) item_finish(outbox, outbox->items[i], outbox->results[i]);
	lines_finish(outbox, n_lines);
	outbox->lines_under_way = 0;
	if (!answered) outbox->stats.failures++;
	if (!answered && !outbox->stats.away) outbox->failed_at = mpsk_monotonic_ms();
	if (answered && outbox->stats.away) written_again(outbox);
	outbox->stats.away = !answered;
	return wait || !answered;
}

static void outbox_figures(mpsk_outbox_t *outbox)
{
	if (outbox->stopping || mpsk_monotonic_ms() < outbox->figures_at) return;
	pthread_mutex_unlock(&outbox->lock);
	outbox->figures_at = mpsk_stat_write(outbox->store, &outbox->config.figures);
	pthread_mutex_lock(&outbox->lock);
}

/* Until there is something to write. */
static void outbox_wait(mpsk_outbox_t *outbox)
{
	int64_t at = outbox->figures_at;
	struct timespec const until = { .tv_sec = at / 1000, .tv_nsec = at % 1000 * 1000000 };

	(void) pthread_cond_timedwait(&outbox->wake, &outbox->lock, &until);
}

/* A pause that a stop ends. */
static void outbox_pause(mpsk_outbox_t *outbox, int ms)
{
	int64_t at = mpsk_monotonic_ms() + ms;
	struct timespec const until = { .tv_sec = at / 1000, .tv_nsec = at % 1000 * 1000000 };

	while (mpsk_monotonic_ms() < at) {
		if (outbox->stopping && mpsk_deadline_passed(outbox->stop_at)) return;
		if (pthread_cond_timedwait(&outbox->wake, &outbox->lock, &until) != 0) return;
	}
}

static void *outbox_main(void *arg)
{
	mpsk_outbox_t *outbox = arg;

	pthread_mutex_lock(&outbox->lock);
	for (;;) {
		if (outbox->stopping && (!outbox_any(outbox) || mpsk_deadline_passed(outbox->stop_at))) break;
		outbox_figures(outbox);
		if (!outbox_any(outbox)) {
			if (!outbox->stopping) outbox_wait(outbox);
		} else if (outbox_write(outbox)) {
			outbox_pause(outbox, OUTBOX_PAUSE_MS);
		}
	}
	pthread_mutex_unlock(&outbox->lock);
	return NULL;
}

/*
 * --- Life ---
 */
static int outbox_close(mpsk_outbox_t *outbox)
{
	mpsk_spooled_t *item;

	while (mpsk_spool_take(outbox->spool, &item, 1)) talloc_free(item);
	mpsk_lines_clear(&outbox->lines);
	pthread_cond_destroy(&outbox->wake);
	pthread_mutex_destroy(&outbox->lock);
	return 0;
}

/* Pauses are on the monotonic clock. */
static bool outbox_init_locks(mpsk_outbox_t *outbox)
{
	pthread_condattr_t attr;
	bool ok;

	if (pthread_mutex_init(&outbox->lock, NULL) != 0) return false;
	ok = pthread_condattr_init(&attr) == 0;
	if (ok) {
		ok = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 &&
		     pthread_cond_init(&outbox->wake, &attr) == 0;
		pthread_condattr_destroy(&attr);
	}
	if (!ok) pthread_mutex_destroy(&outbox->lock);
	return ok;
}

/* The host handles its signals on a thread of its own. */
static bool outbox_spawn(mpsk_outbox_t *outbox)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&outbox->thread, NULL, outbox_main, outbox);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error == 0;
}

static mpsk_status_t outbox_open(mpsk_outbox_t *outbox, mpsk_store_config_t const *store, mpsk_error_t *err)
{
	mpsk_store_config_t own = *store;
	mpsk_status_t status;

	own.command_ms = OUTBOX_COMMAND_MS;
	if (own.connect_ms < OUTBOX_CONNECT_MS) own.connect_ms = OUTBOX_CONNECT_MS;
	own.max_connections = 1;
	own.keyring = NULL;
	own.journal = 0;
	status = mpsk_store_create(outbox, &outbox->store, &own, err);
	if (status != MPSK_OK) return status;
	outbox->spool = mpsk_spool_create(outbox, outbox->config.sessions);
	outbox->writer = mpsk_session_writer_create(outbox, outbox->store, &outbox->config.terms,
						    outbox->config.facts, outbox->config.uctx);
	outbox->written = mpsk_written_create(outbox, outbox->config.sessions / 4 + 1);
	if (outbox->spool && outbox->writer && outbox->written) return MPSK_OK;
	return mpsk_error_set(err, MPSK_ERR, "out of memory");
}

mpsk_status_t mpsk_outbox_start(TALLOC_CTX *ctx, mpsk_outbox_t **outbox, mpsk_store_config_t const *store,
				mpsk_outbox_config_t const *config, mpsk_error_t *err)
{
	mpsk_outbox_t *box = talloc_zero(ctx, mpsk_outbox_t);
	mpsk_status_t status;

	*outbox = NULL;
	if (!box) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	box->config = *config;
	box->figures_at = mpsk_monotonic_ms() + MPSK_STAT_FIRST_MS;
	mpsk_lines_init(&box->lines, config->lines, config->line_octets);
	status = outbox_open(box, store, err);
	if (status == MPSK_OK && !outbox_init_locks(box)) status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	if (status == MPSK_OK) {
		talloc_set_destructor(box, outbox_close);
		if (!outbox_spawn(box)) status = mpsk_error_set(err, MPSK_ERR, "a thread cannot be started");
	}
	if (status != MPSK_OK) {
		talloc_free(box);
		return status;
	}
	*outbox = box;
	return MPSK_OK;
}

void mpsk_outbox_stop(mpsk_outbox_t **outbox, int flush_ms)
{
	mpsk_outbox_t *box = *outbox;

	if (!box) return;
	pthread_mutex_lock(&box->lock);
	box->stop_at = mpsk_deadline_in(flush_ms);
	box->stopping = true;
	pthread_cond_signal(&box->wake);
	pthread_mutex_unlock(&box->lock);
	pthread_join(box->thread, NULL);
	TALLOC_FREE(*outbox);
}

/*
 * --- Any thread ---
 */
static mpsk_status_t outbox_put(mpsk_outbox_t *outbox, mpsk_spooled_t const *item)
{
	bool merged = false;
	mpsk_status_t status;

	pthread_mutex_lock(&outbox->lock);
	status = mpsk_spool_put(outbox->spool, item, &merged);
	if (status == MPSK_OK) {
		outbox->stats.sessions_taken++;
		outbox->stats.sessions_merged += merged;
	} else {
		outbox->stats.sessions_refused++;
	}
	pthread_cond_signal(&outbox->wake);
	pthread_mutex_unlock(&outbox->lock);
	return status;
}

mpsk_status_t mpsk_outbox_session(mpsk_outbox_t *outbox, mpsk_session_event_t const *event)
{
	mpsk_spooled_t const item = { .event = *event };

	return outbox_put(outbox, &item);
}

mpsk_status_t mpsk_outbox_restart(mpsk_outbox_t *outbox, mpsk_session_restart_t const *restart)
{
	mpsk_spooled_t const item = { .is_restart = true, .restart = *restart };

	return outbox_put(outbox, &item);
}

mpsk_status_t mpsk_outbox_log(mpsk_outbox_t *outbox, char const *stream, mpsk_field_t const *fields, size_t n)
{
	bool valid = n > 0 && n <= MPSK_LINE_FIELDS_MAX;
	mpsk_line_t *line = valid ? mpsk_line_create(stream, fields, n) : NULL;

	pthread_mutex_lock(&outbox->lock);
	if (line) {
		outbox->stats.lines_taken++;
		outbox->stats.lines_dropped += mpsk_lines_add(&outbox->lines, line);
		pthread_cond_signal(&outbox->wake);
	} else {
		outbox->stats.lines_dropped++;
	}
	pthread_mutex_unlock(&outbox->lock);
	if (line) return MPSK_OK;
	return valid ? MPSK_ERR : MPSK_BAD;
}

void mpsk_outbox_stats(mpsk_outbox_t *outbox, mpsk_outbox_stats_t *stats)
{
	pthread_mutex_lock(&outbox->lock);
	*stats = outbox->stats;
	stats->sessions_waiting = mpsk_spool_count(outbox->spool);
	stats->lines_waiting = outbox->lines.n + outbox->lines_under_way;
	pthread_mutex_unlock(&outbox->lock);
}
