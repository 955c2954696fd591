/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of a snapshot: octets in chunks, each sealed with AES-256-GCM
 * (NIST SP 800-38D), so that nobody can read, cut, reorder or mix them.
 *
 *	magic 8, version 1, length of KEK id 1, KEK id 32, salt 16
 *	for each chunk: length 4 (the highest bit: it is the last), ciphertext, tag 16
 *
 * The key is HMAC-SHA256 over a label and the salt, with the KEK of the id:
 * one for each file, so that counters can be its nonces. Authenticated with
 * each chunk are the header, the chunk's number and whether it is the last.
 * The last chunk says of which moment and of which data the file is, which
 * is known only when all else has been written.
 */
#ifndef MPSK_STORE_SNAPSHOT_FILE_H
#define MPSK_STORE_SNAPSHOT_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"
#include "key/keyring.h"
#include "store/meta.h"

#define MPSK_SNAPSHOT_VERSION	1
#define MPSK_SNAPSHOT_CHUNK_MAX	(64u << 20)	/* octets in clear */

typedef struct {
	int64_t		in_step_at;	/* epoch seconds: when it was equal to the store */
	mpsk_meta_t	meta;		/* of the store's data */
} mpsk_snapshot_info_t;

typedef struct mpsk_snapshot_writer mpsk_snapshot_writer_t;

/* Begin a file beside path, its name with ".new" behind, for its owner alone. talloc_free() gives it up. */
mpsk_status_t mpsk_snapshot_writer_open(TALLOC_CTX *ctx, mpsk_snapshot_writer_t **writer, char const *path,
					mpsk_kek_t const *kek, mpsk_error_t *err);

/* Add a chunk; BAD where it is longer than MPSK_SNAPSHOT_CHUNK_MAX. */
mpsk_status_t mpsk_snapshot_writer_chunk(mpsk_snapshot_writer_t *writer, uint8_t const *octets, size_t len,
					 mpsk_error_t *err);

/* Write the last chunk, and put the file in the place of path's once it is on the disk; frees the writer, always. */
mpsk_status_t mpsk_snapshot_writer_commit(mpsk_snapshot_writer_t **writer, mpsk_snapshot_info_t const *info,
					  mpsk_error_t *err);

/* A chunk in clear, wiped after the call. What is not OK ends the reading, which returns it. */
typedef mpsk_status_t (*mpsk_snapshot_use_t)(void *uctx, uint8_t const *octets, size_t len, mpsk_error_t *err);

/*
 * Read a file, and give each chunk but the last to use (may be NULL: it is
 * only checked). What is wrong further on is found only after the chunks
 * before it were used. MISS where there is no such file or its KEK is not in
 * the keyring, BAD where it is malformed, changed, cut or of another
 * version; each with a text.
 */
mpsk_status_t mpsk_snapshot_read(char const *path, mpsk_keyring_t const *keyring, mpsk_snapshot_use_t use, void *uctx,
				 mpsk_snapshot_info_t *info, mpsk_error_t *err);

#endif
