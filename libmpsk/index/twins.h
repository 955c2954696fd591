/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which lanes of a partition hold the same PMK: chains of the lanes in use,
 * by a hash of it. Of each lane only the next one is kept, in its leaf; what
 * else there is to know of it is in its block. The writer's own; no reader
 * sees it.
 */
#ifndef MPSK_INDEX_TWINS_H
#define MPSK_INDEX_TWINS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "index/siphash.h"
#include "wpa/pmk.h"

#define MPSK_LANE_NONE UINT32_MAX

typedef struct mpsk_partition mpsk_partition_t;

typedef struct {
	mpsk_siphash_key_t	seed;	/* 64 hex digits are somebody's choice */
	uint32_t		*heads;
	size_t			n;	/* a power of two, or 0 */
} mpsk_twins_t;

/* ERR where randomness is out. */
mpsk_status_t mpsk_twins_init(mpsk_twins_t *twins);
void mpsk_twins_finish(mpsk_twins_t *twins);

/* Make room for n lanes in chains. ERR, and nothing changed, where memory is out. */
mpsk_status_t mpsk_twins_reserve(mpsk_partition_t *partition, size_t n);

/* Put a lane that holds this PMK into its chain, or take it out before that is changed. */
void mpsk_twins_add(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t const *pmk);
void mpsk_twins_remove(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t const *pmk);

/* The first lane with a PMK, and the next one with it after a lane; MPSK_LANE_NONE at the end. */
uint32_t mpsk_twins_first(mpsk_partition_t *partition, wpa_pmk_t const *pmk);
uint32_t mpsk_twins_next(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t const *pmk);

#endif
