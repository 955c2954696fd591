/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scan: which of many PMKs may have made a handshake.
 *
 * PMKs stand in blocks of sixteen lanes, each as the two SHA-1 states that
 * HMAC has after its key: 40 octets, and two compressions fewer for each
 * candidate. The states are as secret as the PMK. A lane is in use where
 * its bit is set in `used`; any other holds random words, so that no PMK
 * that somebody could guess stands there, and it is never reported.
 *
 * What is reported is a candidate: 32 bits of its MIC fit. Only
 * wpa_handshake_verify() with the PMK itself makes a match of it, so that a
 * fault in a kernel may miss a key but never let one in.
 */
#ifndef MPSK_MATCH_MATCH_H
#define MPSK_MATCH_MATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "match/sha1.h"
#include "wpa/handshake.h"
#include "wpa/pmk.h"

#define MPSK_MATCH_LANES 16

#define MPSK_MATCH_PMK_WORDS (WPA_PMK_LEN / 4)

typedef struct {
	uint32_t	used;		/* bit i: lane i holds a key's PMK */
	uint32_t	sha1[MPSK_SHA1_KEY_WORDS][MPSK_MATCH_LANES];	/* HMAC-SHA1's states after the PMK */
	uint32_t	pmk[MPSK_MATCH_PMK_WORDS][MPSK_MATCH_LANES];	/* the PMK itself, the first octet highest */
} mpsk_match_block_t;

/* Fill every lane with random words and mark it unused. ERR where there is no randomness. */
mpsk_status_t mpsk_match_block_init(mpsk_match_block_t *block);

/* Put a PMK into a lane. */
void mpsk_match_block_set(mpsk_match_block_t *block, unsigned lane, wpa_pmk_t const *pmk);

/* The PMK of a lane: a secret. */
void mpsk_match_block_pmk(mpsk_match_block_t const *block, unsigned lane, wpa_pmk_t *pmk);

/* Refill a lane with random words and mark it unused; that, and wiped, also where there is no randomness: ERR. */
mpsk_status_t mpsk_match_block_clear(mpsk_match_block_t *block, unsigned lane);

/* What all candidates share where KCK and MIC are made with HMAC-SHA1; all but mic are schedules. */
#define MPSK_MATCH_PRF_BLOCKS	2	/* the PRF's message has 100 octets */
typedef struct {
	uint32_t	mic;		/* its first word */
	uint32_t	opad[MPSK_SHA1_ROUNDS];	/* without constants: ipad XOR opad */
	uint32_t	prf[MPSK_MATCH_PRF_BLOCKS][MPSK_SHA1_ROUNDS];
	size_t		n_frame;
	uint32_t	frame[MPSK_SHA1_BLOCKS(WPA_FRAME_MAX)][MPSK_SHA1_ROUNDS];
} mpsk_match_sha1_t;

/* As mpsk_match_scan(), of a kernel. It may report unused lanes. */
typedef size_t (*mpsk_match_scan_t)(mpsk_match_sha1_t const *sha1, mpsk_match_block_t const *const *blocks, size_t n,
				    uint32_t *candidates);

/* A handshake made ready to be held against any number of blocks; the caller's, for one thread or many. */
typedef struct {
	mpsk_match_scan_t	scan;	/* NULL: every lane in use is a candidate */
	mpsk_match_sha1_t	sha1;
} mpsk_match_t;

typedef struct mpsk_kernel mpsk_kernel_t;

/*
 * Make a handshake ready, by the kernel in use or by one that is given.
 * hs->akm must not be NULL. An AKM that no kernel has is scanned too: all
 * lanes in use are its candidates. The scan needs hs no more.
 */
void mpsk_match_prepare(mpsk_match_t *match, wpa_handshake_t const *hs);
void mpsk_match_prepare_by(mpsk_match_t *match, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel);

/*
 * Look for candidates in blocks from the first one on, and stop soon after
 * the first. Returns how many blocks are done, at least one of n (which is
 * not 0); candidates[i] is set for each of them: a bit mask of lanes.
 */
size_t mpsk_match_scan(mpsk_match_t const *match, mpsk_match_block_t const *const *blocks, size_t n,
		       uint32_t *candidates);

/* Wipe it. */
void mpsk_match_finish(mpsk_match_t *match);

/*
 * The kernel in use, such as "avx512"; chosen, and tested, by the first call
 * of this layer that needs one (some milliseconds). *skipped is set to the
 * best one that this machine could run and that failed its test, or NULL.
 */
char const *mpsk_match_kernel_name(char const **skipped);

#endif
