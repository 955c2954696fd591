/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <string.h>
#include <cmocka.h>

#include "mpskctl/escape.h"

static void escapes(char *(*escape)(TALLOC_CTX *, char const *), char const *text, char const *expected)
{
	char *escaped = escape(NULL, text);

	assert_string_equal(escaped, expected);
	ctl_escape_free(escaped);
}

static void test_text(void **state)
{
	(void) state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	escapes(ctl_escape_text, "", "");
	escapes(ctl_escape_text, "plain \\ text", "plain \\ text");
	escapes(ctl_escape_text, "Zo\xc3\xab", "Zo\xc3\xab");
	escapes(ctl_escape_text, "a\033[2Jb\n", "a\\x1b[2Jb\\x0a");
	/* CSI as one character, in UTF-8 and by itself; a sequence that is cut short. */
	escapes(ctl_escape_text, "\xc2\x9b", "\\xc2\\x9b");
	escapes(ctl_escape_text, "\x9b", "\\x9b");
	escapes(ctl_escape_text, "x\xe2\x82", "x\\xe2\\x82");
	assert_int_equal(ctl_escape_width("Zo\xc3\xab"), 3);
	assert_int_equal(ctl_escape_width("\xe6\x97\xa5"), 2);

	assert_non_null(setlocale(LC_CTYPE, "C"));
	escapes(ctl_escape_text, "Zo\xc3\xab", "Zo\\xc3\\xab");
}

static void test_tsv(void **state)
{
	(void) state;
	escapes(ctl_escape_tsv, "", "");
	escapes(ctl_escape_tsv, "a\tb\nc\\d", "a\\tb\\nc\\\\d");
	escapes(ctl_escape_tsv, "\r\033\177", "\\x0d\\x1b\\x7f");
	escapes(ctl_escape_tsv, "Zo\xc3\xab", "Zo\xc3\xab");
}

static void test_json(void **state)
{
	json_t *value = ctl_escape_json("Zo\xc3\xab", 4);

	(void) state;
	assert_string_equal(json_string_value(value), "Zo\xc3\xab");
	json_decref(value);
	value = ctl_escape_json("a\\caf\xe9", 6);
	assert_string_equal(json_string_value(value), "a\\caf\\xe9");
	json_decref(value);
}

static void plain(json_t *value, char const *expected)
{
	char *text = ctl_escape_plain(NULL, value);

	assert_string_equal(text, expected);
	ctl_escape_free(text);
	json_decref(value);
}

static void test_plain(void **state)
{
	(void) state;
	plain(json_string("a\tb"), "a\tb");
	plain(json_integer(-1), "-1");
	plain(json_real(0.25), "0.250");
	plain(json_true(), "true");
	plain(json_false(), "false");
	plain(json_null(), "");
	plain(json_array(), "");
	plain(json_pack("[s, i, s]", "a", 1, "b"), "a,1,b");
	plain(json_pack("[{s:s, s:i}, {s:s}]", "mac", "x", "seen", 1, "mac", "y"), "x,y");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_tsv),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
