/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/snapshot.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/deadline.h"
#include "store/snapshot_merge.h"
#include "store/snapshot_row.h"

#define LAST_IN_LINE	19	/* nice */
#define PIECE_LEN	(64u << 10)
#define WAITING_MAX	(256u << 20)	/* octets; a disk that stands still must not take all memory */

/* What sync's thread tells the writing one. */
typedef enum {
	ORDER_BEGIN,	/* a load */
	ORDER_ROWS,
	ORDER_END,	/* of a load, or of what changed */
	ORDER_STOP
} order_kind_t;

typedef struct order order_t;
struct order {
	order_t			*next;
	order_kind_t		kind;
	mpsk_snapshot_piece_t	*piece;	/* of ROWS */
	mpsk_snapshot_info_t	info;	/* of END */
	bool			lost;	/* of END: rows of it are missing */
};

struct mpsk_snapshot {
	char const		*path;
	mpsk_keyring_t const	*keyring;
	int			interval_s;
	pthread_t		thread;

	/* Sync's thread alone. */
	mpsk_snapshot_piece_t	*piece;		/* that is being filled */
	bool			loading;
	bool			lost;
	bool			changed;	/* rows were told since the last END */
	int64_t			due_at;
	char			epoch[MPSK_EPOCH_MAX + 1];	/* of the last END */

	/* The lock's. */
	pthread_mutex_t		lock;
	pthread_cond_t		wake;
	order_t			*first, **last;
	size_t			waiting;	/* octets of pieces that are not written */
	bool			has_news, failed;
	mpsk_error_t		news;

	/* The writing thread's alone. */
	bool			in_load;
	mpsk_snapshot_writer_t	*writer;	/* of a load; NULL also where it failed */
	mpsk_snapshot_piece_t	*changes, **changes_end;
	bool			whole;		/* the file is the last that was to be written */
	mpsk_error_t		why;
	mpsk_error_t		said;
};

/*
 * --- The writing thread ---
 */
static void waiting_less(mpsk_snapshot_t *snapshot, size_t len)
{
	pthread_mutex_lock(&snapshot->lock);
	snapshot->waiting -= len;
	pthread_mutex_unlock(&snapshot->lock);
}

static void changes_drop(mpsk_snapshot_t *snapshot)
{
	size_t len = 0;

	for (mpsk_snapshot_piece_t *piece = snapshot->changes; piece; piece = piece->next) len += piece->room;
	mpsk_snapshot_pieces_free(&snapshot->changes);
	snapshot->changes_end = &snapshot->changes;
	waiting_less(snapshot, len);
}

/* Once, however often it goes the same way. */
static void news_set(mpsk_snapshot_t *snapshot, bool failed, mpsk_error_t const *line)
{
	if (strcmp(snapshot->said.text, line->text) == 0) return;
	snapshot->said = *line;
	pthread_mutex_lock(&snapshot->lock);
	snapshot->news = *line;
	snapshot->failed = failed;
	snapshot->has_news = true;
	pthread_mutex_unlock(&snapshot->lock);
}

static void ended(mpsk_snapshot_t *snapshot, mpsk_status_t status)
{
	mpsk_error_t line;

	snapshot->whole = status == MPSK_OK;
	if (snapshot->whole) {
		mpsk_error_set(&line, MPSK_OK, "the keys are kept in %s, for a start without Redis", snapshot->path);
	} else {
		mpsk_error_set(&line, MPSK_OK, "the snapshot could not be written, and the next full load will try "
			       "again: %s", snapshot->why.text);
	}
	news_set(snapshot, !snapshot->whole, &line);
}

static void do_begin(mpsk_snapshot_t *snapshot)
{
	TALLOC_FREE(snapshot->writer);
	changes_drop(snapshot);
	snapshot->in_load = true;
	(void) mpsk_snapshot_writer_open(NULL, &snapshot->writer, snapshot->path,
					 mpsk_keyring_newest(snapshot->keyring), &snapshot->why);
}

static void do_rows(mpsk_snapshot_t *snapshot, mpsk_snapshot_piece_t *piece)
{
	size_t room = piece->room;

	if (!snapshot->in_load) {
		*snapshot->changes_end = piece;
		snapshot->changes_end = &piece->next;
		return;
	}
	if (snapshot->writer && mpsk_snapshot_writer_chunk(snapshot->writer, piece->octets, piece->len,
							   &snapshot->why) != MPSK_OK) {
		TALLOC_FREE(snapshot->writer);
	}
	mpsk_snapshot_pieces_free(&piece);
	waiting_less(snapshot, room);
}

