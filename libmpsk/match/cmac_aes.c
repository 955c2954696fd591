/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AES-128-CMAC (RFC 4493) of one frame with many KCKs, by the AES
 * instructions of x86: each vector holds MPSK_AES_BLOCKS blocks, each of one
 * candidate, and many vectors go side by side, for an instruction takes
 * several cycles but one or two can begin in each.
 *
 * Compiled once for each number of blocks.
 */
#include <immintrin.h>
#include <string.h>

#include "match/kernel.h"

#ifndef MPSK_AES_BLOCKS
#define MPSK_AES_BLOCKS 1
#endif

#define ROUNDS		10
#define WORDS		(4 * MPSK_AES_BLOCKS)	/* of a vector */
#define CANDIDATES	(VECTORS * MPSK_AES_BLOCKS)

typedef uint64_t aes_t __attribute__((vector_size(MPSK_AES_LEN * MPSK_AES_BLOCKS)));

/* FIRST_EQUAL gives a bit for the first word of each block. */
#if MPSK_AES_BLOCKS == 4
typedef __m512i raw_t;
#define AES_NAME		mpsk_cmac_aes_4
#define ENCRYPT(_x, _key)	_mm512_aesenc_epi128(_x, _key)
#define ENCRYPT_LAST(_x, _key)	_mm512_aesenclast_epi128(_x, _key)
#define SHUFFLE(_x, _order)	_mm512_shuffle_epi8(_x, _order)
#define OCTETS_UP(_x, _n)	_mm512_bslli_epi128(_x, _n)
#define HALVES_SWAP(_x)		_mm512_shuffle_epi32(_x, _MM_PERM_BADC)
#define WORDS_LOW(_x, _y)	_mm512_unpacklo_epi32(_x, _y)
#define WORDS_HIGH(_x, _y)	_mm512_unpackhi_epi32(_x, _y)
#define HALVES_LOW(_x, _y)	_mm512_unpacklo_epi64(_x, _y)
#define HALVES_HIGH(_x, _y)	_mm512_unpackhi_epi64(_x, _y)
#define WORDS_ALL(_x)		_mm512_set1_epi32(_x)
#define BLOCK_ALL(_x)		_mm512_broadcast_i32x4(_x)
#define FIRST_EQUAL(_x, _y)	(_mm512_cmpeq_epi32_mask(_x, _y) & 0x1111u)
#elif MPSK_AES_BLOCKS == 2
typedef __m256i raw_t;
#define AES_NAME		mpsk_cmac_aes_2
#define ENCRYPT(_x, _key)	_mm256_aesenc_epi128(_x, _key)
#define ENCRYPT_LAST(_x, _key)	_mm256_aesenclast_epi128(_x, _key)
#define SHUFFLE(_x, _order)	_mm256_shuffle_epi8(_x, _order)
#define OCTETS_UP(_x, _n)	_mm256_bslli_epi128(_x, _n)
#define HALVES_SWAP(_x)		_mm256_shuffle_epi32(_x, 0x4e)
#define WORDS_LOW(_x, _y)	_mm256_unpacklo_epi32(_x, _y)
#define WORDS_HIGH(_x, _y)	_mm256_unpackhi_epi32(_x, _y)
#define HALVES_LOW(_x, _y)	_mm256_unpacklo_epi64(_x, _y)
#define HALVES_HIGH(_x, _y)	_mm256_unpackhi_epi64(_x, _y)
#define WORDS_ALL(_x)		_mm256_set1_epi32(_x)
#define BLOCK_ALL(_x)		_mm256_broadcastsi128_si256(_x)
#define FIRST_EQUAL(_x, _y) \
	((uint32_t) _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(_x, _y))) & 0x11u)
