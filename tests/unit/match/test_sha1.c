/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "match_make.h"
#include "match/sha1.h"
#include "match/words.h"

#define MESSAGE_MAX 300

/* HMAC put together of states and schedules, for keys and messages of every length. */
static void test_hmac_is_that_of_openssl(void **state)
{
	uint8_t key[MPSK_BLOCK_LEN], message[MESSAGE_MAX], mac[MPSK_SHA1_LEN], expected[EVP_MAX_MD_SIZE];
	uint32_t wk[MPSK_BLOCKS(MESSAGE_MAX)][MPSK_SHA1_ROUNDS], states[MPSK_SHA1_KEY_WORDS];
	unsigned expected_len;

	(void) state;
	random_fill(key, sizeof(key));
	random_fill(message, sizeof(message));
	for (size_t len = 0; len <= MESSAGE_MAX; len++) {
		size_t key_len = len % (sizeof(key) + 1);

		HMAC(EVP_sha1(), key, (int) key_len, message, len, expected, &expected_len);
		mpsk_sha1_hmac_key(states, key, key_len);
		mpsk_sha1_message(wk, message, len);
		for (size_t i = 0; i < MPSK_BLOCKS(len); i++) mpsk_sha1_compress(states, wk[i]);
		mpsk_words_print(mac, states, MPSK_SHA1_WORDS);
		mpsk_sha1_message(wk, mac, sizeof(mac));
		mpsk_sha1_compress(states + MPSK_SHA1_WORDS, wk[0]);
		mpsk_words_print(mac, states + MPSK_SHA1_WORDS, MPSK_SHA1_WORDS);
		assert_memory_equal(mac, expected, sizeof(mac));
	}
}

static void test_short_messages(void **state)
{
	uint8_t key[20], message[MPSK_SHA1_SHORT], mac[MPSK_SHA1_LEN], expected[EVP_MAX_MD_SIZE];
	uint32_t states[MPSK_SHA1_KEY_WORDS], words[MPSK_SHA1_WORDS];
	unsigned expected_len;

	(void) state;
	random_fill(key, sizeof(key));
	random_fill(message, sizeof(message));
	mpsk_sha1_hmac_key(states, key, sizeof(key));
	for (size_t len = 0; len <= MPSK_SHA1_SHORT; len++) {
		HMAC(EVP_sha1(), key, sizeof(key), message, len, expected, &expected_len);
		mpsk_sha1_hmac_short(words, states, message, len);
		mpsk_words_print(mac, words, MPSK_SHA1_WORDS);
		assert_memory_equal(mac, expected, sizeof(mac));
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_hmac_is_that_of_openssl),
		cmocka_unit_test(test_short_messages),
	};

	return cmocka_run_group_tests_name("match/sha1", tests, NULL, NULL);
}
