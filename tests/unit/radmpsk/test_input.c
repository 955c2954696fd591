/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "radmpsk/input.h"

/* A file that holds this; its path is good until the next call. */
static char const *file_of(char const *octets, size_t len)
{
	static char path[] = "/tmp/mpsk-test-input.XXXXXX";
	int fd;

	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets, len), len);
	close(fd);
	return path;
}

static void test_first_line(void **state)
{
	static struct {
		char const	*file;
		size_t		file_len;
		char const	*line;
		size_t		line_len;
	} const cases[] = {
		{ "secret", 6, "secret", 6 },
		{ "secret\n", 7, "secret", 6 },
		{ "secret\r\n", 8, "secret", 6 },
		{ "secret\nmore\n", 12, "secret", 6 },
		{ " secret \n", 9, " secret ", 8 },
		{ "se\rcret\n", 8, "se\rcret", 7 },
		{ "a\0b\xff\n", 5, "a\0b\xff", 4 },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char const *path = file_of(cases[i].file, cases[i].file_len);
		uint8_t out[64];
		size_t len;

		assert_int_equal(input_secret_read(out, sizeof(out), &len, path, "", NULL), MPSK_OK);
		assert_int_equal(len, cases[i].line_len);
		assert_memory_equal(out, cases[i].line, len);
		unlink(path);
	}
}

static void refused(char const *path, size_t size, char const *text)
{
	uint8_t out[INPUT_MAX], zero[INPUT_MAX] = { 0 };
	mpsk_error_t err = { "" };
	size_t len;

	memset(out, 0xa5, sizeof(out));
	assert_int_equal(input_secret_read(out, size, &len, path, "", &err), MPSK_BAD);
	assert_memory_equal(out, zero, size);
	if (!strstr(err.text, text)) fail_msg("%s", err.text);
}

static void test_refused(void **state)
{
	char longer[2 * INPUT_MAX];
	char const *path;

	(void) state;
	memset(longer, 'x', sizeof(longer));
	path = file_of("", 0);
	refused(path, 64, "first line is empty");
	unlink(path);
	path = file_of("\nsecret", 7);
	refused(path, 64, "first line is empty");
	unlink(path);
	refused(path, 64, "No such file");
	path = file_of(longer, 65);
	refused(path, 64, "over 64 octets");
	unlink(path);
	path = file_of(longer, sizeof(longer));
	refused(path, INPUT_MAX, "over 512 octets");
	unlink(path);
	refused("/", 64, "Is a directory");
}

static void test_the_longest(void **state)
{
	char longest[INPUT_MAX + 2];
	uint8_t out[INPUT_MAX];
	char const *path;
	size_t len;

	(void) state;
	memset(longest, 'x', sizeof(longest));
	memcpy(longest + INPUT_MAX, "\r\n", 2);
	path = file_of(longest, sizeof(longest));
	assert_int_equal(input_secret_read(out, sizeof(out), &len, path, "", NULL), MPSK_OK);
	assert_int_equal(len, INPUT_MAX);
	unlink(path);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_first_line),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_the_longest),
	};

	return cmocka_run_group_tests_name("radmpsk/input", tests, NULL, NULL);
}
