/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages in blocks of 64 octets, as MD5, SHA-1 and SHA-256 pad them.
 */
#ifndef MPSK_MATCH_PADDING_H
#define MPSK_MATCH_PADDING_H

#include <stddef.h>
#include <stdint.h>

#define MPSK_BLOCK_LEN		64
#define MPSK_BLOCK_WORDS	16

/* Blocks of a message with its padding. */
#define MPSK_BLOCKS(_len)	(((_len) + 1 + 8 + MPSK_BLOCK_LEN - 1) / MPSK_BLOCK_LEN)

/* HMAC (RFC 2104): a key's blocks are the key, filled up with zeros, XOR these octets. */
#define MPSK_IPAD		0x36363636u
#define MPSK_OPAD		0x5c5c5c5cu

/*
 * Block i of a message with its padding, where `before` octets were hashed
 * before it: 64, an HMAC key's block, or none. The length that ends it is in
 * the order of SHA-1 and SHA-256, the most significant octet first.
 */
void mpsk_padding_block(uint8_t block[static MPSK_BLOCK_LEN], size_t i, uint8_t const *message, size_t len,
			size_t before);

#endif
