/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a partition is made of, for the files that write and scan it. Nobody
 * else includes this.
 */
#ifndef MPSK_INDEX_LEAF_H
#define MPSK_INDEX_LEAF_H

#include "index/partition.h"

/*
 * Readers look at the lanes in use alone. The writer changes what is its own
 * where it stands, and everything else only in a leaf that no reader sees.
 */
struct mpsk_leaf {
	mpsk_retired_t		retired;		/* its next links the pool too */
	mpsk_match_block_t	block;
	uint32_t		old;			/* bit i: lane i is of an old_psk */
	union {
		mpsk_ref_t	entry;			/* whose lane it is */
		uint32_t	hole;			/* not in use, the writer's own: the next such lane */
	} lanes[MPSK_MATCH_LANES];
	uint32_t		twin[MPSK_MATCH_LANES];	/* the writer's own: the next lane of the chain, twins.h */
};

/* Leaves stand without a gap: the first NULL ends them. */
struct mpsk_leaves {
	mpsk_retired_t		retired;
	size_t			n;	/* room for so many */
	_Atomic(mpsk_leaf_t *)	leaf[];
};

/*
 * --- Any thread ---
 */
static inline mpsk_leaves_t *mpsk_leaves_get(mpsk_partition_t *partition)
{
	return atomic_load_explicit(&partition->leaves, memory_order_acquire);
}

static inline mpsk_leaf_t *mpsk_leaf_get(mpsk_leaves_t *leaves, size_t i)
{
	return i < leaves->n ? atomic_load_explicit(&leaves->leaf[i], memory_order_acquire) : NULL;
}

static inline bool mpsk_leaf_used(mpsk_leaf_t const *leaf, unsigned at)
{
	return leaf->block.used & 1u << at;
}

/*
 * --- The writer: the leaf of a lane that was taken, so one that is there ---
 */
static inline mpsk_leaf_t *mpsk_leaf_of(mpsk_partition_t *partition, uint32_t lane)
{
	return atomic_load_explicit(&mpsk_leaves_get(partition)->leaf[lane / MPSK_MATCH_LANES], memory_order_relaxed);
}

#endif
