/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The KCK of AKMs whose PRF is HMAC-SHA1, for both streams of lanes.
 */
#ifndef MPSK_MATCH_SHA1_KCK_LANES_H
#define MPSK_MATCH_SHA1_KCK_LANES_H

#include "match/pairs_lanes.h"
#include "match/sha1_lanes.h"

/* What stands in memory while a pair of blocks is worked on: secrets, wiped at the end of the scan. */
typedef struct {
	state_t		inner, outer;
	schedule_t	schedule;
} sha1_work_t;

static void sha1_prefetch(mpsk_match_block_t const *block)
{
	memory_prefetch(block->sha1, sizeof(block->sha1));
}

/* The lanes of a pair of blocks, from this one on, into both streams. */
static inline void states_load(sha1_work_t *work, mpsk_match_block_t const *const pair[static 2], unsigned lane)
{
	for (unsigned s = 0; s < STREAMS; s++, lane += MPSK_LANES) {
		mpsk_match_block_t const *block = pair[lane / MPSK_MATCH_LANES];
		unsigned at = lane % MPSK_MATCH_LANES;

		for (unsigned i = 0; i < MPSK_SHA1_WORDS; i++) {
			work->inner.h[s][i] = lanes_load(&block->sha1[i][at]);
			work->outer.h[s][i] = lanes_load(&block->sha1[MPSK_SHA1_WORDS + i][at]);
		}
	}
}

/* A block that all candidates share. */
#define WORD_SHARED(_s, _t) wk[_t]
static void compress_shared(state_t *to, state_t const *from, uint32_t const wk[static MPSK_SHA1_ROUNDS])
{
	COMPRESS(to, from, LOOP_20, WORD_SHARED);
}

/* The KCK is the first 16 octets of the digest: words 0 to 3 of work->outer. */
static inline void sha1_kck(sha1_work_t *work, mpsk_match_block_t const *const pair[static 2], unsigned lane,
			    mpsk_match_prf_t const prf)
{
	states_load(work, pair, lane);
	for (unsigned i = 0; i < MPSK_MATCH_PRF_BLOCKS; i++) compress_shared(&work->inner, &work->inner, prf[i]);
	compress_outer(&work->outer, &work->outer, &work->inner, &work->schedule);
}

#endif
