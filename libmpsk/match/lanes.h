/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vectors of 32-bit lanes, one candidate in each: what the sources that are
 * compiled once for each width, MPSK_LANES, have in common. Only these
 * include this and the other headers named *_lanes.h.
 */
#ifndef MPSK_MATCH_LANES_H
#define MPSK_MATCH_LANES_H

#include <stdint.h>
#include <string.h>

#ifndef MPSK_LANES
#define MPSK_LANES 4
#endif
#define LANES_PASTE(_name, _lanes) _name##_lanes_##_lanes
#define LANES_EXPAND(_name, _lanes) LANES_PASTE(_name, _lanes)
#define LANES_NAME(_name) LANES_EXPAND(_name, MPSK_LANES)

typedef uint32_t lanes_t __attribute__((vector_size(4 * MPSK_LANES)));

#define ROL(_x, _n) ((_x) << (_n) | (_x) >> (32 - (_n)))
#define ROR(_x, _n) ROL(_x, 32 - (_n))

#if MPSK_LANES > 4
#include <immintrin.h>
#endif
#if MPSK_LANES == 16
/* Any function of three bits is one instruction of AVX-512, which compilers do not find on their own. */
#define TERNARY(_b, _c, _d, _table) \
	((lanes_t) _mm512_ternarylogic_epi32((__m512i) (_b), (__m512i) (_c), (__m512i) (_d), _table))
#define CHOOSE(_b, _c, _d) TERNARY(_b, _c, _d, 0xca)
#define PARITY(_b, _c, _d) TERNARY(_b, _c, _d, 0x96)
#define MAJORITY(_b, _c, _d) TERNARY(_b, _c, _d, 0xe8)
#else
#define CHOOSE(_b, _c, _d) ((_d) ^ ((_b) & ((_c) ^ (_d))))
#define PARITY(_b, _c, _d) ((_b) ^ (_c) ^ (_d))
#define MAJORITY(_b, _c, _d) (((_b) & (_c)) | ((_d) & ((_b) | (_c))))
#endif

static inline lanes_t lanes_of(uint32_t x)
{
	return (lanes_t) { 0 } + x;
}

static inline lanes_t lanes_load(uint32_t const *words)
{
	lanes_t x;

	memcpy(&x, words, sizeof(x));
	return x;
}

static inline void lanes_store(uint32_t *words, lanes_t x)
{
	memcpy(words, &x, sizeof(x));
}

/* A bit mask of the lanes that hold this word. */
static inline uint32_t lanes_with(lanes_t x, uint32_t word)
{
#if MPSK_LANES == 16
	return _mm512_cmpeq_epi32_mask((__m512i) x, _mm512_set1_epi32((int) word));
#elif MPSK_LANES == 8
	return (uint32_t) _mm256_movemask_ps((__m256) (x == word));
#else
	uint32_t words[MPSK_LANES], found = 0;

	lanes_store(words, x);
	for (unsigned i = 0; i < MPSK_LANES; i++) found |= (uint32_t) (words[i] == word) << i;
	return found;
#endif
}

#endif
