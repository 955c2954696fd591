/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scan for AKMs whose KCK and MIC are HMAC-SHA1: nine compressions for
 * each candidate. Compiled once for each width of vectors, MPSK_LANES.
 */
#include "base/secret.h"
#include "match/kernel.h"
#include "match/sha1_lanes.h"

#define CACHE_LINE 64
#define KCK_WORDS 4

/* What stands in memory while a pair of blocks is worked on: secrets, wiped at the end of the scan. */
typedef struct {
	state_t		inner, outer;
	schedule_t	schedule;
} work_t;

/* A block that all candidates share. */
#define WORD_SHARED(_s, _t) wk[_t]
static void compress_shared(state_t *to, state_t const *from, uint32_t const wk[static MPSK_SHA1_ROUNDS])
{
	COMPRESS(to, from, LOOP_20, WORD_SHARED);
}

/* The first block of an HMAC whose key is a KCK: behind its words the schedule has only the padding. */
static uint32_t const start_words[] = MPSK_SHA1_START;
#define START_OF(_i) lanes_of(start_words[_i])
#define START_STREAM { START_OF(0), START_OF(1), START_OF(2), START_OF(3), START_OF(4) }

#define WORD_IPAD(_s, _t) \
	((_t) >= KCK_WORDS && (_t) < 16 ? lanes_of(MPSK_SHA1_IPAD + constants[0]) : WORD_FROM(_s, _t, 16))
static void compress_ipad(state_t *to, schedule_t *schedule)
{
	state_t const start = { { START_STREAM, START_STREAM } };

	COMPRESS(to, &start, ROUNDS_20, WORD_IPAD);
}

/* The schedule of opad is that of ipad XOR one that all share. */
#if MPSK_LANES > 4
#define OPAD_ROUNDS ROUNDS_20
#define WORD_OPAD(_s, _t) \
	((_t) >= KCK_WORDS && (_t) < 16 ? lanes_of(MPSK_SHA1_OPAD + constants[0]) : \
	 (schedule->w[_s][_t] ^ shared[_t]) + constants[(_t) / 20])
#else
/* The code of SSE2 is long: with more of it the CPU would have to decode it again for each block. */
#define OPAD_ROUNDS LOOP_20
#define WORD_OPAD(_s, _t) ((schedule->w[_s][_t] ^ shared[_t]) + constants[(_t) / 20])
#endif
static void compress_opad(state_t *to, schedule_t const *schedule, uint32_t const shared[static MPSK_SHA1_ROUNDS])
{
	state_t const start = { { START_STREAM, START_STREAM } };

	COMPRESS(to, &start, OPAD_ROUNDS, WORD_OPAD);
}

/* The lanes of a pair of blocks, from this one on, into both streams. */
static void states_load(work_t *work, mpsk_match_block_t const *const pair[static 2], unsigned lane)
{
	for (unsigned s = 0; s < STREAMS; s++, lane += MPSK_LANES) {
		mpsk_match_block_t const *block = pair[lane / MPSK_MATCH_LANES];
		unsigned at = lane % MPSK_MATCH_LANES;

		for (unsigned i = 0; i < MPSK_SHA1_WORDS; i++) {
			memcpy(&work->inner.h[s][i], &block->sha1[i][at], sizeof(lanes_t));
			memcpy(&work->outer.h[s][i], &block->sha1[MPSK_SHA1_WORDS + i][at], sizeof(lanes_t));
		}
	}
}

/* The first 16 octets of a digest are the KCK: the states of HMAC after it. */
static void kck_begin(work_t *work)
{
	for (unsigned s = 0; s < STREAMS; s++) {
		lanes_t *w = work->schedule.w[s];

		for (unsigned t = 0; t < 4; t++) w[t] = work->outer.h[s][t] ^ MPSK_SHA1_IPAD;
		for (unsigned t = 4; t < 16; t++) w[t] = lanes_of(MPSK_SHA1_IPAD);
	}
}

/* The lanes of both streams whose digest begins with this word. */
static uint32_t digests_with(state_t const *digest, uint32_t word)
{
	uint32_t found = 0;

	for (unsigned s = 0; s < STREAMS; s++) found |= lanes_with(digest->h[s][0], word) << s * MPSK_LANES;
	return found;
}

static uint32_t lanes_scan(work_t *work, mpsk_match_sha1_t const *sha1)
{
	for (unsigned i = 0; i < MPSK_MATCH_PRF_BLOCKS; i++) compress_shared(&work->inner, &work->inner, sha1->prf[i]);
	compress_outer(&work->outer, &work->outer, &work->inner, &work->schedule);
	kck_begin(work);
	compress_ipad(&work->inner, &work->schedule);
	compress_opad(&work->outer, &work->schedule, sha1->opad);
	for (size_t i = 0; i < sha1->n_frame; i++) compress_shared(&work->inner, &work->inner, sha1->frame[i]);
	compress_outer(&work->outer, &work->outer, &work->inner, &work->schedule);
	return digests_with(&work->outer, sha1->mic);
}

/* Blocks stand apart, so that no CPU guesses where the next one is. */
static void block_prefetch(mpsk_match_block_t const *block)
{
	for (size_t at = 0; at < sizeof(block->sha1); at += CACHE_LINE) __builtin_prefetch((char const *) block->sha1 + at);
}

size_t LANES_NAME(mpsk_scan_lanes)(mpsk_match_sha1_t const *sha1, mpsk_match_block_t const *const *blocks, size_t n,
				   uint32_t *candidates)
{
	uint32_t found = 0;
	size_t done = 0;
	work_t work;

	while (done < n && !found) {
		/* One that is left over goes with itself. */
		mpsk_match_block_t const *const pair[] = { blocks[done], blocks[done + 1 < n ? done + 1 : done] };

		for (size_t i = done + 2; i < done + 4 && i < n; i++) block_prefetch(blocks[i]);
		for (unsigned lane = 0; lane < 2 * MPSK_MATCH_LANES; lane += STREAMS * MPSK_LANES) {
			states_load(&work, pair, lane);
			found |= lanes_scan(&work, sha1) << lane;
		}
		candidates[done++] = found & ((1u << MPSK_MATCH_LANES) - 1);
		if (done < n) candidates[done++] = found >> MPSK_MATCH_LANES;
	}
	mpsk_secret_wipe(&work, sizeof(work));
	return done;
}
