/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PMKs in blocks of sixteen lanes, as the scan reads them.
 *
 * Each PMK stands there as the two SHA-1 states that HMAC has after its key:
 * 40 octets, and two compressions fewer for each candidate. The states are
 * as secret as the PMK. A lane is in use where its bit is set in `used`; any
 * other holds random words, so that no PMK that somebody could guess stands
 * there, and it is never reported.
 *
 * The states of HMAC-SHA256, 64 octets more, are made by the first scan that
 * needs them and kept from then on: few networks ever see such a handshake.
 * So a block that other threads can see is not changed but replaced.
 */
#ifndef MPSK_MATCH_BLOCK_H
#define MPSK_MATCH_BLOCK_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/status.h"
#include "match/sha1.h"
#include "match/sha256.h"
#include "wpa/pmk.h"

#define MPSK_MATCH_LANES 16

#define MPSK_MATCH_PMK_WORDS (WPA_PMK_LEN / 4)

/* The states of HMAC-SHA256 after the PMKs: words 0 to 7 that of ipad, 8 to 15 that of opad. */
#define MPSK_SHA256_KEY_WORDS (2 * MPSK_SHA256_WORDS)
typedef struct {
	_Alignas(64) uint32_t	words[MPSK_SHA256_KEY_WORDS][MPSK_MATCH_LANES];
} mpsk_match_sha256_t;

/* All zero is a block without keys too, which holds nothing, but whose lanes are not random. */
typedef struct {
	uint32_t			used;		/* bit i: lane i holds a key's PMK */
	uint32_t			sha1[MPSK_SHA1_KEY_WORDS][MPSK_MATCH_LANES];	/* HMAC-SHA1's, after the PMK */
	uint32_t			pmk[MPSK_MATCH_PMK_WORDS][MPSK_MATCH_LANES];	/* the first octet highest */
	_Atomic(mpsk_match_sha256_t *)	sha256;		/* NULL until a scan needs them; the block's own */
} mpsk_match_block_t;

/* Fill every lane with random words and mark it unused. ERR where there is no randomness; it then holds nothing. */
mpsk_status_t mpsk_match_block_init(mpsk_match_block_t *block);

/* Make a copy of the PMKs; what `to` was is overwritten. */
void mpsk_match_block_copy(mpsk_match_block_t *to, mpsk_match_block_t const *from);

/* Wipe it, and free what it holds. */
void mpsk_match_block_finish(mpsk_match_block_t *block);

/* Put a PMK into a lane. */
void mpsk_match_block_set(mpsk_match_block_t *block, unsigned lane, wpa_pmk_t const *pmk);

/* The PMK of a lane: a secret. */
void mpsk_match_block_pmk(mpsk_match_block_t const *block, unsigned lane, wpa_pmk_t *pmk);

/* Refill a lane with random words and mark it unused; that, and wiped, also where there is no randomness: ERR. */
mpsk_status_t mpsk_match_block_clear(mpsk_match_block_t *block, unsigned lane);

/* A scan, in any number of threads: the states of HMAC-SHA256, or NULL where no scan has needed them. */
mpsk_match_sha256_t const *mpsk_match_block_sha256(mpsk_match_block_t const *block);

/*
 * A scan: keep a copy of these states with their block. Returns what is kept,
 * by this thread or by one that was faster; where memory is out, `states`.
 */
mpsk_match_sha256_t const *mpsk_match_block_sha256_keep(mpsk_match_block_t const *block,
							mpsk_match_sha256_t const *states);

#endif
