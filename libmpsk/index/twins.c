/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/twins.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "index/leaf.h"
#include "match/words.h"

#define FIRST_HEADS	64
#define CHAIN_AVERAGE	2	/* lanes, before there are more heads */

static uint32_t *head_of(mpsk_twins_t const *twins, wpa_pmk_t const *pmk)
{
	return &twins->heads[mpsk_siphash(&twins->seed, pmk, sizeof(*pmk)) & (twins->n - 1)];
}

/* Where the lane after this one stands. */
static uint32_t *next_of(mpsk_partition_t *partition, uint32_t lane)
{
	return &mpsk_leaf_of(partition, lane)->twin[lane % MPSK_MATCH_LANES];
}

static void link_first(mpsk_partition_t *partition, mpsk_twins_t const *twins, uint32_t lane, wpa_pmk_t const *pmk)
{
	uint32_t *head = head_of(twins, pmk);

	*next_of(partition, lane) = *head;
	*head = lane;
}

mpsk_status_t mpsk_twins_init(mpsk_twins_t *twins)
{
	twins->heads = NULL;
	twins->n = 0;
	return mpsk_siphash_key(&twins->seed);
}

void mpsk_twins_finish(mpsk_twins_t *twins)
{
	free(twins->heads);
	mpsk_secret_wipe(twins, sizeof(*twins));
}

mpsk_status_t mpsk_twins_reserve(mpsk_partition_t *partition, size_t n)
{
	mpsk_twins_t grown = partition->twins;
	wpa_pmk_t pmk;

	if (n <= CHAIN_AVERAGE * grown.n) return MPSK_OK;
	if (grown.n == 0) grown.n = FIRST_HEADS;
	while (n > CHAIN_AVERAGE * grown.n) grown.n *= 2;
	grown.heads = malloc(grown.n * sizeof(grown.heads[0]));
	if (!grown.heads) return MPSK_ERR;
	memset(grown.heads, 0xff, grown.n * sizeof(grown.heads[0]));	/* MPSK_LANE_NONE each */
	for (uint32_t lane = 0; lane < partition->n_lanes; lane++) {
		if (!mpsk_leaf_used(mpsk_leaf_of(partition, lane), lane % MPSK_MATCH_LANES)) continue;
		mpsk_partition_pmk(partition, lane, &pmk);
		link_first(partition, &grown, lane, &pmk);
	}
	mpsk_secret_wipe(&pmk, sizeof(pmk));
	free(partition->twins.heads);
	partition->twins = grown;
	return MPSK_OK;
}

void mpsk_twins_add(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t const *pmk)
{
	link_first(partition, &partition->twins, lane, pmk);
}

void mpsk_twins_remove(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t const *pmk)
{
	uint32_t *at = head_of(&partition->twins, pmk);

	while (*at != lane) at = next_of(partition, *at);
	*at = *next_of(partition, lane);
}

static bool holds(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t const *pmk)
{
	uint32_t first;
	wpa_pmk_t own;
	bool same;

	/* Most lanes of a chain differ in their first word; the others lie in seven more lines of the cache. */
	mpsk_words_read(&first, pmk->octets, 1);
	if (mpsk_leaf_of(partition, lane)->block.pmk[0][lane % MPSK_MATCH_LANES] != first) return false;
	mpsk_partition_pmk(partition, lane, &own);
	same = mpsk_secret_equal(&own, pmk, sizeof(own));
	mpsk_secret_wipe(&own, sizeof(own));
	return same;
}

static uint32_t first_with(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t const *pmk)
{
	while (lane != MPSK_LANE_NONE && !holds(partition, lane, pmk)) lane = *next_of(partition, lane);
	return lane;
}

uint32_t mpsk_twins_first(mpsk_partition_t *partition, wpa_pmk_t const *pmk)
{
	mpsk_twins_t const *twins = &partition->twins;

	return twins->n ? first_with(partition, *head_of(twins, pmk), pmk) : MPSK_LANE_NONE;
}

uint32_t mpsk_twins_next(mpsk_partition_t *partition, uint32_t lane, wpa_pmk_t const *pmk)
{
	return first_with(partition, *next_of(partition, lane), pmk);
}
