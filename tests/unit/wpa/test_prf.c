/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/hex.h"
#include "wpa/prf.h"

/* IEEE 802.11-2020, annex J.3: the label "prefix" over 512 bits. */
static struct {
	uint8_t		key_octet;
	char const	*key;
	size_t		key_len;
	char const	*data;
	uint8_t		data_octet;
	size_t		data_len;
	char const	*prf;
} const published[] = {
	{ 0x0b, NULL, 20, "Hi There", 0, 8,
	  "bcd4c650b30b9684951829e0d75f9d54b862175ed9f00606e17d8da35402ffee"
	  "75df78c3d31e0f889f012120c0862beb67753e7439ae242edb8373698356cf5a" },
	{ 0, "Jefe", 4, "what do ya want for nothing?", 0, 28,
	  "51f4de5b33f249adf81aeb713a3c20f4fe631446fabdfa58244759ae58ef9009"
	  "a99abf4eac2ca5fa87e692c440eb40023e7babb206d61de7b92f41529092b8fc" },
	{ 0xaa, NULL, 20, NULL, 0xdd, 50,
	  "e1ac546ec4cb636f9976487be5c86be17a0252ca5d8d8df12cfb0473525249ce"
	  "9dd8d177ead710bc9b590547239107aef7b4abd43d87f0a68f1cbd9e2b6f7607" },
};

static size_t input_fill(uint8_t *out, char const *text, uint8_t octet, size_t len)
{
	if (text) memcpy(out, text, len);
	else memset(out, octet, len);
	return len;
}

static void test_published(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		uint8_t key[128], data[128], out[64];
		size_t key_len = input_fill(key, published[i].key, published[i].key_octet, published[i].key_len);
		size_t data_len = input_fill(data, published[i].data, published[i].data_octet,
					     published[i].data_len);
		char text[129];

		assert_int_equal(wpa_prf_sha1(out, sizeof(out), key, key_len, "prefix", data, data_len), MPSK_OK);
		mpsk_hex_encode(text, out, sizeof(out));
		assert_string_equal(text, published[i].prf);
	}
}

static void test_a_shorter_output_is_the_start_of_a_longer(void **state)
{
	uint8_t const key[3] = { 1, 2, 3 };
	uint8_t all[120], out[121];

	(void) state;
	assert_int_equal(wpa_prf_sha1(all, sizeof(all), key, sizeof(key), "label", NULL, 0), MPSK_OK);
	for (size_t len = 0; len <= sizeof(all); len++) {
		memset(out, 0xa5, sizeof(out));
		assert_int_equal(wpa_prf_sha1(out, len, key, sizeof(key), "label", NULL, 0), MPSK_OK);
		assert_memory_equal(out, all, len);
		assert_int_equal(out[len], 0xa5);
	}
}

static void test_the_counter_cannot_wrap(void **state)
{
	static uint8_t out[256 * 20 + 1];

	(void) state;
	assert_int_equal(wpa_prf_sha1(out, sizeof(out) - 1, (uint8_t const *) "key", 3, "label", NULL, 0), MPSK_OK);
	assert_int_equal(wpa_prf_sha1(out, sizeof(out), (uint8_t const *) "key", 3, "label", NULL, 0), MPSK_ERR);
}

static void test_context_is_ordered(void **state)
{
	wpa_context_t context = { .aa = { { 1, 2, 3, 4, 5, 7 } }, .spa = { { 1, 2, 3, 4, 5, 6 } } };
	uint8_t out[WPA_CONTEXT_LEN], swapped[WPA_CONTEXT_LEN];

	(void) state;
	memset(context.anonce, 0x80, sizeof(context.anonce));
	memset(context.snonce, 0x7f, sizeof(context.snonce));
	wpa_context_print(out, &context);
	assert_memory_equal(out, "\1\2\3\4\5\6\1\2\3\4\5\7\x7f\x7f", 14);
	assert_memory_equal(out + 12, context.snonce, 32);
	assert_memory_equal(out + 44, context.anonce, 32);

	wpa_context_print(swapped, &(wpa_context_t) { .aa = context.spa, .spa = context.aa });
	assert_memory_equal(swapped, out, 12);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_a_shorter_output_is_the_start_of_a_longer),
		cmocka_unit_test(test_the_counter_cannot_wrap),
		cmocka_unit_test(test_context_is_ordered),
	};

	return cmocka_run_group_tests_name("wpa/prf", tests, NULL, NULL);
}
