/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/leaf.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

#define FIRST_LEAVES 4

static void leaf_free(mpsk_retired_t *self)
{
	mpsk_secret_wipe(self, sizeof(mpsk_leaf_t));
	free(self);
}

static void memory_free(mpsk_retired_t *self)
{
	free(self);
}

mpsk_status_t mpsk_leaf_pool_reserve(mpsk_leaf_pool_t *pool, size_t n)
{
	while (pool->n < n) {
		mpsk_leaf_t *leaf = calloc(1, sizeof(*leaf));

		if (!leaf) return MPSK_ERR;
		leaf->retired.next = pool->first ? &pool->first->retired : NULL;
		pool->first = leaf;
		pool->n++;
	}
	return MPSK_OK;
}

static mpsk_leaf_t *pool_take(mpsk_leaf_pool_t *pool)
{
	mpsk_leaf_t *leaf = pool->first;

	pool->first = (mpsk_leaf_t *) leaf->retired.next;
	pool->n--;
	return leaf;
}

void mpsk_leaf_pool_finish(mpsk_leaf_pool_t *pool)
{
	while (pool->n > 0) free(pool_take(pool));
}

/* The writer: the leaf of a lane that was taken, so one that is there. */
static mpsk_leaf_t *leaf_of(mpsk_partition_t *partition, uint32_t lane)
{
	return atomic_load_explicit(&mpsk_leaves_get(partition)->leaf[lane / MPSK_MATCH_LANES], memory_order_relaxed);
}

static mpsk_leaves_t *leaves_create(size_t n)
{
	mpsk_leaves_t *leaves = calloc(1, sizeof(*leaves) + n * sizeof(leaves->leaf[0]));

	if (!leaves) return NULL;
	leaves->n = n;
	for (size_t i = 0; i < n; i++) atomic_init(&leaves->leaf[i], NULL);
	return leaves;
}

mpsk_partition_t *mpsk_partition_create(mpsk_epoch_t *epoch, mpsk_leaf_pool_t *pool, mpsk_ssid_t const *ssid)
{
	mpsk_partition_t *partition = calloc(1, sizeof(*partition));

	if (!partition) return NULL;
	partition->epoch = epoch;
	partition->pool = pool;
	partition->ssid = *ssid;
	atomic_init(&partition->leaves, leaves_create(FIRST_LEAVES));
	atomic_init(&partition->missing, 0);
	atomic_init(&partition->n_twins, 0);
	atomic_init(&partition->open, false);
	atomic_init(&partition->n_keys, 0);
	if (!mpsk_leaves_get(partition) || mpsk_siphash_key(&partition->seed) != MPSK_OK) {
		mpsk_partition_free(partition);
		return NULL;
	}
	/* From anywhere, so that it is not what another partition of this SSID had got to before. */
	atomic_init(&partition->changes, mpsk_siphash(&partition->seed, ssid, sizeof(*ssid)));
	return partition;
}

void mpsk_partition_free(mpsk_partition_t *partition)
{
	mpsk_leaves_t *leaves = mpsk_leaves_get(partition);

	for (size_t i = 0; leaves && i < leaves->n; i++) {
		mpsk_leaf_t *leaf = mpsk_leaf_get(leaves, i);

		if (leaf) leaf_free(&leaf->retired);
	}
	free(leaves);
	free(partition->holes);
	mpsk_twins_finish(&partition->twins);
	mpsk_secret_wipe(partition, sizeof(*partition));
	free(partition);
}

static void partition_free(mpsk_retired_t *self)
{
	mpsk_partition_free((mpsk_partition_t *) self);
}

void mpsk_partition_retire(mpsk_partition_t *partition)
{
	mpsk_epoch_retire(partition->epoch, &partition->retired, partition_free);
}

static mpsk_status_t leaves_reserve(mpsk_partition_t *partition, size_t n)
{
	mpsk_leaves_t *from = mpsk_leaves_get(partition), *to;
	size_t room = from->n;

	if (n <= from->n) return MPSK_OK;
	while (room < n) room *= 2;
	to = leaves_create(room);
	if (!to) return MPSK_ERR;
	for (size_t i = 0; i < from->n; i++) {
		atomic_store_explicit(&to->leaf[i], mpsk_leaf_get(from, i), memory_order_relaxed);
	}
	atomic_store_explicit(&partition->leaves, to, memory_order_release);
	mpsk_epoch_retire(partition->epoch, &from->retired, memory_free);
	return MPSK_OK;
}

