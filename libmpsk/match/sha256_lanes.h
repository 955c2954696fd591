/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 in lanes, and the states of HMAC-SHA256 that blocks keep: two
 * streams of vectors side by side, as in sha1_lanes.h. Names of variables end
 * in their stream: a0, a1.
 */
#ifndef MPSK_MATCH_SHA256_LANES_H
#define MPSK_MATCH_SHA256_LANES_H

#include "match/pairs_lanes.h"
#include "match/sha256.h"

#define STREAMS 2

typedef struct {
	lanes_t h[STREAMS][MPSK_SHA256_WORDS];
} state_t;

/* The last words of a schedule: each makes room for the one sixteen behind it. */
typedef struct {
	lanes_t w[STREAMS][MPSK_BLOCK_WORDS];
} schedule_t;

#define SIGMA_A(_x) PARITY(ROR(_x, 2), ROR(_x, 13), ROR(_x, 22))
#define SIGMA_E(_x) PARITY(ROR(_x, 6), ROR(_x, 11), ROR(_x, 25))
#define SIGMA_15(_x) PARITY(ROR(_x, 7), ROR(_x, 18), (_x) >> 3)
#define SIGMA_2(_x) PARITY(ROR(_x, 17), ROR(_x, 19), (_x) >> 10)

/*
 * Where there is no ternary logic, the majority of a, b and c is
 * b ^ ((a ^ b) & (b ^ c)), and a ^ b is the next round's b ^ c: _last.
 */
#if MPSK_LANES == 16
#define MAJORITY_ADD(_h, _a, _b, _c, _last) \
	(void) _last; \
	_h += MAJORITY(_a, _b, _c);
#else
#define MAJORITY_ADD(_h, _a, _b, _c, _last) \
	{ \
		lanes_t next = _a ^ _b; \
		_h += _b ^ (next & _last); \
		_last = next; \
	}
#endif

/* One round of a stream: x is the word of the schedule with the constant. Instead of moving eight words, names move. */
#define ROUND(_a, _b, _c, _d, _e, _f, _g, _h, _last, _x) \
	_h += (_x); \
	_h += CHOOSE(_e, _f, _g); \
	_h += SIGMA_E(_e); \
	_d += _h; \
	MAJORITY_ADD(_h, _a, _b, _c, _last) \
	_h += SIGMA_A(_a);

