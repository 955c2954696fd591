/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "match/sha256.h"

#include "match/words.h"

static uint32_t const constants[] = MPSK_SHA256_K;

static uint32_t ror(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void schedule(uint32_t w[static MPSK_SHA256_ROUNDS], uint8_t const block[static MPSK_BLOCK_LEN])
{
	mpsk_words_read(w, block, MPSK_BLOCK_WORDS);
	for (unsigned t = MPSK_BLOCK_WORDS; t < MPSK_SHA256_ROUNDS; t++) {
		uint32_t x = w[t - 15], y = w[t - 2];

		w[t] = w[t - 16] + (ror(x, 7) ^ ror(x, 18) ^ x >> 3) + w[t - 7] + (ror(y, 17) ^ ror(y, 19) ^ y >> 10);
	}
	for (unsigned t = 0; t < MPSK_SHA256_ROUNDS; t++) w[t] += constants[t];
}

void mpsk_sha256_message(uint32_t (*wk)[MPSK_SHA256_ROUNDS], uint8_t const *message, size_t len)
{
	uint8_t block[MPSK_BLOCK_LEN];

	for (size_t i = 0; i < MPSK_BLOCKS(len); i++) {
		mpsk_padding_block(block, i, message, len, MPSK_BLOCK_LEN);
		schedule(wk[i], block);
	}
}
