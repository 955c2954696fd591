/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <cmocka.h>

void ring_make(char path[static RING_PATH_MAX], char const *dir, char const *name, char const *id,
	       mpsk_keyring_t **keyring)
{
	char line[MPSK_KEYRING_LINE_MAX];
	mpsk_error_t err;
	FILE *file;

	snprintf(path, RING_PATH_MAX, "%s/%s", dir, name);
	assert_int_equal(mpsk_keyring_line(line, id, &err), MPSK_OK);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(line, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(mpsk_keyring_load(NULL, keyring, path, &err), MPSK_OK);
}
