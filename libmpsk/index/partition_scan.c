/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pthread.h>
#include <string.h>

#include "base/secret.h"
#include "index/internal.h"
#include "index/leaf.h"

#define SCAN_LEAVES	64	/* handed to the scan at a time, and the piece of work of a team */
#define TEAM_KEYS_MIN	16384	/* with fewer, it is over before helpers are awake */

/* Hits of a scan, in the caller's array. */
typedef struct {
	mpsk_index_hit_t	*hits;
	size_t			n, max;
} hits_t;

/* Whether a lane made the handshake: the last word on it, by the PMK itself. */
static bool lane_verify(mpsk_slab_t const *slab, mpsk_leaf_t const *leaf, uint32_t lane, wpa_handshake_t const *hs,
			mpsk_index_hit_t *hit)
{
	unsigned at = lane % MPSK_MATCH_LANES;

	if (!mpsk_leaf_used(leaf, at)) return false;
	mpsk_match_block_pmk(&leaf->block, at, &hit->pmk);
	if (!wpa_handshake_verify(hs, &hit->pmk)) {
		mpsk_secret_wipe(&hit->pmk, sizeof(hit->pmk));
		return false;
	}
	mpsk_entry_read(slab, leaf->lanes[at].entry, &hit->key);
	hit->old = leaf->old & 1u << at;
	hit->leaf = lane / MPSK_MATCH_LANES;
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
	return lane_verify(partition->slab, leaf, lane, hs, hit);
}

bool mpsk_partition_peek(mpsk_partition_t *partition, uint32_t lane, mpsk_ref_t entry, wpa_pmk_t *pmk)
{
	mpsk_leaf_t const *leaf = mpsk_leaf_get(mpsk_leaves_get(partition), lane / MPSK_MATCH_LANES);
	unsigned at = lane % MPSK_MATCH_LANES;

	if (!leaf || !mpsk_leaf_used(leaf, at) || leaf->lanes[at].entry != entry || leaf->old & 1u << at) return false;
	mpsk_match_block_pmk(&leaf->block, at, pmk);
	return true;
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

/* One scan, by one thread or several. */
typedef struct {
	mpsk_slab_t const	*slab;
	mpsk_leaves_t		*leaves;
	uint32_t const		*numbers;	/* of those to look at; NULL: all of them, in their order */
	size_t			n;		/* of them */
	wpa_handshake_t const	*hs;
	mpsk_match_t		match;
	bool			all;		/* a hit does not end it */
	_Atomic bool		over;
	pthread_mutex_t		lock;
	hits_t			to;		/* under the lock */
} scan_t;

/* Leaves with a key in them, and which they are. */
typedef struct {
	size_t				n;
	mpsk_leaf_t const		*leaf[SCAN_LEAVES];
	mpsk_match_block_t const	*blocks[SCAN_LEAVES];
	uint32_t			numbers[SCAN_LEAVES];
} found_t;

static bool scan_over(scan_t *scan)
{
	return atomic_load_explicit(&scan->over, memory_order_relaxed);
}

static void leaf_verify(scan_t *scan, found_t const *found, size_t i, uint32_t candidates)
{
	for (; candidates; candidates &= candidates - 1) {
		uint32_t lane = found->numbers[i] * MPSK_MATCH_LANES + (uint32_t) __builtin_ctz(candidates);
		mpsk_index_hit_t hit;

		if (!lane_verify(scan->slab, found->leaf[i], lane, scan->hs, &hit)) continue;
		pthread_mutex_lock(&scan->lock);
		hit_insert(&scan->to, &hit);
		pthread_mutex_unlock(&scan->lock);
		if (!scan->all) atomic_store_explicit(&scan->over, true, memory_order_relaxed);
		mpsk_secret_wipe(&hit, sizeof(hit));
	}
}

static void leaves_gather(scan_t *scan, size_t piece, found_t *found)
{
	found->n = 0;
	for (size_t i = piece * SCAN_LEAVES; i < scan->n && i < (piece + 1) * SCAN_LEAVES; i++) {
		uint32_t number = scan->numbers ? scan->numbers[i] : (uint32_t) i;
		mpsk_leaf_t const *leaf = mpsk_leaf_get(scan->leaves, number);

		if (!leaf || !leaf->block.used) continue;
		found->leaf[found->n] = leaf;
		found->blocks[found->n] = &leaf->block;
		found->numbers[found->n++] = number;
	}
}

static void piece_scan(void *uctx, size_t piece)
{
	scan_t *scan = uctx;
	uint32_t candidates[SCAN_LEAVES];
	found_t found;

	if (scan_over(scan)) return;
	leaves_gather(scan, piece, &found);
	for (size_t i = 0, done; i < found.n && !scan_over(scan); i += done) {
		done = mpsk_match_scan(&scan->match, found.blocks + i, found.n - i, candidates);
		for (size_t j = 0; j < done; j++) leaf_verify(scan, &found, i + j, candidates[j]);
	}
}

size_t mpsk_partition_scan(mpsk_partition_t *partition, mpsk_partition_search_t const *search, mpsk_index_hit_t *hits,
			   size_t max, uint64_t *spent_ns)
{
	bool all = mpsk_partition_shared(partition);	/* before the leaves: a twin counts before it is seen */
	mpsk_leaves_t *leaves = mpsk_leaves_get(partition);
	scan_t scan = {
		.slab = partition->slab,
		.leaves = leaves,
		.numbers = search->leaves,
		.n = search->leaves ? search->n_leaves : leaves->n,
		.hs = search->hs,
		.all = all,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.to = { .hits = hits, .max = max },
	};
	bool is_long = atomic_load_explicit(&partition->n_keys, memory_order_relaxed) >= TEAM_KEYS_MIN;
	size_t pieces = (scan.n + SCAN_LEAVES - 1) / SCAN_LEAVES;

	mpsk_match_prepare(&scan.match, scan.hs);
	*spent_ns += mpsk_team_run(is_long ? search->team : NULL, piece_scan, &scan, pieces);
	mpsk_match_finish(&scan.match);
	pthread_mutex_destroy(&scan.lock);
	return scan.to.n;
}