static mpsk_status_t load_end(mpsk_snapshot_t *snapshot, order_t const *order)
{
	if (order->lost) {
		TALLOC_FREE(snapshot->writer);
		return mpsk_error_set(&snapshot->why, MPSK_ERR, "the disk is too slow, or memory is out");
	}
	return snapshot->writer ? mpsk_snapshot_writer_commit(&snapshot->writer, &order->info, &snapshot->why) :
	       MPSK_ERR;
}

/* Where the file is not the last one, changes have nothing to be changes of. */
static void do_end(mpsk_snapshot_t *snapshot, order_t const *order)
{
	mpsk_status_t status;

	if (snapshot->in_load) {
		ended(snapshot, load_end(snapshot, order));
	} else if (snapshot->whole) {
		if (order->lost) {
			status = mpsk_error_set(&snapshot->why, MPSK_ERR, "the disk is too slow, or memory is out");
		} else {
			status = mpsk_snapshot_merge(snapshot->path, snapshot->keyring, snapshot->changes,
						     &order->info, &snapshot->why);
		}
		ended(snapshot, status);
	}
	snapshot->in_load = false;
	changes_drop(snapshot);
}

static order_t *order_take(mpsk_snapshot_t *snapshot)
{
	order_t *order;

	pthread_mutex_lock(&snapshot->lock);
	while (!snapshot->first) pthread_cond_wait(&snapshot->wake, &snapshot->lock);
	order = snapshot->first;
	snapshot->first = order->next;
	if (!snapshot->first) snapshot->last = &snapshot->first;
	pthread_mutex_unlock(&snapshot->lock);
	return order;
}

static void *snapshot_main(void *arg)
{
	mpsk_snapshot_t *snapshot = arg;
	order_kind_t kind;

	/* Of this thread alone, as Linux has it: whoever answers requests goes first. */
	(void) setpriority(PRIO_PROCESS, 0, LAST_IN_LINE);
	do {
		order_t *order = order_take(snapshot);

		kind = order->kind;
		if (kind == ORDER_BEGIN) do_begin(snapshot);
		if (kind == ORDER_ROWS) do_rows(snapshot, order->piece);
		if (kind == ORDER_END) do_end(snapshot, order);
		free(order);
	} while (kind != ORDER_STOP);
	TALLOC_FREE(snapshot->writer);
	changes_drop(snapshot);
	return NULL;
}

/*
 * --- Sync's thread ---
 */

/* False where memory is out. */
static bool order_give(mpsk_snapshot_t *snapshot, order_t what)
{
	order_t *order = malloc(sizeof(*order));

	if (!order) return false;
	*order = what;
	pthread_mutex_lock(&snapshot->lock);
	*snapshot->last = order;
	snapshot->last = &order->next;
	if (what.piece) snapshot->waiting += what.piece->room;
	pthread_cond_signal(&snapshot->wake);
	pthread_mutex_unlock(&snapshot->lock);
	return true;
}

static void piece_give(mpsk_snapshot_t *snapshot)
{
	mpsk_snapshot_piece_t *piece = snapshot->piece;

	snapshot->piece = NULL;
	if (!piece || order_give(snapshot, (order_t) { .kind = ORDER_ROWS, .piece = piece })) return;
	mpsk_snapshot_pieces_free(&piece);
	snapshot->lost = true;
}

/* Room for len octets in the piece; false where there is none. */
static bool piece_reserve(mpsk_snapshot_t *snapshot, size_t len)
{
	bool full;

	if (snapshot->lost) return false;
	if (snapshot->piece && snapshot->piece->room - snapshot->piece->len >= len) return true;
	piece_give(snapshot);
	pthread_mutex_lock(&snapshot->lock);
	full = snapshot->waiting > WAITING_MAX;
	pthread_mutex_unlock(&snapshot->lock);
	if (!full) snapshot->piece = mpsk_snapshot_piece_create(len > PIECE_LEN ? len : PIECE_LEN);
	return snapshot->piece != NULL;
}

void mpsk_snapshot_begin(mpsk_snapshot_t *snapshot)
{
	mpsk_snapshot_pieces_free(&snapshot->piece);
	snapshot->changed = false;
	snapshot->loading = true;
	snapshot->lost = !order_give(snapshot, (order_t) { .kind = ORDER_BEGIN });
}

void mpsk_snapshot_row(mpsk_snapshot_t *snapshot, mpsk_row_t const *row)
{
	size_t len = mpsk_snapshot_row_size(row);

	snapshot->changed = true;
	if (!piece_reserve(snapshot, len)) {
		snapshot->lost = true;
		return;
	}
	mpsk_snapshot_row_put(snapshot->piece->octets + snapshot->piece->len, row);
	snapshot->piece->len += len;
}

