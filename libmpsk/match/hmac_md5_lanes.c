/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scan for AKMs with TKIP, whose KCK is HMAC-SHA1 and whose MIC is
 * HMAC-MD5. Compiled once for each width of vectors, MPSK_LANES.
 */
#include "base/secret.h"
#include "match/md5.h"
#include "match/sha1_kck_lanes.h"

#if MPSK_LANES == 16
#define MD5_I(_b, _c, _d) TERNARY(_b, _c, _d, 0x39)
#else
#define MD5_I(_b, _c, _d) ((_c) ^ ((_b) | ~(_d)))
#endif
#define MD5_F(_b, _c, _d) CHOOSE(_b, _c, _d)
#define MD5_G(_b, _c, _d) CHOOSE(_d, _b, _c)
#define MD5_H(_b, _c, _d) PARITY(_b, _c, _d)

#define MD5_ROUND(_f, _a, _b, _c, _d, _x, _n) \
	_a += (_x); \
	_a += _f(_b, _c, _d); \
	_a = _b + ROL(_a, _n);

#define MD5_BOTH(_f, _a, _b, _c, _d, _word, _t, _n) \
	MD5_ROUND(_f, _a##0, _b##0, _c##0, _d##0, _word(0, _t), _n) \
	MD5_ROUND(_f, _a##1, _b##1, _c##1, _d##1, _word(1, _t), _n)

#define MD5_ROUNDS_16(_f, _word, _from, _n0, _n1, _n2, _n3) \
	for (unsigned t = (_from); t < (_from) + 16; t += 4) { \
		MD5_BOTH(_f, a, b, c, d, _word, t, _n0) \
		MD5_BOTH(_f, d, a, b, c, _word, t + 1, _n1) \
		MD5_BOTH(_f, c, d, a, b, _word, t + 2, _n2) \
		MD5_BOTH(_f, b, c, d, a, _word, t + 3, _n3) \
	}

/* A compression of both streams; _word(stream, t) gives round t its word of the message with the constant. */
#define MD5_COMPRESS(_to, _from, _word) do { \
	lanes_t a0 = (_from)->h[0][0], a1 = (_from)->h[1][0]; \
	lanes_t b0 = (_from)->h[0][1], b1 = (_from)->h[1][1]; \
	lanes_t c0 = (_from)->h[0][2], c1 = (_from)->h[1][2]; \
	lanes_t d0 = (_from)->h[0][3], d1 = (_from)->h[1][3]; \
	MD5_ROUNDS_16(MD5_F, _word, 0, 7, 12, 17, 22) \
	MD5_ROUNDS_16(MD5_G, _word, 16, 5, 9, 14, 20) \
	MD5_ROUNDS_16(MD5_H, _word, 32, 4, 11, 16, 23) \
	MD5_ROUNDS_16(MD5_I, _word, 48, 6, 10, 15, 21) \
	(_to)->h[0][0] = (_from)->h[0][0] + a0; \
	(_to)->h[0][1] = (_from)->h[0][1] + b0; \
	(_to)->h[0][2] = (_from)->h[0][2] + c0; \
	(_to)->h[0][3] = (_from)->h[0][3] + d0; \
	(_to)->h[1][0] = (_from)->h[1][0] + a1; \
	(_to)->h[1][1] = (_from)->h[1][1] + b1; \
	(_to)->h[1][2] = (_from)->h[1][2] + c1; \
	(_to)->h[1][3] = (_from)->h[1][3] + d1; \
} while (0)

typedef struct {
	lanes_t h[STREAMS][MPSK_MD5_WORDS];
} md5_state_t;

typedef struct {
	lanes_t w[STREAMS][MPSK_BLOCK_WORDS];
} md5_message_t;

/* Secrets, wiped at the end of the scan. */
typedef struct {
	sha1_work_t	kck;
	md5_state_t	inner, outer;
	md5_message_t	message;
} work_t;

static uint32_t const md5_constants[] = MPSK_MD5_K;

#define MD5_SHARED(_s, _t) wk[_t]
static void md5_compress_shared(md5_state_t *state, uint32_t const wk[static MPSK_MD5_ROUNDS])
{
	MD5_COMPRESS(state, state, MD5_SHARED);
}

#define MD5_OWN(_s, _t) (message->w[_s][mpsk_md5_word(_t)] + md5_constants[_t])
static void md5_compress_own(md5_state_t *state, md5_message_t const *message)
{
	MD5_COMPRESS(state, state, MD5_OWN);
}

/* SHA-1's words have the first octet highest, MD5's lowest. */
static inline lanes_t octets_turn(lanes_t x)
{
	return (ROL(x, 8) & 0x00ff00ff) | (ROR(x, 8) & 0xff00ff00);
}

/* The state of HMAC after the KCK with one of the pads. */
static void kck_compress(work_t *work, md5_state_t *state, uint32_t pad)
{
	static uint32_t const start[] = MPSK_MD5_START;

	for (unsigned s = 0; s < STREAMS; s++) {
		lanes_t *w = work->message.w[s];

		for (unsigned t = 0; t < MPSK_BLOCK_WORDS; t++) w[t] = lanes_of(pad);
		for (unsigned t = 0; t < MPSK_MATCH_KCK_WORDS; t++) w[t] ^= octets_turn(work->kck.outer.h[s][t]);
		for (unsigned i = 0; i < MPSK_MD5_WORDS; i++) state->h[s][i] = lanes_of(start[i]);
	}
	md5_compress_own(state, &work->message);
}

/* The outer block of an HMAC: the inner digest and the padding of 64 + 16 octets. */
static void md5_compress_outer(work_t *work)
{
	for (unsigned s = 0; s < STREAMS; s++) {
		lanes_t *w = work->message.w[s];

		for (unsigned t = 0; t < MPSK_BLOCK_WORDS; t++) w[t] = lanes_of(0);
		for (unsigned t = 0; t < MPSK_MD5_WORDS; t++) w[t] = work->inner.h[s][t];
		w[MPSK_MD5_WORDS] = lanes_of(0x80);
		w[14] = lanes_of(8 * (MPSK_BLOCK_LEN + MPSK_MD5_LEN));
	}
	md5_compress_own(&work->outer, &work->message);
}

static uint32_t lanes_scan(work_t *work, mpsk_match_hmac_md5_t const *shared)
{
	uint32_t found = 0;

	kck_compress(work, &work->inner, MPSK_IPAD);
	kck_compress(work, &work->outer, MPSK_OPAD);
	for (size_t i = 0; i < shared->n_frame; i++) md5_compress_shared(&work->inner, shared->frame[i]);
	md5_compress_outer(work);
	for (unsigned s = 0; s < STREAMS; s++) found |= lanes_with(work->outer.h[s][0], shared->mic) << s * MPSK_LANES;
	return found;
}

static uint32_t pair_scan(void *uctx, mpsk_match_t const *match, mpsk_match_block_t const *const pair[static 2])
{
	mpsk_match_hmac_md5_t const *shared = &match->hmac_md5;
	work_t *work = uctx;
	uint32_t found = 0;

	for (unsigned lane = 0; lane < PAIR_LANES; lane += STREAMS * MPSK_LANES) {
		sha1_kck(&work->kck, pair, lane, shared->prf);
		found |= lanes_scan(work, shared) << lane;
	}
	return found;
}

size_t LANES_NAME(mpsk_hmac_md5)(mpsk_match_t const *match, mpsk_match_block_t const *const *blocks, size_t n,
				 uint32_t *candidates)
{
	work_t work;
	size_t done = pairs_scan(pair_scan, sha1_prefetch, &work, match, blocks, n, candidates);

	mpsk_secret_wipe(&work, sizeof(work));
	return done;
}
