/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of one SSID, as a handshake finds them: lanes of PMKs in leaves
 * of sixteen, each with the entry that it is of. What a reader sees of a leaf
 * is immutable; a change of a lane replaces its leaf.
 */
#ifndef MPSK_INDEX_PARTITION_H
#define MPSK_INDEX_PARTITION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ssid.h"
#include "base/status.h"
#include "index/epoch.h"
#include "index/index.h"
#include "index/slab.h"
#include "index/team.h"
#include "index/twins.h"
#include "match/match.h"

typedef struct mpsk_leaf mpsk_leaf_t;
typedef struct mpsk_leaves mpsk_leaves_t;

/* Leaves made before a change, so that the change itself cannot run out of memory. */
typedef struct {
	mpsk_leaf_t	*first;
	size_t		n;
} mpsk_leaf_pool_t;

/* Have at least n leaves ready. ERR where memory is out. */
mpsk_status_t mpsk_leaf_pool_reserve(mpsk_leaf_pool_t *pool, size_t n);
void mpsk_leaf_pool_finish(mpsk_leaf_pool_t *pool);

/* It stands in the slab. */
struct mpsk_partition {
	mpsk_retired_t			retired;
	mpsk_epoch_t			*epoch;
	mpsk_leaf_pool_t		*pool;
	mpsk_slab_t			*slab;
	mpsk_ref_t			self;
	mpsk_ssid_t			ssid;
	_Atomic(mpsk_leaves_t *)	leaves;
	_Atomic size_t			missing;	/* PMKs that are not derived yet */
	_Atomic size_t			n_twins;	/* lanes less distinct PMKs; 0: a scan may stop at a hit */
	_Atomic bool			open;		/* the keys for any SSID are in it */
	_Atomic size_t			n_keys;		/* lanes that are set */
	_Atomic uint64_t		changes;	/* a lane was given another PMK: mpsk_index_changes() */

	/* The writer's own. */
	size_t				users;		/* places of entries, with a lane or without */
	uint32_t			n_lanes;	/* ever taken */
	uint32_t			hole;		/* the first lane given back, or MPSK_LANE_NONE; leaf.h */
	size_t				n_holes;
	mpsk_twins_t			twins;
};

/* NULL where memory or randomness is out. */
mpsk_partition_t *mpsk_partition_create(mpsk_epoch_t *epoch, mpsk_leaf_pool_t *pool, mpsk_slab_t *slab,
					mpsk_ssid_t const *ssid);

/* Free it, where no reader is left; retire it, where one may be. */
void mpsk_partition_free(mpsk_partition_t *partition);
void mpsk_partition_retire(mpsk_partition_t *partition);

/* Make room for n more lanes. ERR where memory or randomness is out. */
mpsk_status_t mpsk_partition_reserve(mpsk_partition_t *partition, size_t n);

/* A lane of those reserved; and one that was taken but not set, back. */
uint32_t mpsk_partition_take(mpsk_partition_t *partition);
void mpsk_partition_give(mpsk_partition_t *partition, uint32_t lane);

/* Fill a lane that was taken, or change what it holds; needs one leaf of the pool. */
void mpsk_partition_set(mpsk_partition_t *partition, uint32_t lane, mpsk_ref_t entry, bool old, wpa_pmk_t const *pmk);

/* Empty a lane and give it back; needs one leaf of the pool. */
void mpsk_partition_clear(mpsk_partition_t *partition, uint32_t lane);

/* The writer: the PMK, a secret, and the entry of a lane that is set. */
void mpsk_partition_pmk(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t *pmk);
mpsk_ref_t mpsk_partition_entry(mpsk_partition_t *partition, uint32_t lane);

/* The writer: the other lanes with the PMK of this one, max at most; returns how many. */
size_t mpsk_partition_twins(mpsk_partition_t *partition, uint32_t lane, uint32_t *lanes, size_t max);

/* A reader: whether this lane is of this entry's key and made the handshake. */
bool mpsk_partition_try(mpsk_partition_t *partition, uint32_t lane, mpsk_ref_t entry, wpa_handshake_t const *hs,
			mpsk_index_hit_t *hit);

/* A reader: whether lanes share a PMK, so that a scan must go on after a hit. */
static inline bool mpsk_partition_shared(mpsk_partition_t *partition)
{
	return atomic_load_explicit(&partition->n_twins, memory_order_acquire) > 0;
}

/* What a scan is to look for, where, and with whom. */
typedef struct {
	wpa_handshake_t const	*hs;
	uint32_t const		*leaves;	/* numbers of those to look at; NULL: all */
	size_t			n_leaves;
	mpsk_team_t		*team;		/* helps where there is much to look at; or NULL */
} mpsk_partition_search_t;

/* A reader: mpsk_index_scan() over this partition. Adds the nanoseconds of CPU that it took. */
size_t mpsk_partition_scan(mpsk_partition_t *partition, mpsk_partition_search_t const *search, mpsk_index_hit_t *hits,
			   size_t max, uint64_t *spent_ns);

#endif
