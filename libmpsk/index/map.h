/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hash table from octets to values, for one writer and readers without a
 * lock. Buckets are small, immutable and replaced whole; the table grows
 * by being built anew. Values belong to the caller, and so do the octets of
 * a key: they stand in the value, and live until the value is taken out
 * and reclaimed.
 */
#ifndef MPSK_INDEX_MAP_H
#define MPSK_INDEX_MAP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "index/epoch.h"
#include "index/siphash.h"

typedef struct mpsk_map_table mpsk_map_table_t;

typedef struct {
	mpsk_epoch_t			*epoch;
	mpsk_siphash_key_t		seed;
	_Atomic(mpsk_map_table_t *)	table;
	_Atomic size_t			count;
} mpsk_map_t;

/* ERR where memory or randomness is out. */
mpsk_status_t mpsk_map_init(mpsk_map_t *map, mpsk_epoch_t *epoch);

/* Free the table, not the values; no reader is left. */
void mpsk_map_finish(mpsk_map_t *map);

/* Any thread: the value of a key, or NULL. */
void *mpsk_map_get(mpsk_map_t const *map, void const *key, size_t len);

/* Any thread. */
size_t mpsk_map_count(mpsk_map_t const *map);

/* The writer: put a value in, or in the place of the one of this key. ERR, and nothing changed, where memory is out. */
mpsk_status_t mpsk_map_set(mpsk_map_t *map, void const *key, size_t len, void *value);

/* The writer: take one out. MISS where there is none; ERR, and nothing changed, where memory is out. */
mpsk_status_t mpsk_map_remove(mpsk_map_t *map, void const *key, size_t len);

/*
 * The writer: every value that was there at the start of the call. The
 * callback may replace or remove the one that it was given, and must not
 * reclaim.
 */
void mpsk_map_each(mpsk_map_t *map, void (*each)(void *uctx, void *value), void *uctx);

#endif
