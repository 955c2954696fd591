/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scan for FT-PSK: PMKR1Name, which the station sends, alone tells the
 * PMK. Four or five compressions of SHA-256 for each candidate. Compiled once
 * for each width of vectors, MPSK_LANES.
 */
#include "base/secret.h"
#include "match/sha256_lanes.h"

#define NAME_WORDS 4	/* of a salt too: the first 128 bits of a digest */

/* The hash of a block whose octets 6 to 21 are the first ones of a digest; it replaces it. */
static void name_hash(sha256_work_t *work, state_t *digest, uint32_t const words[static MPSK_BLOCK_WORDS])
{
	_Static_assert(MPSK_MATCH_FT_LABEL_LEN == 6, "the words are shifted by 16 bits");
	for (unsigned s = 0; s < STREAMS; s++) {
		lanes_t *w = work->schedule.w[s];

		for (unsigned t = 0; t < MPSK_BLOCK_WORDS; t++) w[t] = lanes_of(words[t]);
		for (unsigned t = 0; t < NAME_WORDS; t++) {
			w[1 + t] |= digest->h[s][t] >> 16;
			w[2 + t] |= digest->h[s][t] << 16;
		}
	}
	start_set(digest);
	compress_own(digest, digest, &work->schedule);
}

static uint32_t pair_scan(void *uctx, mpsk_match_t const *match, mpsk_match_block_t const *const pair[static 2])
{
	mpsk_match_ft_t const *shared = &match->ft;
	mpsk_match_sha256_t const *states[2];
	sha256_work_t *work = uctx;
	uint32_t found = 0;

	pair_states(work, states, pair);
	for (unsigned lane = 0; lane < PAIR_LANES; lane += STREAMS * MPSK_LANES) {
		states_load(work, states, lane);
		for (size_t i = 0; i < shared->n_salt; i++) {
			compress_shared(&work->inner, &work->inner, shared->salt[i]);
		}
		compress_outer(&work->outer, &work->outer, &work->inner, &work->schedule);
		name_hash(work, &work->outer, shared->r0_name);
		name_hash(work, &work->outer, shared->r1_name);
		for (unsigned s = 0; s < STREAMS; s++) {
			found |= lanes_with(work->outer.h[s][0], shared->name) << (lane + s * MPSK_LANES);
		}
	}
	return found;
}

size_t LANES_NAME(mpsk_ft)(mpsk_match_t const *match, mpsk_match_block_t const *const *blocks, size_t n,
			   uint32_t *candidates)
{
	sha256_work_t work;
	size_t done = pairs_scan(pair_scan, sha256_prefetch, &work, match, blocks, n, candidates);

	mpsk_secret_wipe(&work, sizeof(work));
	return done;
}
