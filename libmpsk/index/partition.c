/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/leaf.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

#define FIRST_LEAVES	4
#define LANES_MAX	(1u << 30)	/* numbers above are places that wait: waiting.c */

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

static mpsk_leaves_t *leaves_create(size_t n)
{
	mpsk_leaves_t *leaves = calloc(1, sizeof(*leaves) + n * sizeof(leaves->leaf[0]));

	if (!leaves) return NULL;
	leaves->n = n;
	for (size_t i = 0; i < n; i++) atomic_init(&leaves->leaf[i], NULL);
	return leaves;
}

mpsk_partition_t *mpsk_partition_create(mpsk_epoch_t *epoch, mpsk_leaf_pool_t *pool, mpsk_slab_t *slab,
					mpsk_ssid_t const *ssid)
{
	mpsk_ref_t self = mpsk_slab_take(slab, sizeof(mpsk_partition_t));
	mpsk_partition_t *partition;

	if (!self) return NULL;
	partition = mpsk_slab_at(slab, self);
	partition->epoch = epoch;
	partition->pool = pool;
	partition->slab = slab;
	partition->self = self;
	partition->ssid = *ssid;
	partition->hole = MPSK_LANE_NONE;
	atomic_init(&partition->leaves, leaves_create(FIRST_LEAVES));
	atomic_init(&partition->missing, 0);
	atomic_init(&partition->n_twins, 0);
	atomic_init(&partition->open, false);
	atomic_init(&partition->n_keys, 0);
	if (!mpsk_leaves_get(partition) || mpsk_twins_init(&partition->twins) != MPSK_OK) {
		mpsk_partition_free(partition);
		return NULL;
	}
	/* From anywhere, so that it is not what another partition of this SSID had got to before. */
	atomic_init(&partition->changes, mpsk_siphash(&partition->twins.seed, ssid, sizeof(*ssid)));
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
	mpsk_twins_finish(&partition->twins);
	mpsk_slab_give(partition->slab, partition->self, sizeof(*partition));
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

	if (lanes > LANES_MAX || leaves_reserve(partition, n_leaves) != MPSK_OK ||
	    mpsk_twins_reserve(partition, lanes) != MPSK_OK) {
		return MPSK_ERR;
	}
	return leaves_fill(partition, n_leaves);
}

uint32_t mpsk_partition_take(mpsk_partition_t *partition)
{
	uint32_t lane = partition->hole;

	if (lane == MPSK_LANE_NONE) return partition->n_lanes++;
	partition->hole = mpsk_leaf_of(partition, lane)->lanes[lane % MPSK_MATCH_LANES].hole;
	partition->n_holes--;
	return lane;
}

/* The lane is not in use, so that no reader looks at what is written. */
void mpsk_partition_give(mpsk_partition_t *partition, uint32_t lane)
{
	mpsk_leaf_of(partition, lane)->lanes[lane % MPSK_MATCH_LANES].hole = partition->hole;
	partition->hole = lane;
	partition->n_holes++;
}

/* A copy of the lane's leaf, to be changed and then put in its place. */
static mpsk_leaf_t *leaf_copy(mpsk_partition_t *partition, uint32_t lane)
{
	mpsk_leaf_t *leaf = pool_take(partition->pool), *from = mpsk_leaf_of(partition, lane);

	leaf->block = from->block;
	leaf->old = from->old;
	memcpy(leaf->lanes, from->lanes, sizeof(leaf->lanes));
	memcpy(leaf->twin, from->twin, sizeof(leaf->twin));
	return leaf;
}

static void leaf_replace(mpsk_partition_t *partition, uint32_t lane, mpsk_leaf_t *leaf)
{
	mpsk_leaf_t *was = mpsk_leaf_of(partition, lane);

	atomic_store_explicit(&mpsk_leaves_get(partition)->leaf[lane / MPSK_MATCH_LANES], leaf, memory_order_release);
	mpsk_epoch_retire(partition->epoch, &was->retired, leaf_free);
}

