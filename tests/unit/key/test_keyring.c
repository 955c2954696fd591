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

#include "key/keyring.h"

#define KEK "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="	/* 0, 1 and so on to 31 */

static char path[] = "/tmp/mpsk-keyring-XXXXXX";

static int file_make(void **state)
{
	int fd = mkstemp(path);

	(void) state;
	return fd >= 0 ? close(fd) : -1;
}

static int file_remove(void **state)
{
	(void) state;
	return unlink(path);
}

static mpsk_status_t load(mpsk_keyring_t **keyring, char const *text, mode_t mode, mpsk_error_t *err)
{
	FILE *file;

	assert_int_equal(chmod(path, 0600), 0);	/* only root may write into one that is 0400 */
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
	return mpsk_keyring_load(NULL, keyring, path, err);
}

static void test_the_last_one_seals_and_all_are_found(void **state)
{
	mpsk_keyring_t *keyring;

	(void) state;
	assert_int_equal(load(&keyring, "# ours\n\nfirst " KEK "\n"
			      "second.2 //////////////////////////////////////////8=", 0600, NULL), MPSK_OK);
	assert_int_equal(keyring->n, 2);
	assert_string_equal(mpsk_keyring_newest(keyring)->id, "second.2");
	assert_int_equal(mpsk_keyring_newest(keyring)->octets[31], 0xff);
	assert_int_equal(mpsk_keyring_find(keyring, "first", 5)->octets[31], 31);
	assert_null(mpsk_keyring_find(keyring, "firs", 4));
	assert_null(mpsk_keyring_find(keyring, "first2", 6));
	talloc_free(keyring);
}

static void test_what_is_wrong_is_named(void **state)
{
	static struct {
		char const	*text;
		mode_t		mode;
		char const	*why;
	} const files[] = {
		{ "", 0400, "it holds no key" },
		{ "# nothing\n", 0400, "it holds no key" },
		{ "a " KEK "\nb\n", 0400, "line 2: no 32 octets in base64" },
		{ "a AAAA\n", 0400, "line 1: no 32 octets" },
		{ "a " KEK "AAAA\n", 0400, "line 1: no 32 octets" },
		{ "a " KEK " \n", 0400, "line 1: no 32 octets" },
		{ "a " KEK "\n\na " KEK "\n", 0400, "line 3: the id stands there twice" },
		{ "a:b " KEK "\n", 0400, "line 1: the id is not" },
		{ " " KEK "\n", 0400, "line 1: the id is not" },
		{ "abcdefghijklmnopqrstuvwxyz0123456 " KEK "\n", 0400, "line 1: the id is not" },
		{ "a " KEK "\n", 0404, "mode 0404" },
		{ "a " KEK "\n", 0620, "mode 0620" },
		{ "a " KEK "\n", 0401, "mode 0401" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		mpsk_keyring_t *keyring;
		mpsk_error_t err = { "" };

		assert_int_equal(load(&keyring, files[i].text, files[i].mode, &err), MPSK_BAD);
		assert_null(keyring);
		if (!strstr(err.text, files[i].why) || !strstr(err.text, path)) fail_msg("%zu: %s", i, err.text);
		assert_null(strstr(err.text, "AAEC"));
	}
}

static void test_no_file_and_no_plain_file(void **state)
{
	mpsk_keyring_t *keyring;
	mpsk_error_t err;

	(void) state;
	assert_int_equal(mpsk_keyring_load(NULL, &keyring, "/nonexistent/keyring", &err), MPSK_MISS);
	assert_int_equal(mpsk_keyring_load(NULL, &keyring, "/tmp", &err), MPSK_BAD);
	assert_int_equal(mpsk_keyring_load(NULL, &keyring, "/dev/zero", &err), MPSK_BAD);
}

static void test_too_many(void **state)
{
	mpsk_keyring_t *keyring;
	mpsk_error_t err = { "" };
	char *text = calloc(1, (MPSK_KEYRING_MAX + 1) * 64);

	(void) state;
	assert_non_null(text);
	for (unsigned i = 0; i < MPSK_KEYRING_MAX; i++) sprintf(text + strlen(text), "k%u " KEK "\n", i);
	assert_int_equal(load(&keyring, text, 0440, NULL), MPSK_OK);
	talloc_free(keyring);
	strcat(text, "last " KEK "\n");
	assert_int_equal(load(&keyring, text, 0440, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "line 65: more than 64"));
	free(text);
}

static void test_a_line_is_read_back(void **state)
{
	char a[MPSK_KEYRING_LINE_MAX], b[MPSK_KEYRING_LINE_MAX], text[2 * MPSK_KEYRING_LINE_MAX];
	mpsk_keyring_t *keyring;
	mpsk_error_t err;

	(void) state;
	assert_int_equal(mpsk_keyring_line(a, "a", NULL), MPSK_OK);
	assert_int_equal(mpsk_keyring_line(b, "abcdefghijklmnopqrstuvwxyz012345", NULL), MPSK_OK);
	assert_int_equal(mpsk_keyring_line(text, "", &err), MPSK_BAD);
	assert_int_equal(mpsk_keyring_line(text, "a b", &err), MPSK_BAD);
	assert_int_equal(mpsk_keyring_line(text, "abcdefghijklmnopqrstuvwxyz0123456", &err), MPSK_BAD);
	snprintf(text, sizeof(text), "%s%s", a, b);
	assert_int_equal(load(&keyring, text, 0400, NULL), MPSK_OK);
	assert_int_equal(keyring->n, 2);
	assert_memory_not_equal(keyring->keks[0].octets, keyring->keks[1].octets, MPSK_KEK_LEN);
	talloc_free(keyring);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_the_last_one_seals_and_all_are_found),
		cmocka_unit_test(test_what_is_wrong_is_named),
		cmocka_unit_test(test_no_file_and_no_plain_file),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_a_line_is_read_back),
	};

	return cmocka_run_group_tests_name("key/keyring", tests, file_make, file_remove);
}
