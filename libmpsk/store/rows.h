/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hashes read many at a time: the names that one SCAN gave, or a list, and
 * their HGETALLs in one pipeline.
 */
#ifndef MPSK_STORE_ROWS_H
#define MPSK_STORE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/deadline.h"
#include "base/status.h"
#include "base/text.h"
#include "key/key.h"
#include "store/conn.h"
#include "store/names.h"

typedef struct {
	char		*name;		/* NUL-terminated, though a NUL may stand in it too */
	size_t		name_len;
	redisReply	*hash;		/* an array of names and values, or a WRONGTYPE error */
	char		type[16];	/* what it is where it is no hash */
} mpsk_row_t;

typedef struct {
	mpsk_row_t	*rows;
	size_t		n;
} mpsk_rows_t;

#define MPSK_CURSOR_MAX 24

/* Where a walk over all names of a pattern is. */
typedef struct {
	char const	*pattern;
	char		cursor[MPSK_CURSOR_MAX];	/* "" at first */
	bool		done;
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
 * Read a row of mpsk:key:{id}. MISS where there is no such key (any more);
 * BAD where the name, the type or a field is wrong. In each case id is set,
 * to "" where there is no valid one in the name.
 */
mpsk_status_t mpsk_row_key(TALLOC_CTX *ctx, mpsk_key_t **key, mpsk_row_t const *row, char id[static MPSK_ID_MAX + 1],
			   mpsk_error_t *err);

/* A field of a row; NULL where it is absent. The row has to be a hash: see mpsk_row_check(). */
redisReply const *mpsk_row_field(mpsk_row_t const *row, char const *name);

/* MISS where there is nothing, BAD with a text where it is no hash. */
mpsk_status_t mpsk_row_check(mpsk_row_t const *row, mpsk_error_t *err);

#endif