#else
typedef __m128i raw_t;
#define AES_NAME		mpsk_cmac_aes_1
#define ENCRYPT(_x, _key)	_mm_aesenc_si128(_x, _key)
#define ENCRYPT_LAST(_x, _key)	_mm_aesenclast_si128(_x, _key)
#define SHUFFLE(_x, _order)	_mm_shuffle_epi8(_x, _order)
#define OCTETS_UP(_x, _n)	_mm_slli_si128(_x, _n)
#define HALVES_SWAP(_x)		_mm_shuffle_epi32(_x, 0x4e)
#define WORDS_LOW(_x, _y)	_mm_unpacklo_epi32(_x, _y)
#define WORDS_HIGH(_x, _y)	_mm_unpackhi_epi32(_x, _y)
#define HALVES_LOW(_x, _y)	_mm_unpacklo_epi64(_x, _y)
#define HALVES_HIGH(_x, _y)	_mm_unpackhi_epi64(_x, _y)
#define WORDS_ALL(_x)		_mm_set1_epi32(_x)
#define BLOCK_ALL(_x)		(_x)
#define FIRST_EQUAL(_x, _y)	((uint32_t) (_mm_cvtsi128_si32(_x) == _mm_cvtsi128_si32(_y)))
#endif

/* Eight of the long vectors keep their unit busy; of the others all that there are registers for. */
#define EACH_8(_do) _do(0) _do(1) _do(2) _do(3) _do(4) _do(5) _do(6) _do(7)
#define EACH_16(_do) EACH_8(_do) _do(8) _do(9) _do(10) _do(11) _do(12) _do(13) _do(14) _do(15)
#if MPSK_AES_BLOCKS == 4
#define VECTORS		8
#define EACH(_do)	EACH_8(_do)
#else
#define VECTORS		16
#define EACH(_do)	EACH_16(_do)
#endif

/* What the caller lends. */
typedef struct {
	aes_t	keys[ROUNDS + 1][VECTORS];
	aes_t	subkey[VECTORS], mac[VECTORS];
} work_t;

_Static_assert(2 * MPSK_MATCH_LANES % CANDIDATES == 0, "a pair of blocks is so many passes");
_Static_assert(sizeof(work_t) <= sizeof(mpsk_match_cmac_work_t), "the work fits into what is lent");

static inline aes_t block_load(void const *octets)
{
	__m128i x;

	memcpy(&x, octets, sizeof(x));
	return (aes_t) BLOCK_ALL(x);
}

static inline raw_t words_load(uint32_t const *words)
{
	raw_t x;

	memcpy(&x, words, sizeof(x));
	return x;
}

/* Four words of as many candidates as a vector has words, into a block for each candidate: j + 4 * its place. */
static inline void keys_gather(aes_t keys[static 4],
			       uint32_t const kck[static MPSK_MATCH_KCK_WORDS][2 * MPSK_MATCH_LANES], unsigned from)
{
	static uint8_t const turn[] = { 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12 };
	raw_t const order = (raw_t) block_load(turn);
	raw_t const w0 = words_load(&kck[0][from]), w1 = words_load(&kck[1][from]);
	raw_t const w2 = words_load(&kck[2][from]), w3 = words_load(&kck[3][from]);
	raw_t const low01 = WORDS_LOW(w0, w1), high01 = WORDS_HIGH(w0, w1);
	raw_t const low23 = WORDS_LOW(w2, w3), high23 = WORDS_HIGH(w2, w3);

	keys[0] = (aes_t) SHUFFLE(HALVES_LOW(low01, low23), order);
	keys[1] = (aes_t) SHUFFLE(HALVES_HIGH(low01, low23), order);
	keys[2] = (aes_t) SHUFFLE(HALVES_LOW(high01, high23), order);
	keys[3] = (aes_t) SHUFFLE(HALVES_HIGH(high01, high23), order);
}

/*
 * FIPS 197, 5.2. The last word, rotated, stands in all four columns, so that
 * the last round of an encryption gives what the S-box makes of it.
 */
static void keys_expand(work_t *work, unsigned from)
{
	static uint8_t const rotate[] = { 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12 };
	static uint8_t const constants[ROUNDS] = { 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1b, 0x36 };
	raw_t const order = (raw_t) block_load(rotate);

#define KEY_LOAD(_i) aes_t key##_i = work->keys[0][from + _i], mixed##_i;
#define KEY_NEXT(_i) \
	mixed##_i = (aes_t) ENCRYPT_LAST(SHUFFLE((raw_t) key##_i, order), constant); \
	key##_i ^= (aes_t) OCTETS_UP((raw_t) key##_i, 4); \
	key##_i ^= (aes_t) OCTETS_UP((raw_t) key##_i, 8); \
	key##_i ^= mixed##_i; \
	work->keys[round][from + _i] = key##_i;
	EACH_8(KEY_LOAD)
	for (unsigned round = 1; round <= ROUNDS; round++) {
		raw_t const constant = WORDS_ALL(constants[round - 1]);

		EACH_8(KEY_NEXT)
	}
}

