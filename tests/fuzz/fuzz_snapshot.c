/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot. The first octet says what the rest is: 0, a file; 1, rows; 2,
 * three octets that say where a whole file is changed and how, or how much
 * of it is left, and the content of its chunks.
 */
#include <fcntl.h>
#include <unistd.h>

#include "store/snapshot.h"
#include "store/snapshot_row.h"
#include "tests/fuzz/fuzz.h"

#define CHUNK	16

static mpsk_keyring_t const ring = { .n = 1, .keks = { { .id = "k1", .octets = { 1, 2, 3 } } } };

static mpsk_status_t use(void *uctx, mpsk_row_t const *row, mpsk_error_t *err)
{
	size_t *rows = uctx;
	mpsk_keyring_t const *none = NULL;
	char id[MPSK_ID_MAX + 1];
	mpsk_key_t *key = NULL;
	mpsk_error_t why;

	(void) err;
	FUZZ_CHECK(row->name[row->name_len] == '\0');
	FUZZ_CHECK(row->pairs->elements % 2 == 0);
	for (size_t i = 0; i < row->pairs->elements; i++) {
		FUZZ_CHECK(row->pairs->element[i]->str[row->pairs->element[i]->len] == '\0');
	}
	(void) mpsk_row_key(NULL, &key, row, none, id, &why);
	talloc_free(key);
	(*rows)++;
	return MPSK_OK;
}

/* What is made of a row is the same row. */
static void fuzz_rows(fuzz_input_t in)
{
	size_t len;
	uint8_t *octets = fuzz_take(&in, in.left, &len);
	mpsk_cursor_t c = mpsk_cursor(octets, len);
	mpsk_snapshot_row_t row;
	mpsk_error_t err;

	while (mpsk_snapshot_row_next(&row, &c)) {
		mpsk_row_t *made;
		size_t rows = 0, again;
		uint8_t *put;

		if (mpsk_snapshot_row_make(NULL, &made, &row, &err) != MPSK_OK) continue;
		again = mpsk_snapshot_row_size(made);
		FUZZ_CHECK(again == row.len);
		put = malloc(again);
		FUZZ_CHECK(put);
		mpsk_snapshot_row_put(put, made);
		FUZZ_CHECK(memcmp(put, row.octets, again) == 0);
		free(put);
		(void) use(&rows, made, &err);
		talloc_free(made);
	}
	free(octets);
}

static void spit(char const *path, uint8_t const *octets, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	FUZZ_CHECK(fd >= 0 && write(fd, octets, len) == (ssize_t) len);
	close(fd);
}

static mpsk_status_t file_read(char const *path)
{
	mpsk_snapshot_info_t info;
	mpsk_error_t err = { "" };
	size_t rows = 0;
	mpsk_status_t status = mpsk_snapshot_load(path, &ring, use, &rows, &info, &err);

	if (status != MPSK_OK) fuzz_check_error(&err);
	return status;
}

static void file_write(char const *path, fuzz_input_t in)
{
	mpsk_snapshot_info_t const info = { .in_step_at = 1, .meta = { .epoch = "e" } };
	mpsk_snapshot_writer_t *writer;
	mpsk_error_t err;

	FUZZ_CHECK(mpsk_snapshot_writer_open(NULL, &writer, path, &ring.keks[0], &err) == MPSK_OK);
	while (in.left) {
		size_t len;
		uint8_t *octets = fuzz_take(&in, CHUNK, &len);

		FUZZ_CHECK(mpsk_snapshot_writer_chunk(writer, octets, len, &err) == MPSK_OK);
		free(octets);
	}
	FUZZ_CHECK(mpsk_snapshot_writer_commit(&writer, &info, &err) == MPSK_OK);
}

/* A file that was changed in one octet, or cut, is never taken for a whole one. */
static void fuzz_changed(char const *path, fuzz_input_t in)
{
	size_t at = fuzz_octet(&in);
	uint8_t by = fuzz_octet(&in);
	bool cut = fuzz_octet(&in) & 1;
	static uint8_t octets[1 << 20];
	ssize_t len;
	int fd;

	file_write(path, in);
	fd = open(path, O_RDONLY);
	FUZZ_CHECK(fd >= 0);
	len = read(fd, octets, sizeof(octets));
	close(fd);
	if (len <= 0 || len == sizeof(octets)) return;
	at = at * (size_t) len / 256;
	if (!cut) octets[at] ^= by;
	spit(path, octets, cut ? at : (size_t) len);
	if (cut || by) FUZZ_CHECK(file_read(path) != MPSK_OK);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	fuzz_input_t in = { data, size };
	char dir[] = "/tmp/mpsk-fuzz-XXXXXX", path[sizeof(dir) + 16];
	uint8_t kind = fuzz_octet(&in);

	if (kind == 1) {
		fuzz_rows(in);
		return 0;
	}
	FUZZ_CHECK(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/snapshot", dir);
	if (kind == 2) {
		fuzz_changed(path, in);
	} else {
		spit(path, in.p, in.left);
		(void) file_read(path);
	}
	unlink(path);
	rmdir(dir);
	return 0;
}