static void end_give(mpsk_snapshot_t *snapshot, mpsk_snapshot_info_t const *info)
{
	piece_give(snapshot);
	if (!order_give(snapshot, (order_t) { .kind = ORDER_END, .info = *info, .lost = snapshot->lost })) return;
	snapshot->lost = false;
	snapshot->changed = false;
	snapshot->loading = false;
	snapshot->due_at = mpsk_monotonic_ms() + snapshot->interval_s * INT64_C(1000);
	memcpy(snapshot->epoch, info->meta.epoch, sizeof(snapshot->epoch));
}

void mpsk_snapshot_commit(mpsk_snapshot_t *snapshot, mpsk_snapshot_info_t const *info)
{
	if (snapshot->loading) end_give(snapshot, info);
}

/* An epoch that the store did not have when the load ended is what the next start has to know it by. */
void mpsk_snapshot_flush(mpsk_snapshot_t *snapshot, mpsk_snapshot_info_t const *info, bool now)
{
	bool named = strcmp(snapshot->epoch, info->meta.epoch) != 0;

	if (snapshot->loading || !(snapshot->changed || named)) return;
	if (now || named || mpsk_monotonic_ms() >= snapshot->due_at) end_give(snapshot, info);
}

bool mpsk_snapshot_news(mpsk_snapshot_t *snapshot, mpsk_error_t *line, bool *failed)
{
	bool has_news;

	pthread_mutex_lock(&snapshot->lock);
	has_news = snapshot->has_news;
	if (has_news) {
		*line = snapshot->news;
		*failed = snapshot->failed;
	}
	snapshot->has_news = false;
	pthread_mutex_unlock(&snapshot->lock);
	return has_news;
}

/*
 * --- Life ---
 */
static int snapshot_stop(mpsk_snapshot_t *snapshot)
{
	mpsk_snapshot_pieces_free(&snapshot->piece);
	/* Without memory for it, for as long as that lasts. */
	while (!order_give(snapshot, (order_t) { .kind = ORDER_STOP })) sched_yield();
	pthread_join(snapshot->thread, NULL);
	pthread_cond_destroy(&snapshot->wake);
	pthread_mutex_destroy(&snapshot->lock);
	return 0;
}

/* The host handles its signals on a thread of its own. */
static int snapshot_spawn(mpsk_snapshot_t *snapshot)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&snapshot->thread, NULL, snapshot_main, snapshot);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

mpsk_snapshot_t *mpsk_snapshot_create(TALLOC_CTX *ctx, char const *path, mpsk_keyring_t const *keyring,
				      int interval_s)
{
	mpsk_snapshot_t *snapshot = talloc_zero(ctx, mpsk_snapshot_t);

	if (!snapshot) return NULL;
	snapshot->path = talloc_strdup(snapshot, path);
	snapshot->keyring = keyring;
	snapshot->interval_s = interval_s;
	snapshot->last = &snapshot->first;
	snapshot->changes_end = &snapshot->changes;
	pthread_mutex_init(&snapshot->lock, NULL);
	pthread_cond_init(&snapshot->wake, NULL);
	if (snapshot->path && snapshot_spawn(snapshot) == 0) {
		talloc_set_destructor(snapshot, snapshot_stop);
		return snapshot;
	}
	talloc_free(snapshot);
	return NULL;
}

/*
 * --- Reading ---
 */
typedef struct {
	mpsk_row_use_t	use;
	void		*uctx;
} load_t;

static mpsk_status_t chunk_use(void *uctx, uint8_t const *octets, size_t len, mpsk_error_t *err)
{
	load_t const *load = uctx;
	mpsk_cursor_t c = mpsk_cursor(octets, len);
	mpsk_status_t status = MPSK_OK;
	mpsk_snapshot_row_t row;

	while (status == MPSK_OK && mpsk_snapshot_row_next(&row, &c)) {
		mpsk_row_t *made;

		status = mpsk_snapshot_row_make(NULL, &made, &row, err);
		if (status == MPSK_OK) status = load->use(load->uctx, made, err);
		talloc_free(made);
	}
	if (c.failed) return mpsk_error_set(err, MPSK_BAD, "a row of the snapshot is malformed");
	return status;
}

mpsk_status_t mpsk_snapshot_load(char const *path, mpsk_keyring_t const *keyring, mpsk_row_use_t use, void *uctx,
				 mpsk_snapshot_info_t *info, mpsk_error_t *err)
{
	load_t load = { use, uctx };

	return mpsk_snapshot_read(path, keyring, chunk_use, &load, info, err);
}
