/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows as octets of a snapshot: as Redis gave them, so that what is read
 * from a snapshot is held to the same rules, and what is sealed in Redis
 * stays sealed.
 *
 *	length 4 of what follows, length of the name 4, name,
 *	and for each text (fields and values, or MACs and scores): length 4, text
 *
 * A row without texts says that there is no such name any more.
 */
#ifndef MPSK_STORE_SNAPSHOT_ROW_H
#define MPSK_STORE_SNAPSHOT_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/cursor.h"
#include "base/status.h"
#include "store/rows.h"

/* How many octets a row takes, and write them. One of another type than what is wanted counts as gone. */
size_t mpsk_snapshot_row_size(mpsk_row_t const *row);
void mpsk_snapshot_row_put(uint8_t *out, mpsk_row_t const *row);

/* A row among octets, which must outlive it: a secret. */
typedef struct {
	uint8_t const	*octets;	/* the whole row */
	size_t		len;
	char const	*name;		/* no NUL behind it */
	size_t		name_len;
	mpsk_cursor_t	texts;
} mpsk_snapshot_row_t;

/* The next row; false at the end, and with c failed where it is malformed. */
bool mpsk_snapshot_row_next(mpsk_snapshot_row_t *row, mpsk_cursor_t *c);

/* Whether it says that the name is gone. */
bool mpsk_snapshot_row_is_gone(mpsk_snapshot_row_t const *row);

/* The same as Redis's client library would give it; freeing it wipes it. BAD where it is malformed. */
mpsk_status_t mpsk_snapshot_row_make(TALLOC_CTX *ctx, mpsk_row_t **out, mpsk_snapshot_row_t const *row,
				     mpsk_error_t *err);

#endif
