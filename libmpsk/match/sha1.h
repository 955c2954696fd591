/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-1 (FIPS 180-4, 6.1) taken apart: message schedules and states, which
 * candidates can share and which can be kept. One at a time; sha1_lanes.h
 * does the same in lanes.
 */
#ifndef MPSK_MATCH_SHA1_H
#define MPSK_MATCH_SHA1_H

#include <stddef.h>
#include <stdint.h>

#include "match/padding.h"

#define MPSK_SHA1_WORDS		5	/* of a state, and of a digest */
#define MPSK_SHA1_LEN		20	/* octets of a digest */
#define MPSK_SHA1_ROUNDS	80

/* The state before the first block, and the constant of each twenty rounds. */
#define MPSK_SHA1_START		{ 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 }
#define MPSK_SHA1_K		{ 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6 }

/* From words 0 to 15 of a schedule, all others. It is linear: that of a XOR b is that of a XOR that of b. */
void mpsk_sha1_expand(uint32_t w[static MPSK_SHA1_ROUNDS]);

/* One block into a state; wk is its schedule with the constants added. */
void mpsk_sha1_compress(uint32_t state[static MPSK_SHA1_WORDS], uint32_t const wk[static MPSK_SHA1_ROUNDS]);

/* The schedules, constants added, of a message's MPSK_BLOCKS(len) blocks; one block goes before it. */
void mpsk_sha1_message(uint32_t (*wk)[MPSK_SHA1_ROUNDS], uint8_t const *message, size_t len);

/* The states of HMAC-SHA1 after a key (64 octets at most): words 0 to 4 that of ipad, 5 to 9 that of opad. */
#define MPSK_SHA1_KEY_WORDS	(2 * MPSK_SHA1_WORDS)
void mpsk_sha1_hmac_key(uint32_t key[static MPSK_SHA1_KEY_WORDS], uint8_t const *octets, size_t len);

/* HMAC-SHA1 of a message that fits into one block: MPSK_SHA1_SHORT octets at most. */
#define MPSK_SHA1_SHORT		(MPSK_BLOCK_LEN - 9)
void mpsk_sha1_hmac_short(uint32_t mac[static MPSK_SHA1_WORDS], uint32_t const key[static MPSK_SHA1_KEY_WORDS],
			  uint8_t const *message, size_t len);

#endif
