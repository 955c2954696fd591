/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "key/base64.h"

/* RFC 4648, 10. */
static struct {
	char const	*octets;
	char const	*text;
} const published[] = {
	{ "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
};

static void test_published(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		size_t len = strlen(published[i].octets), n;
		char text[16];
		uint8_t octets[8];

		assert_int_equal(mpsk_base64_encode(text, (uint8_t const *) published[i].octets, len),
				 MPSK_BASE64_LEN(len));
		assert_string_equal(text, published[i].text);
		assert_true(mpsk_base64_decode(octets, sizeof(octets), &n, text, strlen(text)));
		assert_int_equal(n, len);
		assert_memory_equal(octets, published[i].octets, len);
	}
}

static void test_what_is_not_base64(void **state)
{
	static char const *const wrong[] = {
		"", "Z", "Zg", "Zg=", "Zg==Zg==", "Zg= =", " Zm9v", "Zm9v ", "Zm9v\n", "Zm=v", "=m9v", "====", "Z===",
		"Zm9\xc3", "Zm-v", "Zh==", "Zm9=",
	};
	uint8_t octets[64];
	size_t n;

	(void) state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		bool right = mpsk_base64_decode(octets, sizeof(octets), &n, wrong[i], strlen(wrong[i]));

		if (right) fail_msg("'%s'", wrong[i]);
	}
}

static void test_room(void **state)
{
	uint8_t octets[4] = { 0, 0, 0, 0xa5 };
	size_t n;

	(void) state;
	assert_false(mpsk_base64_decode(octets, 2, &n, "Zm9v", 4));
	assert_false(mpsk_base64_decode(octets, 0, &n, "Zg==", 4));
	assert_true(mpsk_base64_decode(octets, 3, &n, "Zm9v", 4));
	assert_int_equal(octets[3], 0xa5);
	assert_true(mpsk_base64_decode(octets, 1, &n, "Zg==", 4));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_what_is_not_base64),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests_name("key/base64", tests, NULL, NULL);
}
