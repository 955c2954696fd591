/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which block of a slab is a key's: a hash table from ids to refs, four
 * octets a slot, for one writer and readers without a lock. A key's id
 * stands in its block, and is looked up there. The table grows by being
 * built anew, by half.
 */
#ifndef MPSK_INDEX_IDS_H
#define MPSK_INDEX_IDS_H

#include <stdatomic.h>
#include <stddef.h>

#include "base/status.h"
#include "index/epoch.h"
#include "index/siphash.h"
#include "index/slab.h"

typedef struct mpsk_ids_table mpsk_ids_table_t;

/* The id in a block. */
typedef char const *(*mpsk_ids_of_t)(mpsk_slab_t const *slab, mpsk_ref_t ref);

typedef struct {
	mpsk_epoch_t			*epoch;
	mpsk_slab_t const		*slab;
	mpsk_ids_of_t			id_of;
	mpsk_siphash_key_t		seed;
	_Atomic(mpsk_ids_table_t *)	table;
	_Atomic size_t			count;
	size_t				used;	/* slots that were ever filled: what was taken out stays in the way */
} mpsk_ids_t;

/* ERR where memory or randomness is out. */
mpsk_status_t mpsk_ids_init(mpsk_ids_t *ids, mpsk_epoch_t *epoch, mpsk_slab_t const *slab, mpsk_ids_of_t id_of);

/* Free the table, not the blocks; no reader is left. */
void mpsk_ids_finish(mpsk_ids_t *ids);

/* Any thread: the block of an id, or 0. */
mpsk_ref_t mpsk_ids_get(mpsk_ids_t const *ids, char const *id);

/* Any thread. */
size_t mpsk_ids_count(mpsk_ids_t const *ids);

/* The writer: put a block in, or in the place of the one of its id. ERR, and nothing changed, where memory is out. */
mpsk_status_t mpsk_ids_set(mpsk_ids_t *ids, mpsk_ref_t ref);

/* The writer: take the block of an id out. MISS where there is none. */
mpsk_status_t mpsk_ids_remove(mpsk_ids_t *ids, char const *id);

/*
 * The writer: every block that was there at the start of the call. The
 * callback may remove the one that it was given, and must put none in nor
 * reclaim.
 */
void mpsk_ids_each(mpsk_ids_t *ids, void (*each)(void *uctx, mpsk_ref_t ref), void *uctx);

#endif