static mpsk_status_t holes_reserve(mpsk_partition_t *partition, size_t n)
{
	uint32_t *holes;

	if (n <= partition->holes_room) return MPSK_OK;
	holes = realloc(partition->holes, n * sizeof(*holes));
	if (!holes) return MPSK_ERR;
	partition->holes = holes;
	partition->holes_room = n;
	return MPSK_OK;
}

/* Leaves for every lane that may be taken, so that to set one is only to replace one. */
static mpsk_status_t leaves_fill(mpsk_partition_t *partition, size_t n)
{
	mpsk_leaves_t *leaves = mpsk_leaves_get(partition);

	for (size_t i = partition->n_lanes / MPSK_MATCH_LANES; i < n; i++) {
		mpsk_leaf_t *leaf;

		if (mpsk_leaf_get(leaves, i)) continue;
		leaf = calloc(1, sizeof(*leaf));
		if (!leaf) return MPSK_ERR;
		if (mpsk_match_block_init(&leaf->block) != MPSK_OK) {
			free(leaf);
			return MPSK_ERR;
		}
		atomic_store_explicit(&leaves->leaf[i], leaf, memory_order_release);
	}
	return MPSK_OK;
}

mpsk_status_t mpsk_partition_reserve(mpsk_partition_t *partition, size_t n)
{
	size_t lanes = partition->n_lanes + (n > partition->n_holes ? n - partition->n_holes : 0);
	size_t n_leaves = (lanes + MPSK_MATCH_LANES - 1) / MPSK_MATCH_LANES;

	if (lanes >= MPSK_LANE_NONE - MPSK_MATCH_LANES) return MPSK_ERR;
	/* The room for holes grows with that for leaves, so as seldom. */
	if (leaves_reserve(partition, n_leaves) != MPSK_OK ||
	    holes_reserve(partition, mpsk_leaves_get(partition)->n * MPSK_MATCH_LANES) != MPSK_OK ||
	    mpsk_twins_reserve(&partition->twins, lanes) != MPSK_OK) {
		return MPSK_ERR;
	}
	return leaves_fill(partition, n_leaves);
}

uint32_t mpsk_partition_take(mpsk_partition_t *partition)
{
	return partition->n_holes > 0 ? partition->holes[--partition->n_holes] : partition->n_lanes++;
}

void mpsk_partition_give(mpsk_partition_t *partition, uint32_t lane)
{
	partition->holes[partition->n_holes++] = lane;
}

/* A copy of the lane's leaf, to be changed and then put in its place. */
static mpsk_leaf_t *leaf_copy(mpsk_partition_t *partition, uint32_t lane)
{
	mpsk_leaf_t *leaf = pool_take(partition->pool), *from = leaf_of(partition, lane);

	leaf->block = from->block;
	memcpy(leaf->lanes, from->lanes, sizeof(leaf->lanes));
	return leaf;
}

static void leaf_replace(mpsk_partition_t *partition, uint32_t lane, mpsk_leaf_t *leaf)
{
	mpsk_leaf_t *was = leaf_of(partition, lane);

	atomic_store_explicit(&mpsk_leaves_get(partition)->leaf[lane / MPSK_MATCH_LANES], leaf, memory_order_release);
	mpsk_epoch_retire(partition->epoch, &was->retired, leaf_free);
}

static bool lane_used(mpsk_partition_t *partition, uint32_t lane)
{
	return leaf_of(partition, lane)->block.used & 1u << lane % MPSK_MATCH_LANES;
}

void mpsk_partition_pmk(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t *pmk)
{
	mpsk_match_block_pmk(&leaf_of(partition, lane)->block, lane % MPSK_MATCH_LANES, pmk);
}

mpsk_key_t const *mpsk_partition_key(mpsk_partition_t *partition, uint32_t lane)
{
	return leaf_of(partition, lane)->lanes[lane % MPSK_MATCH_LANES].key;
}

