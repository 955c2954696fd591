/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "match/sha1.h"

#include <string.h>

#include "base/secret.h"
#include "match/words.h"

static uint32_t const start[MPSK_SHA1_WORDS] = MPSK_SHA1_START;
static uint32_t const constants[] = MPSK_SHA1_K;

static uint32_t rol(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

void mpsk_sha1_expand(uint32_t w[static MPSK_SHA1_ROUNDS])
{
	uint32_t x = w[13], y = w[14], z = w[15];	/* the last three: each word waits for the third before it */

	for (unsigned t = 16; t < MPSK_SHA1_ROUNDS; t++) {
		w[t] = rol(x ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
		x = y;
		y = z;
		z = w[t];
	}
}

static void constants_add(uint32_t w[static MPSK_SHA1_ROUNDS])
{
	for (unsigned t = 0; t < MPSK_SHA1_ROUNDS; t++) w[t] += constants[t / 20];
}

static void schedule(uint32_t wk[static MPSK_SHA1_ROUNDS], uint8_t const block[static MPSK_BLOCK_LEN])
{
	mpsk_words_read(wk, block, MPSK_BLOCK_WORDS);
	mpsk_sha1_expand(wk);
	constants_add(wk);
}

static uint32_t mix(unsigned t, uint32_t b, uint32_t c, uint32_t d)
{
	switch (t / 20) {
	case 0:		return d ^ (b & (c ^ d));
	case 2:		return (b & c) | (d & (b | c));
	default:	return b ^ c ^ d;
	}
}

void mpsk_sha1_compress(uint32_t state[static MPSK_SHA1_WORDS], uint32_t const wk[static MPSK_SHA1_ROUNDS])
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];

	for (unsigned t = 0; t < MPSK_SHA1_ROUNDS; t++) {
		uint32_t next = rol(a, 5) + mix(t, b, c, d) + e + wk[t];

		e = d;
		d = c;
		c = rol(b, 30);
		b = a;
		a = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

void mpsk_sha1_message(uint32_t (*wk)[MPSK_SHA1_ROUNDS], uint8_t const *message, size_t len)
{
	uint8_t block[MPSK_BLOCK_LEN];

	for (size_t i = 0; i < MPSK_BLOCKS(len); i++) {
		mpsk_padding_block(block, i, message, len, MPSK_BLOCK_LEN);
		schedule(wk[i], block);
	}
}

void mpsk_sha1_hmac_key(uint32_t key[static MPSK_SHA1_KEY_WORDS], uint8_t const *octets, size_t len)
{
	uint32_t const pads[] = { MPSK_IPAD, MPSK_OPAD };
	uint8_t block[MPSK_BLOCK_LEN] = { 0 };
	uint32_t wk[MPSK_SHA1_ROUNDS];

	memcpy(block, octets, len);
	for (unsigned i = 0; i < 2; i++) {
		mpsk_words_read(wk, block, MPSK_BLOCK_WORDS);
		for (unsigned t = 0; t < 16; t++) wk[t] ^= pads[i];
		mpsk_sha1_expand(wk);
		constants_add(wk);
		memcpy(key + i * MPSK_SHA1_WORDS, start, sizeof(start));
		mpsk_sha1_compress(key + i * MPSK_SHA1_WORDS, wk);
	}
	mpsk_secret_wipe(block, sizeof(block));
	mpsk_secret_wipe(wk, sizeof(wk));
}

void mpsk_sha1_hmac_short(uint32_t mac[static MPSK_SHA1_WORDS], uint32_t const key[static MPSK_SHA1_KEY_WORDS],
			  uint8_t const *message, size_t len)
{
	uint8_t inner[MPSK_SHA1_LEN];
	uint32_t wk[1][MPSK_SHA1_ROUNDS];

	memcpy(mac, key, MPSK_SHA1_LEN);
	mpsk_sha1_message(wk, message, len);
	mpsk_sha1_compress(mac, wk[0]);
	mpsk_words_print(inner, mac, MPSK_SHA1_WORDS);
	memcpy(mac, key + MPSK_SHA1_WORDS, MPSK_SHA1_LEN);
	mpsk_sha1_message(wk, inner, sizeof(inner));
	mpsk_sha1_compress(mac, wk[0]);
	mpsk_secret_wipe(inner, sizeof(inner));
	mpsk_secret_wipe(wk, sizeof(wk));
}
