/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scan for AKMs whose KCK and MIC are HMAC-SHA1: nine compressions for
 * each candidate. Compiled once for each width of vectors, MPSK_LANES.
 */
#include "base/secret.h"
#include "match/sha1_kck_lanes.h"

/* The blocks of an HMAC whose key is a KCK: behind its words there is only padding. */
static uint32_t const start_words[] = MPSK_SHA1_START;
#define START_OF(_i) lanes_of(start_words[_i])
#define START_STREAM { START_OF(0), START_OF(1), START_OF(2), START_OF(3), START_OF(4) }
#define START { { START_STREAM, START_STREAM } }

#define IS_PADDING(_t) ((_t) >= MPSK_MATCH_KCK_WORDS && (_t) < MPSK_BLOCK_WORDS)

#define WORD_IPAD(_s, _t) (IS_PADDING(_t) ? lanes_of(MPSK_IPAD + constants[0]) : WORD_FROM(_s, _t, 16))
static void compress_ipad(state_t *to, schedule_t *schedule)
{
	state_t const start = START;

	COMPRESS(to, &start, ROUNDS_20, WORD_IPAD);
}

/* SHA-1's expansion is linear: the schedule of opad is that of ipad XOR one that all share. */
#define WORD_XOR(_s, _t) ((schedule->w[_s][_t] ^ shared[_t]) + constants[(_t) / 20])
#if MPSK_LANES > 4
#define OPAD_ROUNDS ROUNDS_20
#define WORD_OPAD(_s, _t) (IS_PADDING(_t) ? lanes_of(MPSK_OPAD + constants[0]) : WORD_XOR(_s, _t))
#else
/* The code of SSE2 is long: with more of it the CPU would have to decode it again for each pair. */
#define OPAD_ROUNDS LOOP_20
#define WORD_OPAD(_s, _t) WORD_XOR(_s, _t)
#endif
static void compress_opad(state_t *to, schedule_t const *schedule, uint32_t const shared[static MPSK_SHA1_ROUNDS])
{
	state_t const start = START;

	COMPRESS(to, &start, OPAD_ROUNDS, WORD_OPAD);
}

static void kck_begin(sha1_work_t *work)
{
	for (unsigned s = 0; s < STREAMS; s++) {
		lanes_t *w = work->schedule.w[s];

		for (unsigned t = 0; t < MPSK_BLOCK_WORDS; t++) {
			w[t] = lanes_of(MPSK_IPAD);
			if (t < MPSK_MATCH_KCK_WORDS) w[t] ^= work->outer.h[s][t];
		}
	}
}

static uint32_t lanes_scan(sha1_work_t *work, mpsk_match_hmac_sha1_t const *shared)
{
	uint32_t found = 0;

	kck_begin(work);
	compress_ipad(&work->inner, &work->schedule);
	compress_opad(&work->outer, &work->schedule, shared->opad);
	for (size_t i = 0; i < shared->n_frame; i++) compress_shared(&work->inner, &work->inner, shared->frame[i]);
	compress_outer(&work->outer, &work->outer, &work->inner, &work->schedule);
	for (unsigned s = 0; s < STREAMS; s++) found |= lanes_with(work->outer.h[s][0], shared->mic) << s * MPSK_LANES;
	return found;
}

static uint32_t pair_scan(void *work, mpsk_match_t const *match, mpsk_match_block_t const *const pair[static 2])
{
	mpsk_match_hmac_sha1_t const *shared = &match->hmac_sha1;
	uint32_t found = 0;

	for (unsigned lane = 0; lane < PAIR_LANES; lane += STREAMS * MPSK_LANES) {
		sha1_kck(work, pair, lane, shared->prf);
		found |= lanes_scan(work, shared) << lane;
	}
	return found;
}

size_t LANES_NAME(mpsk_hmac_sha1)(mpsk_match_t const *match, mpsk_match_block_t const *const *blocks, size_t n,
				  uint32_t *candidates)
{
	sha1_work_t work;
	size_t done = pairs_scan(pair_scan, sha1_prefetch, &work, match, blocks, n, candidates);

	mpsk_secret_wipe(&work, sizeof(work));
	return done;
}
