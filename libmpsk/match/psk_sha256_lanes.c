/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scan for PSK-SHA256: the KCK by HMAC-SHA256, three compressions for
 * each candidate, and the MIC by AES, which has instructions of its own
 * (cmac_aes.c). Compiled once for each width of vectors, MPSK_LANES.
 */
#include "base/secret.h"
#include "match/sha256_lanes.h"

typedef struct {
	sha256_work_t		sha256;
	state_t			first;		/* the inner state before the block that has the PTK's length */
	state_t			digest;
	uint32_t		kck[WPA_PTK_MAX][MPSK_MATCH_KCK_WORDS][PAIR_LANES];
	mpsk_match_cmac_work_t	cmac;
} work_t;

static void kck_make(work_t *work, mpsk_match_psk_sha256_t const *shared, size_t n_ptk, unsigned lane)
{
	sha256_work_t *sha256 = &work->sha256;

	compress_shared(&sha256->inner, &work->first, shared->second[n_ptk]);
	compress_outer(&work->digest, &sha256->outer, &sha256->inner, &sha256->schedule);
	for (unsigned s = 0; s < STREAMS; s++, lane += MPSK_LANES) {
		for (unsigned i = 0; i < MPSK_MATCH_KCK_WORDS; i++) {
			lanes_store(&work->kck[n_ptk][i][lane], work->digest.h[s][i]);
		}
	}
}

static uint32_t pair_scan(void *uctx, mpsk_match_t const *match, mpsk_match_block_t const *const pair[static 2])
{
	mpsk_match_psk_sha256_t const *shared = &match->psk_sha256;
	mpsk_match_sha256_t const *states[2];
	work_t *work = uctx;
	uint32_t found = 0;

	pair_states(&work->sha256, states, pair);
	for (unsigned lane = 0; lane < PAIR_LANES; lane += STREAMS * MPSK_LANES) {
		states_load(&work->sha256, states, lane);
		compress_shared(&work->first, &work->sha256.inner, shared->first);
		for (size_t i = 0; i < shared->n_ptk; i++) kck_make(work, shared, i, lane);
	}
	for (size_t i = 0; i < shared->n_ptk; i++) {
		found |= shared->cmac_kernel(&shared->cmac, work->kck[i], &work->cmac);
	}
	return found;
}

size_t LANES_NAME(mpsk_psk_sha256)(mpsk_match_t const *match, mpsk_match_block_t const *const *blocks, size_t n,
				   uint32_t *candidates)
{
	work_t work;
	size_t done = pairs_scan(pair_scan, sha256_prefetch, &work, match, blocks, n, candidates);

	mpsk_secret_wipe(&work, sizeof(work));
	return done;
}