void mpsk_partition_pmk(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t *pmk)
{
	mpsk_match_block_pmk(&mpsk_leaf_of(partition, lane)->block, lane % MPSK_MATCH_LANES, pmk);
}

mpsk_ref_t mpsk_partition_entry(mpsk_partition_t *partition, uint32_t lane)
{
	return mpsk_leaf_of(partition, lane)->lanes[lane % MPSK_MATCH_LANES].entry;
}

static bool has_pmk(mpsk_partition_t *partition, wpa_pmk_t const *pmk)
{
	return mpsk_twins_first(partition, pmk) != MPSK_LANE_NONE;
}

/* A lane's PMK goes: whoever else has it has one twin less. */
static void twin_remove(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t const *pmk)
{
	mpsk_twins_remove(partition, lane, pmk);
	if (has_pmk(partition, pmk)) atomic_fetch_sub_explicit(&partition->n_twins, 1, memory_order_release);
}

/* Give a lane a new entry and, where one is given, a new PMK. */
static void lane_fill(mpsk_partition_t *partition, uint32_t lane, mpsk_ref_t entry, bool old, wpa_pmk_t const *pmk)
{
	unsigned at = lane % MPSK_MATCH_LANES;
	mpsk_leaf_t *leaf = leaf_copy(partition, lane);

	if (pmk) mpsk_match_block_set(&leaf->block, at, pmk);
	leaf->lanes[at].entry = entry;
	leaf->old = (leaf->old & ~(1u << at)) | (uint32_t) old << at;
	leaf_replace(partition, lane, leaf);
	/* Only now: a scan that began before may have missed it, and who saw the number before it knows so. */
	if (pmk) atomic_fetch_add_explicit(&partition->changes, 1, memory_order_release);
}

void mpsk_partition_set(mpsk_partition_t *partition, uint32_t lane, mpsk_ref_t entry, bool old, wpa_pmk_t const *pmk)
{
	bool used = mpsk_leaf_used(mpsk_leaf_of(partition, lane), lane % MPSK_MATCH_LANES), same = false;
	wpa_pmk_t was;

	if (used) {
		mpsk_partition_pmk(partition, lane, &was);
		same = mpsk_secret_equal(&was, pmk, sizeof(was));
		if (!same) twin_remove(partition, lane, &was);
		mpsk_secret_wipe(&was, sizeof(was));
	}
	if (same) {
		lane_fill(partition, lane, entry, old, NULL);
		return;
	}
	/* Before the lane can be seen: a scan that meets it must not stop at its twin. */
	if (has_pmk(partition, pmk)) atomic_fetch_add_explicit(&partition->n_twins, 1, memory_order_release);
	lane_fill(partition, lane, entry, old, pmk);
	if (!used) atomic_fetch_add_explicit(&partition->n_keys, 1, memory_order_relaxed);
	mpsk_twins_add(partition, lane, pmk);
}

void mpsk_partition_clear(mpsk_partition_t *partition, uint32_t lane)
{
	unsigned at = lane % MPSK_MATCH_LANES;
	mpsk_leaf_t *leaf;
	wpa_pmk_t pmk;

	mpsk_partition_pmk(partition, lane, &pmk);
	twin_remove(partition, lane, &pmk);
	mpsk_secret_wipe(&pmk, sizeof(pmk));
	leaf = leaf_copy(partition, lane);
	/* Without randomness the lane is wiped all the same, and its bit, which alone makes it count, is gone. */
	(void) mpsk_match_block_clear(&leaf->block, at);
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
	twin = mpsk_twins_first(partition, &pmk);
	for (; twin != MPSK_LANE_NONE && n < max; twin = mpsk_twins_next(partition, twin, &pmk)) {
		if (twin != lane) lanes[n++] = twin;
	}
	mpsk_secret_wipe(&pmk, sizeof(pmk));
	return n;
}