#define ROUND_BOTH(_a, _b, _c, _d, _e, _f, _g, _h, _word, _t) \
	ROUND(_a##0, _b##0, _c##0, _d##0, _e##0, _f##0, _g##0, _h##0, last0, _word(0, _t)) \
	ROUND(_a##1, _b##1, _c##1, _d##1, _e##1, _f##1, _g##1, _h##1, last1, _word(1, _t))

#define ROUNDS_8(_word, _t) \
	ROUND_BOTH(a, b, c, d, e, f, g, h, _word, (_t)) \
	ROUND_BOTH(h, a, b, c, d, e, f, g, _word, (_t) + 1) \
	ROUND_BOTH(g, h, a, b, c, d, e, f, _word, (_t) + 2) \
	ROUND_BOTH(f, g, h, a, b, c, d, e, _word, (_t) + 3) \
	ROUND_BOTH(e, f, g, h, a, b, c, d, _word, (_t) + 4) \
	ROUND_BOTH(d, e, f, g, h, a, b, c, _word, (_t) + 5) \
	ROUND_BOTH(c, d, e, f, g, h, a, b, _word, (_t) + 6) \
	ROUND_BOTH(b, c, d, e, f, g, h, a, _word, (_t) + 7)

#define BEGIN(_from, _s) \
	lanes_t a##_s = (_from)->h[_s][0], b##_s = (_from)->h[_s][1], c##_s = (_from)->h[_s][2]; \
	lanes_t d##_s = (_from)->h[_s][3], e##_s = (_from)->h[_s][4], f##_s = (_from)->h[_s][5]; \
	lanes_t g##_s = (_from)->h[_s][6], h##_s = (_from)->h[_s][7], last##_s = b##_s ^ c##_s;

#define END(_to, _from, _s) \
	(_to)->h[_s][0] = (_from)->h[_s][0] + a##_s; \
	(_to)->h[_s][1] = (_from)->h[_s][1] + b##_s; \
	(_to)->h[_s][2] = (_from)->h[_s][2] + c##_s; \
	(_to)->h[_s][3] = (_from)->h[_s][3] + d##_s; \
	(_to)->h[_s][4] = (_from)->h[_s][4] + e##_s; \
	(_to)->h[_s][5] = (_from)->h[_s][5] + f##_s; \
	(_to)->h[_s][6] = (_from)->h[_s][6] + g##_s; \
	(_to)->h[_s][7] = (_from)->h[_s][7] + h##_s;

static uint32_t const constants[] = MPSK_SHA256_K;

/* A block that all candidates share. */
#define WORD_SHARED(_s, _t) wk[_t]
static void compress_shared(state_t *to, state_t const *from, uint32_t const wk[static MPSK_SHA256_ROUNDS])
{
	BEGIN(from, 0)
	BEGIN(from, 1)
	for (unsigned t = 0; t < MPSK_SHA256_ROUNDS; t += 8) { ROUNDS_8(WORD_SHARED, t) }
	END(to, from, 0)
	END(to, from, 1)
}

/* A block whose schedule is each lane's own. */
#define W(_s, _t) schedule->w[_s][(_t) % MPSK_BLOCK_WORDS]
#define WORD_FIRST(_s, _t) (W(_s, _t) + constants[_t])
#define WORD_NEXT(_s, _t) \
	((W(_s, _t) += SIGMA_15(W(_s, (_t) + 1)) + W(_s, (_t) + 9) + SIGMA_2(W(_s, (_t) + 14))) + \
	 constants[done + (_t)])
static void compress_own(state_t *to, state_t const *from, schedule_t *schedule)
{
	BEGIN(from, 0)
	BEGIN(from, 1)
	ROUNDS_8(WORD_FIRST, 0)
	ROUNDS_8(WORD_FIRST, 8)
	for (unsigned done = MPSK_BLOCK_WORDS; done < MPSK_SHA256_ROUNDS; done += MPSK_BLOCK_WORDS) {
		ROUNDS_8(WORD_NEXT, 0)
		ROUNDS_8(WORD_NEXT, 8)
	}
	END(to, from, 0)
	END(to, from, 1)
}

static inline void start_set(state_t *state)
{
	static uint32_t const words[] = MPSK_SHA256_START;

	for (unsigned s = 0; s < STREAMS; s++) {
		for (unsigned i = 0; i < MPSK_SHA256_WORDS; i++) state->h[s][i] = lanes_of(words[i]);
	}
}

/* The outer block of an HMAC: the inner digest and the padding of 64 + 32 octets. */
static inline void compress_outer(state_t *to, state_t const *from, state_t const *digest, schedule_t *schedule)
{
	for (unsigned s = 0; s < STREAMS; s++) {
		lanes_t *w = schedule->w[s];

		for (unsigned t = 0; t < MPSK_SHA256_WORDS; t++) {
			w[t] = digest->h[s][t];
			w[MPSK_SHA256_WORDS + t] = lanes_of(0);
		}
		w[MPSK_SHA256_WORDS] = lanes_of(0x80000000);
		w[MPSK_BLOCK_WORDS - 1] = lanes_of(8 * (MPSK_BLOCK_LEN + MPSK_SHA256_LEN));
	}
	compress_own(to, from, schedule);
}

/* What stands in memory while a pair of blocks is worked on: secrets, wiped at the end of the scan. */
typedef struct {
	state_t			inner, outer;
	schedule_t		schedule;
	mpsk_match_sha256_t	made[2];	/* of the pair, where its blocks have no states yet */
} sha256_work_t;

static void sha256_prefetch(mpsk_match_block_t const *block)
{
	mpsk_match_sha256_t const *states = mpsk_match_block_sha256(block);

	if (states) memory_prefetch(states, sizeof(*states));
	else memory_prefetch(block->pmk, sizeof(block->pmk));
}

/* The states after ipad as one stream, those after opad as the other. */
static void states_make(sha256_work_t *work, mpsk_match_sha256_t *states, mpsk_match_block_t const *block)
{
	static uint32_t const pads[STREAMS] = { MPSK_IPAD, MPSK_OPAD };

	for (unsigned lane = 0; lane < MPSK_MATCH_LANES; lane += MPSK_LANES) {
		for (unsigned s = 0; s < STREAMS; s++) {
			lanes_t *w = work->schedule.w[s];

			for (unsigned t = 0; t < MPSK_BLOCK_WORDS; t++) w[t] = lanes_of(pads[s]);
			for (unsigned t = 0; t < MPSK_MATCH_PMK_WORDS; t++) w[t] ^= lanes_load(&block->pmk[t][lane]);
		}
		start_set(&work->inner);
		compress_own(&work->inner, &work->inner, &work->schedule);
		for (unsigned i = 0; i < MPSK_SHA256_KEY_WORDS; i++) {
			lanes_store(&states->words[i][lane],
				    work->inner.h[i / MPSK_SHA256_WORDS][i % MPSK_SHA256_WORDS]);
		}
	}
}

/* The states of a pair's blocks, which are kept from now on. */
static inline void pair_states(sha256_work_t *work, mpsk_match_sha256_t const *states[static 2],
			       mpsk_match_block_t const *const pair[static 2])
{
	for (unsigned i = 0; i < 2; i++) {
		states[i] = mpsk_match_block_sha256(pair[i]);
		if (states[i]) continue;
		states_make(work, &work->made[i], pair[i]);
		states[i] = mpsk_match_block_sha256_keep(pair[i], &work->made[i]);
	}
}

/* The lanes of a pair of blocks, from this one on, into both streams. */
static inline void states_load(sha256_work_t *work, mpsk_match_sha256_t const *const states[static 2], unsigned lane)
{
	for (unsigned s = 0; s < STREAMS; s++, lane += MPSK_LANES) {
		mpsk_match_sha256_t const *from = states[lane / MPSK_MATCH_LANES];
		unsigned at = lane % MPSK_MATCH_LANES;

		for (unsigned i = 0; i < MPSK_SHA256_WORDS; i++) {
			work->inner.h[s][i] = lanes_load(&from->words[i][at]);
			work->outer.h[s][i] = lanes_load(&from->words[MPSK_SHA256_WORDS + i][at]);
		}
	}
}

#endif