static bool lane_holds(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t const *pmk)
{
	wpa_pmk_t own;
	bool holds;

	mpsk_partition_pmk(partition, lane, &own);
	holds = mpsk_secret_equal(&own, pmk, sizeof(own));
	mpsk_secret_wipe(&own, sizeof(own));
	return holds;
}

static uint32_t pmk_hash(mpsk_partition_t *partition, wpa_pmk_t const *pmk)
{
	return (uint32_t) mpsk_siphash(&partition->seed, pmk, sizeof(*pmk));
}

/* Whether a lane in the chains, other than this one, holds the PMK. */
static bool has_twin(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t const *pmk)
{
	uint32_t twin = mpsk_twins_first(&partition->twins, pmk_hash(partition, pmk));

	while (twin != MPSK_LANE_NONE && (twin == lane || !lane_holds(partition, twin, pmk))) {
		twin = mpsk_twins_next(&partition->twins, twin);
	}
	return twin != MPSK_LANE_NONE;
}

static void chain_remove(mpsk_partition_t *partition, uint32_t lane)
{
	wpa_pmk_t pmk;

	mpsk_partition_pmk(partition, lane, &pmk);
	if (has_twin(partition, lane, &pmk)) atomic_fetch_sub_explicit(&partition->n_twins, 1, memory_order_release);
	mpsk_twins_remove(&partition->twins, lane);
	mpsk_secret_wipe(&pmk, sizeof(pmk));
}

/* Before the lane can be seen: a scan that meets it must not stop at its twin. */
static void chain_add(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t const *pmk)
{
	if (has_twin(partition, lane, pmk)) atomic_fetch_add_explicit(&partition->n_twins, 1, memory_order_release);
	mpsk_twins_add(&partition->twins, lane, pmk_hash(partition, pmk));
}

void mpsk_partition_set(mpsk_partition_t *partition, uint32_t lane, mpsk_key_t const *key, bool old,
			wpa_pmk_t const *pmk)
{
	unsigned at = lane % MPSK_MATCH_LANES;
	bool used = lane_used(partition, lane);
	bool same = used && lane_holds(partition, lane, pmk);
	mpsk_lane_t const *was = &leaf_of(partition, lane)->lanes[at];
	mpsk_leaf_t *leaf;

	if (same && was->key == key && was->old == old) return;
	leaf = leaf_copy(partition, lane);
	if (used && !same) chain_remove(partition, lane);
	mpsk_match_block_set(&leaf->block, at, pmk);
	leaf->lanes[at] = (mpsk_lane_t) { .key = key, .old = old };
	if (!same) chain_add(partition, lane, pmk);
	leaf_replace(partition, lane, leaf);
	if (!used) atomic_fetch_add_explicit(&partition->n_keys, 1, memory_order_relaxed);
	/* Only now: a scan that began before may have missed it, and who saw the number before it knows so. */
	if (!same) atomic_fetch_add_explicit(&partition->changes, 1, memory_order_release);
}

void mpsk_partition_clear(mpsk_partition_t *partition, uint32_t lane)
{
	mpsk_leaf_t *leaf = leaf_copy(partition, lane);
	unsigned at = lane % MPSK_MATCH_LANES;

	/* Without randomness the lane is wiped all the same, and its bit, which alone makes it count, is gone. */
	(void) mpsk_match_block_clear(&leaf->block, at);
	leaf->lanes[at] = (mpsk_lane_t) { .key = NULL };
	chain_remove(partition, lane);
	leaf_replace(partition, lane, leaf);
	atomic_fetch_sub_explicit(&partition->n_keys, 1, memory_order_relaxed);
	mpsk_partition_give(partition, lane);
}

size_t mpsk_partition_twins(mpsk_partition_t *partition, uint32_t lane, uint32_t *lanes, size_t max)
{
	uint32_t twin;
	size_t n = 0;
	wpa_pmk_t pmk;

	mpsk_partition_pmk(partition, lane, &pmk);
	twin = mpsk_twins_first(&partition->twins, pmk_hash(partition, &pmk));
	for (; twin != MPSK_LANE_NONE && n < max; twin = mpsk_twins_next(&partition->twins, twin)) {
		if (twin != lane && lane_holds(partition, twin, &pmk)) lanes[n++] = twin;
	}
	mpsk_secret_wipe(&pmk, sizeof(pmk));
	return n;
}
