/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "store/info.h"

static char const text[] =
	"# Server\r\nredis_version:7.0.15\r\nredis_version_more:1\r\n\r\n# Memory\r\n"
	"used_memory:9223372036854775807\r\nover:9223372036854775808\r\nempty:\r\nsigned:-1\r\nhuman:1.5M\r\n"
	"used_memory:2\r\ncolons:a:b\r\nplain:unix line\nlast:no end";

static void test_values(void **state)
{
	static struct { char const *name, *value; } const rows[] = {
		{ "redis_version", "7.0.15" },
		{ "empty", "" },
		{ "colons", "a:b" },
		{ "plain", "unix line" },
		{ "last", "no end" },
		{ "redis", NULL },
		{ "version", NULL },
		{ "# Server", NULL },
		{ "nobody", NULL },
	};
	char out[64];

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(mpsk_info_text(out, sizeof(out), text, strlen(text), rows[i].name),
				 rows[i].value != NULL);
		assert_string_equal(out, rows[i].value ? rows[i].value : "");
	}
}

static void test_text_is_cut_and_prints(void **state)
{
	static char const odd[] = "a:1\0\x1b\xff" "5678\nb:2";
	char out[4];

	(void) state;
	assert_true(mpsk_info_text(out, sizeof(out), text, strlen(text), "redis_version"));
	assert_string_equal(out, "7.0");
	assert_true(mpsk_info_text(out, sizeof(out), odd, sizeof(odd) - 1, "a"));
	assert_string_equal(out, "1??");
	assert_true(mpsk_info_text(out, sizeof(out), odd, sizeof(odd) - 1, "b"));
	assert_string_equal(out, "2");
}

static void test_numbers(void **state)
{
	static char const *const none[] = { "over", "empty", "signed", "human", "nobody", "redis_version" };
	int64_t n = 0;

	(void) state;
	assert_true(mpsk_info_number(&n, text, strlen(text), "used_memory"));
	assert_true(n == INT64_MAX);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_false(mpsk_info_number(&n, text, strlen(text), none[i]));
	}
}

/* Every beginning of the text, in memory that ends where it does, for a sanitizer to watch. */
static void test_nothing_past_the_end(void **state)
{
	char out[64];
	int64_t n;

	(void) state;
	for (size_t len = 0; len <= strlen(text); len++) {
		char *cut = malloc(len ? len : 1);

		assert_non_null(cut);
		memcpy(cut, text, len);
		assert_false(mpsk_info_text(out, sizeof(out), cut, len, "nobody"));
		assert_int_equal(mpsk_info_text(out, sizeof(out), cut, len, "last"), len >= strlen(text) - 6);
		(void) mpsk_info_number(&n, cut, len, "used_memory");
		free(cut);
	}
}

static void test_server(void **state)
{
	static struct { char const *info, *name, *version; } const rows[] = {
		{ "redis_version:7.0.15\r\n", "redis", "7.0.15" },
		{ "redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.1\r\n", "valkey", "8.1.1" },
		{ "server_name:valkey\r\nredis_version:7.2.4\r\n", "valkey", "7.2.4" },
		{ "server_name:a-name-that-is-long\r\nredis_version:7.2.4-and-more-of-it\r\n", "a-name-that",
		  "7.2.4-and-more-" },
		{ "", "redis", "" },
	};
	char name[MPSK_INFO_NAME_MAX], version[MPSK_INFO_VERSION_MAX];

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_info_server(name, version, rows[i].info, strlen(rows[i].info));
		assert_string_equal(name, rows[i].name);
		assert_string_equal(version, rows[i].version);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_text_is_cut_and_prints),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_nothing_past_the_end),
		cmocka_unit_test(test_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
