/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Redis keys read many at a time: the names that one SCAN gave, or a list,
 * and what they hold, in one pipeline: HGETALL, but ZRANGE for mpsk:dev:.
 */
#ifndef MPSK_STORE_ROWS_H
#define MPSK_STORE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/deadline.h"
#include "base/status.h"
#include "base/text.h"
#include "key/device.h"
#include "key/key.h"
#include "key/session.h"
#include "store/conn.h"
#include "store/names.h"
#include "store/nas.h"

typedef struct {
	char		*name;		/* NUL-terminated, though a NUL may stand in it too */
	size_t		name_len;
	bool		is_set;		/* a sorted set is wanted, else a hash */
	redisReply	*pairs;		/* names and values, MACs and scores; or a WRONGTYPE, MOVED or ASK error */
	char		type[16];	/* what it is where it is not what is wanted */
} mpsk_row_t;

/* What is done with a row as it comes, while Redis works on those behind it. */
typedef mpsk_status_t (*mpsk_row_use_t)(void *uctx, mpsk_row_t const *row, mpsk_error_t *err);

typedef struct {
	mpsk_row_t	*rows;
	size_t		n;
	mpsk_row_use_t	use;	/* NULL: rows are kept; else pairs are gone once it was called, but of one that moved */
	void		*uctx;
} mpsk_rows_t;

#define MPSK_CURSOR_MAX 24

/* Where a walk over all names of a pattern is. */
typedef struct {
	char const	*pattern;
	char		cursor[MPSK_CURSOR_MAX];	/* "" at first */
	bool		done;
	mpsk_row_use_t	use;				/* as in mpsk_rows_t */
	void		*uctx;
} mpsk_walk_t;

/*
 * The next rows of a walk, about count; none is possible although more
 * follow. A name can come twice, and one that appears or goes meanwhile may
 * come or not.
 */
mpsk_status_t mpsk_rows_walk(TALLOC_CTX *ctx, mpsk_rows_t **rows, mpsk_conn_t *conn, mpsk_walk_t *walk,
			     unsigned count, mpsk_deadline_t deadline, mpsk_error_t *err);

/* The rows of the first names of a set, at most max. */
mpsk_status_t mpsk_rows_fetch(TALLOC_CTX *ctx, mpsk_rows_t **rows, mpsk_conn_t *conn, mpsk_names_t const *names,
			      size_t max, mpsk_deadline_t deadline, mpsk_error_t *err);

/* The row of one name. */
mpsk_status_t mpsk_rows_get(TALLOC_CTX *ctx, mpsk_rows_t **rows, mpsk_conn_t *conn, char const *name,
			    mpsk_deadline_t deadline, mpsk_error_t *err);

/*
 * Read a row of mpsk:key:{id}, with a keyring or NULL. MISS where there is no such key (any more);
 * BAD where the name, the type or a field is wrong. In each case id is set,
 * to "" where there is no valid one in the name.
 */
mpsk_status_t mpsk_row_key(TALLOC_CTX *ctx, mpsk_key_t **key, mpsk_row_t const *row, mpsk_keyring_t const *keyring,
			   char id[static MPSK_ID_MAX + 1], mpsk_error_t *err);

/*
 * Read a row of mpsk:dev:{id}: its devices, an array that belongs to ctx,
 * none where there is no such set. A member that is not a MAC in the store's
 * spelling is passed over, for no claim would find it. BAD where the name or
 * the type is wrong. In each case id is set, to "" where there is no valid
 * one in the name.
 */
mpsk_status_t mpsk_row_devices(TALLOC_CTX *ctx, mpsk_device_t **devices, size_t *n, mpsk_row_t const *row,
			       char id[static MPSK_ID_MAX + 1], mpsk_error_t *err);

/* The devices in an array of MACs and scores, as mpsk_row_devices(). */
mpsk_status_t mpsk_rows_devices(TALLOC_CTX *ctx, mpsk_device_t **devices, size_t *n, redisReply const *pairs,
				mpsk_error_t *err);

/*
 * Read a row of mpsk:sess:{id}: its sessions, the one seen last first, an
 * array that belongs to ctx; see store/session.h. MISS where there are none;
 * BAD where the name or the type is wrong. In each case id is set, to ""
 * where there is no valid one in the name.
 */
mpsk_status_t mpsk_row_sessions(TALLOC_CTX *ctx, mpsk_session_t **sessions, size_t *n, mpsk_row_t const *row,
				char id[static MPSK_ID_MAX + 1], mpsk_error_t *err);

/*
 * Read a row of mpsk:cfg:nas:<id>; see store/nas.h. It belongs to ctx. MISS
 * where it is gone; BAD where the name or the type is wrong.
 */
mpsk_status_t mpsk_row_nas(TALLOC_CTX *ctx, mpsk_nas_row_t **nas, mpsk_row_t const *row, mpsk_error_t *err);

/* The name of a row for a person: whole, also where a NUL stands in it; what does not print is a '?'. */
void mpsk_row_label(mpsk_error_t *label, mpsk_row_t const *row);

/* A field of a row; NULL where it is absent. The row has to be a hash: see mpsk_row_check(). */
redisReply const *mpsk_row_field(mpsk_row_t const *row, char const *name);

/* Whether the node that was asked says that another has it: then nothing else may be asked of the row. */
bool mpsk_row_moved(mpsk_row_t const *row);

/* MISS where there is nothing, BAD with a text where it is of another type. */
mpsk_status_t mpsk_row_check(mpsk_row_t const *row, mpsk_error_t *err);

#endif
