/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all scans have in common: blocks are worked on in pairs, so that
 * kernels of all widths can have two streams.
 */
#ifndef MPSK_MATCH_PAIRS_LANES_H
#define MPSK_MATCH_PAIRS_LANES_H

#include "match/kernel.h"
#include "match/lanes.h"

#define CACHE_LINE	64
#define PAIR_LANES	(2 * MPSK_MATCH_LANES)

/* The candidates in a pair of blocks; work is the scan's own. */
typedef uint32_t pair_scan_t(void *work, mpsk_match_t const *match, mpsk_match_block_t const *const pair[static 2]);

/* Ask for what the scan will read of a block: blocks stand apart, so that no CPU guesses where the next one is. */
typedef void block_prefetch_t(mpsk_match_block_t const *block);

static inline void memory_prefetch(void const *p, size_t len)
{
	for (size_t at = 0; at < len; at += CACHE_LINE) __builtin_prefetch((char const *) p + at);
}

static inline size_t pairs_scan(pair_scan_t *pair_scan, block_prefetch_t *prefetch, void *work,
				mpsk_match_t const *match, mpsk_match_block_t const *const *blocks, size_t n,
				uint32_t *candidates)
{
	uint32_t found = 0;
	size_t done = 0;

	while (done < n && !found) {
		/* One that is left over goes with itself. */
		mpsk_match_block_t const *const pair[] = { blocks[done], blocks[done + 1 < n ? done + 1 : done] };

		for (size_t i = done + 2; i < done + 4 && i < n; i++) prefetch(blocks[i]);
		found = pair_scan(work, match, pair);
		candidates[done++] = found & ((1u << MPSK_MATCH_LANES) - 1);
		if (done < n) candidates[done++] = found >> MPSK_MATCH_LANES;
	}
	return done;
}

#endif
