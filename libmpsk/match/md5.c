/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "match/md5.h"

static uint32_t const constants[] = MPSK_MD5_K;

uint32_t mpsk_md5_read(uint8_t const octets[static 4])
{
	return (uint32_t) octets[3] << 24 | (uint32_t) octets[2] << 16 | (uint32_t) octets[1] << 8 | octets[0];
}

/* The length stands at the end with the most significant octet first, and MD5 has it the other way round. */
static void length_turn(uint8_t block[static MPSK_BLOCK_LEN])
{
	for (unsigned i = 0; i < 4; i++) {
		uint8_t *a = &block[MPSK_BLOCK_LEN - 8 + i], *b = &block[MPSK_BLOCK_LEN - 1 - i], x = *a;

		*a = *b;
		*b = x;
	}
}

void mpsk_md5_message(uint32_t (*wk)[MPSK_MD5_ROUNDS], uint8_t const *message, size_t len)
{
	size_t n = MPSK_BLOCKS(len);
	uint8_t block[MPSK_BLOCK_LEN];

	for (size_t i = 0; i < n; i++) {
		mpsk_padding_block(block, i, message, len, MPSK_BLOCK_LEN);
		if (i == n - 1) length_turn(block);
		for (unsigned t = 0; t < MPSK_MD5_ROUNDS; t++) {
			wk[i][t] = mpsk_md5_read(block + 4 * mpsk_md5_word(t)) + constants[t];
		}
	}
}
