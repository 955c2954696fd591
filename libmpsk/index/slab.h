/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory for many small secrets, in blocks of eight octets and their
 * multiples, without a head and named by 32 bits. One thread takes and gives;
 * any may look at a block that it has been shown.
 */
#ifndef MPSK_INDEX_SLAB_H
#define MPSK_INDEX_SLAB_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* A block; 0 is none. The highest bit is never set, so that it may tell something else. */
typedef uint32_t mpsk_ref_t;

#define MPSK_SLAB_UNIT		8u
#define MPSK_SLAB_CHUNK		(1u << 20)	/* octets, and the largest block */
#define MPSK_SLAB_UNITS		(MPSK_SLAB_CHUNK / MPSK_SLAB_UNIT)
#define MPSK_SLAB_CHUNKS	(1u << 14)	/* at most: 16 GB in all */
#define MPSK_SLAB_SMALL		128u		/* units: up to here a block has its very size, above a power of two */
#define MPSK_SLAB_SIZES		(MPSK_SLAB_SMALL + 10 + 1)

typedef struct {
	uint8_t		**chunks;
	size_t		n_chunks;
	size_t		at;			/* units taken of the last chunk */
	mpsk_ref_t	free[MPSK_SLAB_SIZES];	/* blocks given back, by size; each begins with the next one */
	_Atomic size_t	used;			/* octets in blocks that are taken; for any thread */
} mpsk_slab_t;

/* ERR where memory is out. */
mpsk_status_t mpsk_slab_init(mpsk_slab_t *slab);

/* Wipe and free everything. */
void mpsk_slab_finish(mpsk_slab_t *slab);

/* A block of zeros; 0 where memory is out or size is more than a chunk. */
mpsk_ref_t mpsk_slab_take(mpsk_slab_t *slab, size_t size);

/* Wipe a block, and take it back; size as it was asked for. */
void mpsk_slab_give(mpsk_slab_t *slab, mpsk_ref_t ref, size_t size);

/* Any thread: where a block lies, for as long as it is taken; aligned to 8 octets. */
static inline void *mpsk_slab_at(mpsk_slab_t const *slab, mpsk_ref_t ref)
{
	return slab->chunks[ref / MPSK_SLAB_UNITS] + (size_t) (ref % MPSK_SLAB_UNITS) * MPSK_SLAB_UNIT;
}

#endif
