/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a partition is made of, for the two files that write and scan it.
 * Nobody else includes this.
 */
#ifndef MPSK_INDEX_LEAF_H
#define MPSK_INDEX_LEAF_H

#include "index/partition.h"

typedef struct {
	mpsk_key_t const	*key;
	bool			old;
} mpsk_lane_t;

struct mpsk_leaf {
	mpsk_retired_t		retired;	/* its next links the pool too */
	mpsk_match_block_t	block;
	mpsk_lane_t		lanes[MPSK_MATCH_LANES];
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

#endif
