/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <string.h>

#include "base/hex.h"
#include "wpa/cmac.h"

#define THREADS 4

/* RFC 4493, section 4: one key and message, of which more and more is taken. */
static char const key_hex[] = "2b7e151628aed2a6abf7158809cf4f3c";
static char const message_hex[] =
	"6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
	"30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
static struct {
	size_t		len;
	char const	*mac;
} const published[] = {
	{ 0,	"bb1d6929e95937287fa37d129b756746" },
	{ 16,	"070a16b46b4d4144f79bdd9dd04a287c" },
	{ 40,	"dfa66747de9ae63030ca32611497c827" },
	{ 64,	"51f0bebf7e3b9d92fc49741779363cfe" },
};

/* NULL where all are right, else the one that was wrong. */
static void *published_check(void *unused)
{
	uint8_t key[WPA_CMAC_KEY_LEN], message[64];

	(void) unused;
	mpsk_hex_decode(key, sizeof(key), key_hex, strlen(key_hex));
	mpsk_hex_decode(message, sizeof(message), message_hex, strlen(message_hex));
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		uint8_t out[WPA_CMAC_LEN], right[WPA_CMAC_LEN];

		mpsk_hex_decode(right, sizeof(right), published[i].mac, 2 * sizeof(right));
		if (wpa_cmac(out, key, message, published[i].len) != MPSK_OK) return (void *) published[i].mac;
		if (memcmp(out, right, sizeof(right)) != 0) return (void *) published[i].mac;
	}
	return NULL;
}

static void test_published(void **state)
{
	(void) state;
	assert_null(published_check(NULL));
}

static void test_threads(void **state)
{
	pthread_t threads[THREADS];
	void *wrong;

	(void) state;
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_create(&threads[i], NULL, published_check, NULL), 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_threads),		/* first, so that they race to make what is made once */
		cmocka_unit_test(test_published),
	};

	return cmocka_run_group_tests_name("wpa/cmac", tests, NULL, NULL);
}
