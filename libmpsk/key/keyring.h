/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keyring: the key-encryption keys (KEK) that seal secrets in the store,
 * in a file that the store's machine never sees.
 *
 * A line for each, the oldest first: its id, a space, 32 octets in base64.
 * Empty lines and those that begin with '#' are passed over. The last KEK
 * seals; every one opens.
 */
#ifndef MPSK_KEY_KEYRING_H
#define MPSK_KEY_KEYRING_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"

#define MPSK_KEK_LEN		32
#define MPSK_KEK_ID_MAX		32	/* of letters, digits, '.', '_' and '-' */
#define MPSK_KEYRING_MAX	64	/* KEKs */
#define MPSK_KEYRING_LINE_MAX	(MPSK_KEK_ID_MAX + 1 + 44 + 2)	/* with newline and NUL */

typedef struct {
	char	id[MPSK_KEK_ID_MAX + 1];
	uint8_t	octets[MPSK_KEK_LEN];
} mpsk_kek_t;

/* Immutable once read: any number of threads may use it. */
typedef struct {
	size_t		n;	/* 1 or more */
	mpsk_kek_t	keks[MPSK_KEYRING_MAX];
} mpsk_keyring_t;

/*
 * Read a keyring; it belongs to ctx, and freeing it wipes it. MISS where
 * there is no such file; BAD, with a text that names the line, where it is
 * malformed, holds no KEK or the same id twice, or where others than its
 * owner and group may read it or others than its owner write it; ERR where
 * it cannot be read.
 */
mpsk_status_t mpsk_keyring_load(TALLOC_CTX *ctx, mpsk_keyring_t **keyring, char const *path, mpsk_error_t *err);

/* The KEK of an id, which need not end in NUL; or NULL. */
mpsk_kek_t const *mpsk_keyring_find(mpsk_keyring_t const *keyring, char const *id, size_t len);

/* The one that seals. */
mpsk_kek_t const *mpsk_keyring_newest(mpsk_keyring_t const *keyring);

/* A new KEK as a line of a keyring file; wipe it. BAD for an id outside its grammar, ERR without randomness. */
mpsk_status_t mpsk_keyring_line(char out[static MPSK_KEYRING_LINE_MAX], char const *id, mpsk_error_t *err);

#endif
