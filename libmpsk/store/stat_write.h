/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rhythm in which a server writes its figures.
 */
#ifndef MPSK_STORE_STAT_WRITE_H
#define MPSK_STORE_STAT_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "key/key.h"
#include "store/store.h"

#define MPSK_STAT_FIRST_MS	1000	/* after the start, or until there are any */
#define MPSK_STAT_EVERY_MS	10000

/* Where figures come from. */
typedef struct {
	char const	*server;	/* a name as stat.h has them; not copied */
	/* All of them now, of ctx; false where there are none yet. NULL: there are never any. */
	bool		(*take)(void *uctx, TALLOC_CTX *ctx, mpsk_field_t const **fields, size_t *n);
	void		*uctx;
} mpsk_stat_source_t;

/* Write them, if Redis takes them: else the next time does. Returns when that is, in monotonic milliseconds. */
int64_t mpsk_stat_write(mpsk_store_t *store, mpsk_stat_source_t const *source);

#endif
