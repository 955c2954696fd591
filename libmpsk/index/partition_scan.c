/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "index/internal.h"
#include "index/leaf.h"

#define SCAN_LEAVES 64	/* handed to the scan at a time */

/* Hits of a scan, in the caller's array. */
typedef struct {
	mpsk_index_hit_t	*hits;
	size_t			n, max;
} hits_t;

/* Whether a lane made the handshake: the last word on it, by the PMK itself. */
static bool lane_verify(mpsk_slab_t const *slab, mpsk_leaf_t const *leaf, unsigned at, wpa_handshake_t const *hs,
			mpsk_index_hit_t *hit)
{
	if (!mpsk_leaf_used(leaf, at)) return false;
	mpsk_match_block_pmk(&leaf->block, at, &hit->pmk);
	if (!wpa_handshake_verify(hs, &hit->pmk)) {
		mpsk_secret_wipe(&hit->pmk, sizeof(hit->pmk));
		return false;
	}
	mpsk_entry_show(slab, leaf->lanes[at].entry, &hit->key);
	hit->old = leaf->old & 1u << at;
	return true;
}

/* The lane may be another key's by now; or this one's, with the entry before or after an edit that is on its way. */
static bool is_of(mpsk_slab_t const *slab, mpsk_ref_t found, mpsk_ref_t entry)
{
	return found == entry || strcmp(mpsk_entry_id(slab, found), mpsk_entry_id(slab, entry)) == 0;
}

bool mpsk_partition_try(mpsk_partition_t *partition, uint32_t lane, mpsk_ref_t entry, wpa_handshake_t const *hs,
			mpsk_index_hit_t *hit)
{
	mpsk_leaf_t const *leaf = mpsk_leaf_get(mpsk_leaves_get(partition), lane / MPSK_MATCH_LANES);
	unsigned at = lane % MPSK_MATCH_LANES;

	if (!leaf || !mpsk_leaf_used(leaf, at) || !is_of(partition->slab, leaf->lanes[at].entry, entry)) return false;
	return lane_verify(partition->slab, leaf, at, hs, hit);
}

static int hit_compare(mpsk_index_hit_t const *a, mpsk_index_hit_t const *b)
{
	int by_id = strcmp(a->key.id, b->key.id);

	return by_id ? by_id : (int) a->old - (int) b->old;
}

/* Keep hits in order; of more than max, those of the first ids. */
static void hit_insert(hits_t *to, mpsk_index_hit_t const *hit)
{
	mpsk_index_hit_t *hits = to->hits;
	size_t at = to->n;

	while (at > 0 && hit_compare(hit, &hits[at - 1]) < 0) at--;
	if (at == to->max) return;
	if (to->n == to->max) to->n--;
	memmove(&hits[at + 1], &hits[at], (to->n - at) * sizeof(*hits));
	hits[at] = *hit;
	to->n++;
}

static void leaf_verify(mpsk_slab_t const *slab, mpsk_leaf_t const *leaf, uint32_t candidates,
			wpa_handshake_t const *hs, hits_t *hits)
{
	for (; candidates; candidates &= candidates - 1) {
		mpsk_index_hit_t hit;

		if (!lane_verify(slab, leaf, (unsigned) __builtin_ctz(candidates), hs, &hit)) continue;
		hit_insert(hits, &hit);
		mpsk_secret_wipe(&hit, sizeof(hit));
	}
}

/* Leaves with a key in them, from this one on, SCAN_LEAVES at most; *at is set behind the last one looked at. */
static size_t leaves_gather(mpsk_leaves_t *leaves, size_t *at, mpsk_leaf_t const **found)
{
	mpsk_leaf_t const *leaf;
	size_t n = 0;

	for (; n < SCAN_LEAVES && (leaf = mpsk_leaf_get(leaves, *at)); (*at)++) {
		if (leaf->block.used) found[n++] = leaf;
	}
	return n;
}

size_t mpsk_partition_scan(mpsk_partition_t *partition, wpa_handshake_t const *hs, mpsk_index_hit_t *hits, size_t max)
{
	bool all = atomic_load_explicit(&partition->n_twins, memory_order_acquire) > 0;
	mpsk_leaves_t *leaves = mpsk_leaves_get(partition);
	mpsk_leaf_t const *found[SCAN_LEAVES];
	hits_t to = { .hits = hits, .max = max };
	mpsk_match_t match;
	size_t at = 0, n;

	mpsk_match_prepare(&match, hs);
	while ((all || to.n == 0) && (n = leaves_gather(leaves, &at, found)) > 0) {
		mpsk_match_block_t const *blocks[SCAN_LEAVES];
		uint32_t candidates[SCAN_LEAVES];

		for (size_t i = 0; i < n; i++) blocks[i] = &found[i]->block;
		for (size_t i = 0, done; i < n && (all || to.n == 0); i += done) {
			done = mpsk_match_scan(&match, blocks + i, n - i, candidates);
			for (size_t j = 0; j < done; j++) {
				leaf_verify(partition->slab, found[i + j], candidates[j], hs, &to);
			}
		}
	}
	mpsk_match_finish(&match);
	return to.n;
}
