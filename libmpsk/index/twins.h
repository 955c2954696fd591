/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which lanes of a partition may hold the same PMK: chains of lanes by a
 * hash of it. The writer's own; no reader sees it.
 */
#ifndef MPSK_INDEX_TWINS_H
#define MPSK_INDEX_TWINS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define MPSK_LANE_NONE UINT32_MAX

typedef struct {
	uint32_t	hash;
	uint32_t	next, prev;
} mpsk_twin_t;

typedef struct {
	uint32_t	*heads;
	mpsk_twin_t	*lanes;
	size_t		n;	/* of heads and of lanes: a power of two, or 0 */
} mpsk_twins_t;

/* Make room for lanes 0 to n - 1. ERR, and nothing changed, where memory is out. */
mpsk_status_t mpsk_twins_reserve(mpsk_twins_t *twins, size_t n);

void mpsk_twins_finish(mpsk_twins_t *twins);

void mpsk_twins_add(mpsk_twins_t *twins, uint32_t lane, uint32_t hash);
void mpsk_twins_remove(mpsk_twins_t *twins, uint32_t lane);

/* The first lane of a hash, and the next one after a lane with the same hash; MPSK_LANE_NONE at the end. */
uint32_t mpsk_twins_first(mpsk_twins_t const *twins, uint32_t hash);
uint32_t mpsk_twins_next(mpsk_twins_t const *twins, uint32_t lane);

#endif
