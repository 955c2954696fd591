/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mpskctl/nas_file.h"

static char path[] = "/tmp/mpsk-nas-file.XXXXXX";

static int begin(void **state)
{
	int fd = mkstemp(path);

	(void) state;
	if (fd < 0) return -1;
	close(fd);
	return 0;
}

static int end(void **state)
{
	(void) state;
	return unlink(path);
}

static mpsk_status_t load(ctl_nas_file_t **file, char const *text, size_t len, mpsk_error_t *err)
{
	FILE *stream = fopen(path, "w");

	assert_non_null(stream);
	assert_int_equal(fwrite(text, 1, len, stream), len);
	assert_int_equal(fclose(stream), 0);
	assert_int_equal(chmod(path, 0600), 0);
	return ctl_nas_file_load(NULL, file, path, err);
}

static void test_first_match(void **state)
{
	static char const text[] =
		"# access points\n\n"
		"  ap-1\tcoa_port=1700   coa_dialect=cisco coa_cache=0 coa_address=wlc.example secret=a b=c \r\n"
		"192.0.2.7 secret=second\n"
		"ap-1 secret=never\n"
		"* secret=all";
	ctl_nas_file_t *file;
	mpsk_nas_coa_t const *coa;

	(void) state;
	assert_int_equal(load(&file, text, strlen(text), NULL), MPSK_OK);
	coa = ctl_nas_file_find(file, "ap-1", "192.0.2.7");
	assert_int_equal(coa->secret_len, 6);
	assert_memory_equal(coa->secret, "a b=c ", 6);
	assert_int_equal(coa->port, 1700);
	assert_int_equal(coa->cache, 0);
	assert_string_equal(coa->dialect, "cisco");
	assert_string_equal(coa->address, "wlc.example");
	assert_memory_equal(ctl_nas_file_find(file, "ap-2", "192.0.2.7")->secret, "second", 6);
	assert_memory_equal(ctl_nas_file_find(file, "192.0.2.7", "")->secret, "second", 6);
	assert_memory_equal(ctl_nas_file_find(file, "ap-2", "")->secret, "all", 3);
	talloc_free(file);
	assert_int_equal(load(&file, "ap-1 secret=x\n", 14, NULL), MPSK_OK);
	assert_null(ctl_nas_file_find(file, "ap-2", ""));
	talloc_free(file);
}

static void test_many(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	ctl_nas_file_t *file;

	(void) state;
	assert_non_null(out);
	for (int i = 0; i < 1000; i++) fprintf(out, "ap-%d secret=of-%d\n", i, i);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(load(&file, text, len, NULL), MPSK_OK);
	assert_memory_equal(ctl_nas_file_find(file, "ap-0", "")->secret, "of-0", 4);
	assert_memory_equal(ctl_nas_file_find(file, "ap-999", "")->secret, "of-999", 6);
	talloc_free(file);
	free(text);
}

static void test_what_is_wrong(void **state)
{
	static char const *const rows[] = {
		"ap", "ap secret", "ap secret=", "ap coa_port=0 secret=x", "ap coa_port=1", "ap psk=1 secret=x",
		"ap coa_port=1 coa_port=1 coa_port=1 coa_port=1 coa_port=1 coa_port=1 coa_port=1 coa_port=1 secret=x",
		"ap secret=enc1:x", "secret=x",
	};
	char longest[2000];
	ctl_nas_file_t *file;
	mpsk_error_t err = { "" };

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (load(&file, rows[i], strlen(rows[i]), &err) != MPSK_BAD) fail_msg("%s", rows[i]);
		assert_non_null(strstr(err.text, "line 1: "));
		assert_null(file);
	}
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(load(&file, longest, sizeof(longest), &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "line 1: over "));
	assert_int_equal(load(&file, "ap secret=x\n", 12, NULL), MPSK_OK);
	talloc_free(file);
	assert_int_equal(chmod(path, 0604), 0);
	assert_int_equal(ctl_nas_file_load(NULL, &file, path, &err), MPSK_BAD);
	assert_int_equal(chmod(path, 0660), 0);
	assert_int_equal(ctl_nas_file_load(NULL, &file, path, &err), MPSK_BAD);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(ctl_nas_file_load(NULL, &file, path, &err), MPSK_OK);
	talloc_free(file);
	assert_int_equal(ctl_nas_file_load(NULL, &file, "/tmp", &err), MPSK_BAD);
	assert_int_equal(ctl_nas_file_load(NULL, &file, "/nowhere/at/all", &err), MPSK_BAD);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_first_match),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_what_is_wrong),
	};

	return cmocka_run_group_tests_name("mpskctl/nas_file", tests, begin, end);
}
