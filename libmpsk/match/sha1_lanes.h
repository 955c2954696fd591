/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-1 in lanes: one candidate in each 32-bit lane of a vector, and two
 * streams of vectors side by side, for the chain of rotate and add of one
 * stream alone leaves the vector units idle half of the time. Names of
 * variables end in their stream: a0, a1.
 */
#ifndef MPSK_MATCH_SHA1_LANES_H
#define MPSK_MATCH_SHA1_LANES_H

#include "match/lanes.h"
#include "match/sha1.h"

#define STREAMS 2

typedef struct {
	lanes_t h[STREAMS][MPSK_SHA1_WORDS];
} state_t;

typedef struct {
	lanes_t w[STREAMS][MPSK_SHA1_ROUNDS];
} schedule_t;

/* One round of a stream: x is the word of the schedule with the constant. Instead of moving five words, names move. */
#define ROUND(_f, _a, _b, _c, _d, _e, _x) \
	_e += (_x); \
	{ \
		lanes_t old = _b; \
		_b = ROL(_b, 30); \
		_e += _f(old, _c, _d); \
	} \
	_e += ROL(_a, 5);

#define ROUND_BOTH(_f, _a, _b, _c, _d, _e, _word, _t) \
	ROUND(_f, _a##0, _b##0, _c##0, _d##0, _e##0, _word(0, _t)) \
	ROUND(_f, _a##1, _b##1, _c##1, _d##1, _e##1, _word(1, _t))

#define ROUNDS_5(_f, _word, _t) \
	ROUND_BOTH(_f, a, b, c, d, e, _word, (_t)) \
	ROUND_BOTH(_f, e, a, b, c, d, _word, (_t) + 1) \
	ROUND_BOTH(_f, d, e, a, b, c, _word, (_t) + 2) \
	ROUND_BOTH(_f, c, d, e, a, b, _word, (_t) + 3) \
	ROUND_BOTH(_f, b, c, d, e, a, _word, (_t) + 4)

#define ROUNDS_20(_f, _word, _t) \
	ROUNDS_5(_f, _word, (_t)) \
	ROUNDS_5(_f, _word, (_t) + 5) \
	ROUNDS_5(_f, _word, (_t) + 10) \
	ROUNDS_5(_f, _word, (_t) + 15)

/* The same with less code, where no word of the schedule is made on the way. */
#define LOOP_20(_f, _word, _t) \
	for (unsigned t = (_t); t < (_t) + 20; t += 5) { ROUNDS_5(_f, _word, t) }

/* A compression of both streams; _word(stream, t) gives a word of the schedule with the constant. */
#define COMPRESS(_to, _from, _rounds, _word) do { \
	lanes_t a0 = (_from)->h[0][0], a1 = (_from)->h[1][0]; \
	lanes_t b0 = (_from)->h[0][1], b1 = (_from)->h[1][1]; \
	lanes_t c0 = (_from)->h[0][2], c1 = (_from)->h[1][2]; \
	lanes_t d0 = (_from)->h[0][3], d1 = (_from)->h[1][3]; \
	lanes_t e0 = (_from)->h[0][4], e1 = (_from)->h[1][4]; \
	_rounds(CHOOSE, _word, 0) \
	_rounds(PARITY, _word, 20) \
	_rounds(MAJORITY, _word, 40) \
	_rounds(PARITY, _word, 60) \
	(_to)->h[0][0] = (_from)->h[0][0] + a0; \
	(_to)->h[0][1] = (_from)->h[0][1] + b0; \
	(_to)->h[0][2] = (_from)->h[0][2] + c0; \
	(_to)->h[0][3] = (_from)->h[0][3] + d0; \
	(_to)->h[0][4] = (_from)->h[0][4] + e0; \
	(_to)->h[1][0] = (_from)->h[1][0] + a1; \
	(_to)->h[1][1] = (_from)->h[1][1] + b1; \
	(_to)->h[1][2] = (_from)->h[1][2] + c1; \
	(_to)->h[1][3] = (_from)->h[1][3] + d1; \
	(_to)->h[1][4] = (_from)->h[1][4] + e1; \
} while (0)

static uint32_t const constants[] = MPSK_SHA1_K;

/* The next word of a lane's own schedule; the one that it waits for longest comes last. */
#define NEXT(_w, _t) ROL(PARITY((_w)[(_t) - 16], (_w)[(_t) - 14], (_w)[(_t) - 8]) ^ (_w)[(_t) - 3], 1)

/* A word of each lane's own schedule, with the constant; from _from on made here, where rounds hide what it takes. */
#define WORD_FROM(_s, _t, _from) \
	(((_t) < (_from) ? schedule->w[_s][_t] : (schedule->w[_s][_t] = NEXT(schedule->w[_s], _t))) + \
	 constants[(_t) / 20])

/*
 * The outer block of an HMAC: words 0 to 4 are the inner digest, all others
 * the padding of 64 + 20 octets, which is left out where it is 0.
 */
#define PADDING_5 0x80000000u
#define PADDING_15 (8u * (MPSK_BLOCK_LEN + MPSK_SHA1_LEN))

static inline void outer_expand_first(lanes_t w[static MPSK_SHA1_ROUNDS], lanes_t const digest[static MPSK_SHA1_WORDS])
{
	for (unsigned t = 0; t < MPSK_SHA1_WORDS; t++) w[t] = digest[t];
	w[16] = ROL(w[2] ^ w[0], 1);
	w[17] = ROL(w[3] ^ w[1], 1);
	w[18] = ROL(w[4] ^ w[2] ^ PADDING_15, 1);
	w[19] = ROL(w[16] ^ w[3] ^ PADDING_5, 1);
	w[20] = ROL(w[17] ^ w[4], 1);
	w[21] = ROL(w[18] ^ PADDING_5, 1);
	w[22] = ROL(w[19], 1);
	w[23] = ROL(w[20] ^ PADDING_15, 1);
	w[24] = ROL(w[21] ^ w[16], 1);
	w[25] = ROL(w[22] ^ w[17], 1);
	w[26] = ROL(w[23] ^ w[18], 1);
	w[27] = ROL(w[24] ^ w[19], 1);
	w[28] = ROL(w[25] ^ w[20], 1);
	w[29] = ROL(w[26] ^ w[21] ^ PADDING_15, 1);
	w[30] = ROL(PARITY(w[27], w[22], w[16]), 1);
	w[31] = ROL(PARITY(w[28], w[23], w[17]) ^ PADDING_15, 1);
}

#define PADDING(_t) ((_t) == 5 ? PADDING_5 : (_t) == 15 ? PADDING_15 : 0)
#define WORD_OUTER(_s, _t) \
	((_t) >= 5 && (_t) <= 15 ? lanes_of(PADDING(_t) + constants[(_t) / 20]) : WORD_FROM(_s, _t, 32))
static void compress_outer(state_t *to, state_t const *from, state_t const *digest, schedule_t *schedule)
{
	for (unsigned s = 0; s < STREAMS; s++) outer_expand_first(schedule->w[s], digest->h[s]);
	COMPRESS(to, from, ROUNDS_20, WORD_OUTER);
}

#endif
