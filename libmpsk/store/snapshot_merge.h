/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot's file brought up to date: what it holds, and what changed
 * since, in a new one.
 */
#ifndef MPSK_STORE_SNAPSHOT_MERGE_H
#define MPSK_STORE_SNAPSHOT_MERGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "key/keyring.h"
#include "store/snapshot_file.h"

/* Rows, one after another, as snapshot_row.h has them: a secret. */
typedef struct mpsk_snapshot_piece mpsk_snapshot_piece_t;
struct mpsk_snapshot_piece {
	mpsk_snapshot_piece_t	*next;
	size_t			len, room;
	uint8_t			octets[];
};

/* An empty piece with room for len octets; NULL where memory is out. */
mpsk_snapshot_piece_t *mpsk_snapshot_piece_create(size_t len);

/* Wipe and free a list of them. */
void mpsk_snapshot_pieces_free(mpsk_snapshot_piece_t **pieces);

/* Write the file of path anew; of several rows of one name the last counts. */
mpsk_status_t mpsk_snapshot_merge(char const *path, mpsk_keyring_t const *keyring,
				  mpsk_snapshot_piece_t const *changes, mpsk_snapshot_info_t const *info,
				  mpsk_error_t *err);

#endif