/* CBC over blocks that all candidates share, each with its key; from zero where `from` is NULL. */
static void encrypt(aes_t to[static VECTORS], aes_t const *from, uint8_t const (*blocks)[MPSK_AES_LEN], size_t n,
		    work_t const *work)
{
#define LOAD(_i) aes_t x##_i = from ? from[_i] : (aes_t) { 0 };
#define FIRST(_i) x##_i = x##_i ^ work->keys[0][_i] ^ block;
#define MIDDLE(_i) x##_i = (aes_t) ENCRYPT((raw_t) x##_i, (raw_t) work->keys[round][_i]);
#define ROUND(_round) { enum { round = _round }; EACH(MIDDLE) }
#define LAST(_i) x##_i = (aes_t) ENCRYPT_LAST((raw_t) x##_i, (raw_t) work->keys[ROUNDS][_i]);
#define STORE(_i) to[_i] = x##_i;
	EACH(LOAD)
	for (size_t i = 0; i < n; i++) {
		aes_t const block = block_load(blocks[i]);

		/* The compiler would take the round keys into registers that there are not, so to the stack. */
		__asm__ volatile("" : : : "memory");
		EACH(FIRST)
		ROUND(1) ROUND(2) ROUND(3) ROUND(4) ROUND(5) ROUND(6) ROUND(7) ROUND(8) ROUND(9)
		EACH(LAST)
	}
	EACH(STORE)
}

/* Times x in GF(2^128): RFC 4493, 2.3. */
static inline aes_t doubled(aes_t x)
{
	static uint8_t const turn[] = { 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 };
	static uint64_t const carried[] = { 0x87, 1 };
	raw_t const order = (raw_t) block_load(turn);
	aes_t number = (aes_t) SHUFFLE((raw_t) x, order);
	aes_t carry = (aes_t) HALVES_SWAP((raw_t) (number >> 63));

	number = number << 1 ^ (-carry & block_load(carried));
	return (aes_t) SHUFFLE((raw_t) number, order);
}

/* The candidates of one pass: bit i is that of KCK i from this one on. */
static uint32_t pass_scan(mpsk_match_cmac_t const *cmac, work_t *work)
{
	static uint8_t const zero[1][MPSK_AES_LEN];
	uint32_t found = 0, mic;

	for (unsigned i = 0; i < VECTORS; i += 8) keys_expand(work, i);
	encrypt(work->subkey, NULL, zero, 1, work);
	encrypt(work->mac, NULL, cmac->blocks, cmac->n - 1, work);
	for (unsigned i = 0; i < VECTORS; i++) {
		for (unsigned j = 0; j < cmac->doublings; j++) work->subkey[i] = doubled(work->subkey[i]);
		work->mac[i] ^= work->subkey[i];
	}
	encrypt(work->mac, work->mac, &cmac->blocks[cmac->n - 1], 1, work);
	memcpy(&mic, cmac->mic, sizeof(mic));
	for (unsigned i = 0; i < VECTORS; i++) {
		found |= FIRST_EQUAL((raw_t) work->mac[i], WORDS_ALL((int) mic)) << (i % 4 + i / 4 * WORDS);
	}
	return found;
}

uint32_t AES_NAME(mpsk_match_cmac_t const *cmac,
		  uint32_t const kck[static MPSK_MATCH_KCK_WORDS][2 * MPSK_MATCH_LANES], mpsk_match_cmac_work_t *lent)
{
	work_t *work = (work_t *) lent->octets;
	uint32_t found = 0;

	for (unsigned from = 0; from < 2 * MPSK_MATCH_LANES; from += CANDIDATES) {
		for (unsigned i = 0; i < VECTORS / 4; i++) keys_gather(&work->keys[0][4 * i], kck, from + i * WORDS);
		found |= pass_scan(cmac, work) << from;
	}
	return found;
}
