/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/md5.h>
#include <openssl/sha.h>

#include "match_make.h"
#include "match/md5.h"
#include "match/padding.h"
#include "match/sha256.h"
#include "match/words.h"

#define MESSAGE_MAX 300

/* The padding is right where the hash over all padded blocks is that of the message. */
static void test_padding(void **state)
{
	uint8_t message[MESSAGE_MAX], block[MPSK_BLOCK_LEN], digest[SHA256_DIGEST_LENGTH], expected[EVP_MAX_MD_SIZE];
	uint32_t words[8];

	(void) state;
	random_fill(message, sizeof(message));
	for (size_t len = 0; len <= MESSAGE_MAX; len++) {
		SHA256_CTX ctx;

		SHA256_Init(&ctx);
		for (size_t i = 0; i < MPSK_BLOCKS(len); i++) {
			mpsk_padding_block(block, i, message, len, 0);
			SHA256_Transform(&ctx, block);
		}
		for (size_t i = 0; i < 8; i++) words[i] = ctx.h[i];
		mpsk_words_print(digest, words, 8);
		assert_int_equal(EVP_Digest(message, len, expected, NULL, EVP_sha256(), NULL), 1);
		assert_memory_equal(digest, expected, sizeof(digest));
	}
}

static uint32_t ror(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

/* FIPS 180-4, 6.2.2, with a schedule that is made already. */
static void sha256_compress(uint32_t state[static 8], uint32_t const wk[static MPSK_SHA256_ROUNDS])
{
	uint32_t s[8];

	memcpy(s, state, sizeof(s));
	for (unsigned t = 0; t < MPSK_SHA256_ROUNDS; t++) {
		uint32_t t1 = s[7] + (ror(s[4], 6) ^ ror(s[4], 11) ^ ror(s[4], 25)) +
			      ((s[4] & s[5]) ^ (~s[4] & s[6])) + wk[t];
		uint32_t t2 = (ror(s[0], 2) ^ ror(s[0], 13) ^ ror(s[0], 22)) +
			      ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

		memmove(s + 1, s, 7 * sizeof(s[0]));
		s[4] += t1;
		s[0] = t1 + t2;
	}
	for (unsigned i = 0; i < 8; i++) state[i] += s[i];
}

/* Behind 64 octets of zeros, which stand for an HMAC's key. */
static void test_sha256(void **state)
{
	uint8_t message[MPSK_BLOCK_LEN + MESSAGE_MAX] = { 0 }, digest[32], expected[EVP_MAX_MD_SIZE];
	uint32_t wk[MPSK_BLOCKS(MESSAGE_MAX)][MPSK_SHA256_ROUNDS], words[8];

	(void) state;
	random_fill(message + MPSK_BLOCK_LEN, MESSAGE_MAX);
	for (size_t len = 0; len <= MESSAGE_MAX; len++) {
		SHA256_CTX ctx;

		SHA256_Init(&ctx);
		SHA256_Transform(&ctx, message);
		for (size_t i = 0; i < 8; i++) words[i] = ctx.h[i];
		mpsk_sha256_message(wk, message + MPSK_BLOCK_LEN, len);
		for (size_t i = 0; i < MPSK_BLOCKS(len); i++) sha256_compress(words, wk[i]);
		mpsk_words_print(digest, words, 8);
		assert_int_equal(EVP_Digest(message, MPSK_BLOCK_LEN + len, expected, NULL, EVP_sha256(), NULL), 1);
		assert_memory_equal(digest, expected, sizeof(digest));
	}
}

/* RFC 1321, 3.4, with the words and constants of the rounds added already. */
static void md5_compress(uint32_t state[static 4], uint32_t const wk[static MPSK_MD5_ROUNDS])
{
	static uint8_t const shifts[4][4] = {
		{ 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 }
	};
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];

	for (unsigned t = 0; t < MPSK_MD5_ROUNDS; t++) {
		uint32_t const mixed[] = { (b & c) | (~b & d), (b & d) | (c & ~d), b ^ c ^ d, c ^ (b | ~d) };
		uint32_t next = b + ror(a + mixed[t / 16] + wk[t], 32u - shifts[t / 16][t % 4]);

		a = d;
		d = c;
		c = b;
		b = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}

static void test_md5(void **state)
{
	uint8_t message[MPSK_BLOCK_LEN + MESSAGE_MAX] = { 0 }, expected[EVP_MAX_MD_SIZE];
	uint32_t wk[MPSK_BLOCKS(MESSAGE_MAX)][MPSK_MD5_ROUNDS], words[4];

	(void) state;
	random_fill(message + MPSK_BLOCK_LEN, MESSAGE_MAX);
	for (size_t len = 0; len <= MESSAGE_MAX; len++) {
		MD5_CTX ctx;

		MD5_Init(&ctx);
		MD5_Transform(&ctx, message);
		words[0] = ctx.A;
		words[1] = ctx.B;
		words[2] = ctx.C;
		words[3] = ctx.D;
		mpsk_md5_message(wk, message + MPSK_BLOCK_LEN, len);
		for (size_t i = 0; i < MPSK_BLOCKS(len); i++) md5_compress(words, wk[i]);
		assert_int_equal(EVP_Digest(message, MPSK_BLOCK_LEN + len, expected, NULL, EVP_md5(), NULL), 1);
		for (unsigned i = 0; i < 4; i++) assert_int_equal(words[i], mpsk_md5_read(expected + 4 * i));
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_md5),
	};

	return cmocka_run_group_tests_name("match/message", tests, NULL, NULL);
}
