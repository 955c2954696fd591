/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/snapshot_merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "store/names.h"
#include "store/snapshot_row.h"

/* The numbers of the names are how many rows each has among the changes. */
typedef struct {
	mpsk_names_t		*names;
	mpsk_snapshot_writer_t	*writer;
	mpsk_snapshot_piece_t	*out;	/* rows of one chunk of the old file that stay, or those of a piece */
} merge_t;

mpsk_snapshot_piece_t *mpsk_snapshot_piece_create(size_t len)
{
	mpsk_snapshot_piece_t *piece = malloc(sizeof(*piece) + len);

	if (!piece) return NULL;
	*piece = (mpsk_snapshot_piece_t) { .room = len };
	return piece;
}

void mpsk_snapshot_pieces_free(mpsk_snapshot_piece_t **pieces)
{
	while (*pieces) {
		mpsk_snapshot_piece_t *next = (*pieces)->next;

		mpsk_secret_wipe((*pieces)->octets, (*pieces)->len);
		free(*pieces);
		*pieces = next;
	}
}

static mpsk_status_t out_of_memory(mpsk_error_t *err)
{
	return mpsk_error_set(err, MPSK_ERR, "out of memory");
}

static mpsk_status_t names_count(merge_t *merge, mpsk_snapshot_piece_t const *piece, mpsk_error_t *err)
{
	mpsk_cursor_t c = mpsk_cursor(piece->octets, piece->len);
	mpsk_snapshot_row_t row;

	while (mpsk_snapshot_row_next(&row, &c)) {
		mpsk_name_t *name = mpsk_names_add(merge->names, row.name, row.name_len);

		if (!name) return out_of_memory(err);
		name->number++;
	}
	return MPSK_OK;
}

/* Room for all of a chunk. */
static mpsk_status_t out_begin(merge_t *merge, size_t len, mpsk_error_t *err)
{
	if (!merge->out || merge->out->room < len) {
		mpsk_snapshot_pieces_free(&merge->out);
		merge->out = mpsk_snapshot_piece_create(len);
	}
	return merge->out ? MPSK_OK : out_of_memory(err);
}

static void out_add(merge_t *merge, mpsk_snapshot_row_t const *row)
{
	memcpy(merge->out->octets + merge->out->len, row->octets, row->len);
	merge->out->len += row->len;
}

static mpsk_status_t out_end(merge_t *merge, mpsk_error_t *err)
{
	mpsk_snapshot_piece_t *out = merge->out;
	mpsk_status_t status = MPSK_OK;

	if (out->len > 0) status = mpsk_snapshot_writer_chunk(merge->writer, out->octets, out->len, err);
	mpsk_secret_wipe(out->octets, out->len);
	out->len = 0;
	return status;
}

/* A chunk of the old file: what has not changed. */
static mpsk_status_t old_use(void *uctx, uint8_t const *octets, size_t len, mpsk_error_t *err)
{
	merge_t *merge = uctx;
	mpsk_cursor_t c = mpsk_cursor(octets, len);
	mpsk_snapshot_row_t row;

	if (out_begin(merge, len, err) != MPSK_OK) return MPSK_ERR;
	while (mpsk_snapshot_row_next(&row, &c)) {
		if (!mpsk_names_find(merge->names, row.name, row.name_len)) out_add(merge, &row);
	}
	if (c.failed) return mpsk_error_set(err, MPSK_BAD, "a row of the snapshot is malformed");
	return out_end(merge, err);
}

/* A piece of what changed: the last row of each name, but of those that are gone. */
static mpsk_status_t piece_use(merge_t *merge, mpsk_snapshot_piece_t const *piece, mpsk_error_t *err)
{
	mpsk_cursor_t c = mpsk_cursor(piece->octets, piece->len);
	mpsk_snapshot_row_t row;

	if (out_begin(merge, piece->len, err) != MPSK_OK) return MPSK_ERR;
	while (mpsk_snapshot_row_next(&row, &c)) {
		mpsk_name_t *name = mpsk_names_find(merge->names, row.name, row.name_len);

		if (name && --name->number == 0 && !mpsk_snapshot_row_is_gone(&row)) out_add(merge, &row);
	}
	return out_end(merge, err);
}

mpsk_status_t mpsk_snapshot_merge(char const *path, mpsk_keyring_t const *keyring,
				  mpsk_snapshot_piece_t const *changes, mpsk_snapshot_info_t const *info,
				  mpsk_error_t *err)
{
	merge_t merge = { .names = mpsk_names_create(NULL) };
	mpsk_snapshot_info_t before;
	mpsk_status_t status = merge.names ? MPSK_OK : out_of_memory(err);

	for (mpsk_snapshot_piece_t const *piece = changes; piece && status == MPSK_OK; piece = piece->next) {
		status = names_count(&merge, piece, err);
	}
	if (status == MPSK_OK) {
		status = mpsk_snapshot_writer_open(NULL, &merge.writer, path, mpsk_keyring_newest(keyring), err);
	}
	if (status == MPSK_OK) status = mpsk_snapshot_read(path, keyring, old_use, &merge, &before, err);
	for (mpsk_snapshot_piece_t const *piece = changes; piece && status == MPSK_OK; piece = piece->next) {
		status = piece_use(&merge, piece, err);
	}
	if (status == MPSK_OK) status = mpsk_snapshot_writer_commit(&merge.writer, info, err);
	talloc_free(merge.writer);
	mpsk_snapshot_pieces_free(&merge.out);
	talloc_free(merge.names);
	return status;
}
