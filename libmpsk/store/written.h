/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was written to Redis last. A server that dies, or whose replica takes
 * its place, forgets the last of what it was told and acknowledged; what is
 * written again does no harm. Not thread-safe.
 */
#ifndef MPSK_STORE_WRITTEN_H
#define MPSK_STORE_WRITTEN_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "store/spool.h"

#define MPSK_WRITTEN_KEEP_MS 10000	/* longer than Redis takes to save, or a replica to be behind */

typedef struct mpsk_written mpsk_written_t;

/* Room for max items, the latest. NULL where memory is out. */
mpsk_written_t *mpsk_written_create(TALLOC_CTX *ctx, size_t max);

/* Note what was written at now_ms, monotonic; what is too old goes. Takes the item over. */
void mpsk_written_add(mpsk_written_t *written, mpsk_spooled_t *item, int64_t now_ms);

/* Take one out that was written MPSK_WRITTEN_KEEP_MS before since_ms or later: the caller's. NULL: none is left. */
mpsk_spooled_t *mpsk_written_take(mpsk_written_t *written, int64_t since_ms);

#endif
