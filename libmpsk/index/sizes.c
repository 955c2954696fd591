/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/internal.h"
#include "index/leaf.h"

static void partition_add(void *uctx, void *value)
{
	size_t *octets = uctx;
	mpsk_leaves_t *leaves = mpsk_leaves_get(value);
	mpsk_leaf_t *leaf;

	*octets += sizeof(*leaves) + leaves->n * sizeof(leaves->leaf[0]);
	for (size_t i = 0; (leaf = mpsk_leaf_get(leaves, i)); i++) {
		*octets += sizeof(*leaf);
		if (mpsk_match_block_sha256(&leaf->block)) *octets += sizeof(mpsk_match_sha256_t);
	}
}

/* The walk is made for the writer; but buckets are swapped as a whole, and what a reader may have seen stays. */
void mpsk_index_sizes(mpsk_index_t *index, mpsk_index_sizes_t *sizes)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(index);

	sizes->octets = atomic_load_explicit(&index->slab.used, memory_order_relaxed);
	mpsk_map_each(&index->ssids, partition_add, &sizes->octets);
	sizes->devices = atomic_load_explicit(&index->n_devices, memory_order_relaxed);
	sizes->octets += sizes->devices * sizeof(mpsk_device_t);
	mpsk_index_leave(reader);
}
