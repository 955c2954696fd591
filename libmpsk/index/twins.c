/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/twins.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_LANES	64
#define UNLINKED	(UINT32_MAX - 1)	/* in next: the lane is in no chain */

static uint32_t *head_of(mpsk_twins_t *twins, uint32_t hash)
{
	return &twins->heads[hash & (twins->n - 1)];
}

static void link_first(mpsk_twins_t *twins, uint32_t lane)
{
	uint32_t *head = head_of(twins, twins->lanes[lane].hash);

	twins->lanes[lane].next = *head;
	twins->lanes[lane].prev = MPSK_LANE_NONE;
	if (*head != MPSK_LANE_NONE) twins->lanes[*head].prev = lane;
	*head = lane;
}

mpsk_status_t mpsk_twins_reserve(mpsk_twins_t *twins, size_t n)
{
	mpsk_twins_t grown = { .n = twins->n ? twins->n : FIRST_LANES };

	if (n <= twins->n) return MPSK_OK;
	while (grown.n < n) grown.n *= 2;
	grown.heads = malloc(grown.n * sizeof(grown.heads[0]));
	grown.lanes = malloc(grown.n * sizeof(grown.lanes[0]));
	if (!grown.heads || !grown.lanes) {
		mpsk_twins_finish(&grown);
		return MPSK_ERR;
	}
	memset(grown.heads, 0xff, grown.n * sizeof(grown.heads[0]));
	for (size_t i = 0; i < grown.n; i++) grown.lanes[i].next = UNLINKED;
	for (uint32_t lane = 0; lane < twins->n; lane++) {
		if (twins->lanes[lane].next != UNLINKED) mpsk_twins_add(&grown, lane, twins->lanes[lane].hash);
	}
	mpsk_twins_finish(twins);
	*twins = grown;
	return MPSK_OK;
}

void mpsk_twins_finish(mpsk_twins_t *twins)
{
	free(twins->heads);
	free(twins->lanes);
	*twins = (mpsk_twins_t) { .n = 0 };
}

void mpsk_twins_add(mpsk_twins_t *twins, uint32_t lane, uint32_t hash)
{
	twins->lanes[lane].hash = hash;
	link_first(twins, lane);
}

void mpsk_twins_remove(mpsk_twins_t *twins, uint32_t lane)
{
	mpsk_twin_t *twin = &twins->lanes[lane];

	if (twin->prev == MPSK_LANE_NONE) {
		*head_of(twins, twin->hash) = twin->next;
	} else {
		twins->lanes[twin->prev].next = twin->next;
	}
	if (twin->next != MPSK_LANE_NONE) twins->lanes[twin->next].prev = twin->prev;
	twin->next = UNLINKED;
}

static uint32_t of_hash(mpsk_twins_t const *twins, uint32_t lane, uint32_t hash)
{
	while (lane != MPSK_LANE_NONE && twins->lanes[lane].hash != hash) lane = twins->lanes[lane].next;
	return lane;
}

uint32_t mpsk_twins_first(mpsk_twins_t const *twins, uint32_t hash)
{
	return twins->n ? of_hash(twins, twins->heads[hash & (twins->n - 1)], hash) : MPSK_LANE_NONE;
}

uint32_t mpsk_twins_next(mpsk_twins_t const *twins, uint32_t lane)
{
	return of_hash(twins, twins->lanes[lane].next, twins->lanes[lane].hash);
}
