/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MD5 (RFC 1321) taken apart: what the rounds add of a message that
 * candidates share. hmac_md5_lanes.c does the rest in lanes.
 */
#ifndef MPSK_MATCH_MD5_H
#define MPSK_MATCH_MD5_H

#include <stddef.h>
#include <stdint.h>

#include "match/padding.h"

#define MPSK_MD5_WORDS	4	/* of a state, and of a digest; the first octet lowest */
#define MPSK_MD5_LEN	16	/* octets of a digest */
#define MPSK_MD5_ROUNDS	64

/* The state before the first block, and the rounds' constants. */
#define MPSK_MD5_START { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 }
#define MPSK_MD5_K { \
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, \
	0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, \
	0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, \
	0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, \
	0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, \
	0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, \
	0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, \
	0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, \
	0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, \
	0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, \
	0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391 \
}

/* Four octets as a word. */
uint32_t mpsk_md5_read(uint8_t const octets[static 4]);

/* The word of the message that round t takes. */
static inline unsigned mpsk_md5_word(unsigned t)
{
	static uint8_t const first[] = { 0, 1, 5, 0 }, step[] = { 1, 5, 3, 7 };

	return (first[t / 16] + step[t / 16] * t) % MPSK_BLOCK_WORDS;
}

/* For each round of a message's MPSK_BLOCKS(len) blocks its word and constant, added; one block goes before it. */
void mpsk_md5_message(uint32_t (*wk)[MPSK_MD5_ROUNDS], uint8_t const *message, size_t len);

#endif
