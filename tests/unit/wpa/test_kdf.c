/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "wpa/kdf.h"

static uint8_t const key[32] = { 1, 2, 3, 4 };
static uint8_t const context[90] = { 9, 8, 7 };

/* As 12.7.1.6.2 has it, by HMAC() over octets laid out here. */
static void kdf_make(uint8_t *out, EVP_MD const *md, char const *label, size_t context_len, unsigned bits)
{
	uint8_t digest[EVP_MAX_MD_SIZE], message[256];
	size_t label_len = strlen(label), size = (size_t) EVP_MD_get_size(md), done = 0;
	unsigned len;

	for (uint8_t i = 1; done < bits / 8; i++) {
		size_t n = bits / 8 - done < size ? bits / 8 - done : size;

		message[0] = i;
		message[1] = 0;
		memcpy(message + 2, label, label_len);
		memcpy(message + 2 + label_len, context, context_len);
		message[2 + label_len + context_len] = (uint8_t) (bits & 0xff);
		message[3 + label_len + context_len] = (uint8_t) (bits >> 8);
		assert_non_null(HMAC(md, key, sizeof(key), message, 4 + label_len + context_len, digest, &len));
		memcpy(out + done, digest, n);
		done += n;
	}
}

static void test_every_length(void **state)
{
	struct {
		wpa_kdf_hash_t const	*hash;
		EVP_MD const		*md;
	} const hashes[] = { { &wpa_kdf_sha256, EVP_sha256() }, { &wpa_kdf_sha384, EVP_sha384() } };

	(void) state;
	for (size_t i = 0; i < 2; i++) {
		for (uint16_t bits = 8; bits <= 1024; bits = (uint16_t) (bits + 8)) {
			wpa_kdf_t const kdf = { hashes[i].hash, "FT-R0", context, bits % 91, bits };
			uint8_t out[129] = { 0 }, right[128];

			kdf_make(right, hashes[i].md, "FT-R0", bits % 91, bits);
			assert_int_equal(wpa_kdf(out, bits / 8, &kdf, key, sizeof(key)), MPSK_OK);
			assert_memory_equal(out, right, bits / 8);
			assert_int_equal(out[bits / 8], 0);
			memset(out, 0, sizeof(out));
			assert_int_equal(wpa_kdf(out, 1, &kdf, key, sizeof(key)), MPSK_OK);
			assert_int_equal(out[0], right[0]);
			assert_int_equal(out[1], 0);
		}
	}
}

static void test_length_is_hashed(void **state)
{
	wpa_kdf_t kdf = { &wpa_kdf_sha256, "FT-R0", context, sizeof(context), 384 };
	uint8_t a[16], b[16];

	(void) state;
	assert_int_equal(wpa_kdf(a, sizeof(a), &kdf, key, sizeof(key)), MPSK_OK);
	kdf.bits = 512;
	assert_int_equal(wpa_kdf(b, sizeof(b), &kdf, key, sizeof(key)), MPSK_OK);
	assert_memory_not_equal(a, b, sizeof(a));
}

static void test_blocks_make_the_whole(void **state)
{
	wpa_kdf_t const kdf = { &wpa_kdf_sha384, "FT-R0", context, sizeof(context), 512 };
	uint8_t whole[64], first[WPA_HMAC_MAX], second[WPA_HMAC_MAX];

	(void) state;
	assert_int_equal(wpa_kdf(whole, sizeof(whole), &kdf, key, sizeof(key)), MPSK_OK);
	assert_int_equal(wpa_kdf_block(first, &kdf, 1, key, sizeof(key)), MPSK_OK);
	assert_int_equal(wpa_kdf_block(second, &kdf, 2, key, sizeof(key)), MPSK_OK);
	assert_memory_equal(whole, first, 48);
	assert_memory_equal(whole + 48, second, 16);
}

static void test_message(void **state)
{
	uint8_t const small[] = { 0xc0, 0xc1 };
	wpa_kdf_t const kdf = { &wpa_kdf_sha256, "label", small, sizeof(small), 0x1234 };
	uint8_t out[WPA_KDF_MESSAGE_MAX];

	(void) state;
	assert_int_equal(wpa_kdf_message(out, &kdf, 0x0102), 11);
	assert_memory_equal(out, "\x02\x01label\xc0\xc1\x34\x12", 11);
}

static void test_what_does_not_fit(void **state)
{
	static uint8_t const large[WPA_KDF_MESSAGE_MAX], zero[WPA_HMAC_MAX];
	wpa_kdf_t kdf = { &wpa_kdf_sha256, "1234", large, WPA_KDF_MESSAGE_MAX - 8, 256 };
	uint8_t out[WPA_HMAC_MAX], message[WPA_KDF_MESSAGE_MAX];

	(void) state;
	assert_int_equal(wpa_kdf_message(message, &kdf, 1), WPA_KDF_MESSAGE_MAX);
	assert_int_equal(wpa_kdf(out, 32, &kdf, key, sizeof(key)), MPSK_OK);
	memset(out, 0xa5, sizeof(out));
	assert_int_equal(wpa_kdf(out, 33, &kdf, key, sizeof(key)), MPSK_ERR);
	assert_memory_equal(out, zero, 33);

	kdf.context_len++;
	assert_int_equal(wpa_kdf_message(message, &kdf, 1), 0);
	memset(out, 0xa5, sizeof(out));
	assert_int_equal(wpa_kdf_block(out, &kdf, 1, key, sizeof(key)), MPSK_ERR);
	assert_memory_equal(out, zero, sizeof(zero));
	memset(out, 0xa5, sizeof(out));
	assert_int_equal(wpa_kdf(out, 32, &kdf, key, sizeof(key)), MPSK_ERR);
	assert_memory_equal(out, zero, 32);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_length_is_hashed),
		cmocka_unit_test(test_blocks_make_the_whole),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_what_does_not_fit),
	};

	return cmocka_run_group_tests_name("wpa/kdf", tests, NULL, NULL);
}
