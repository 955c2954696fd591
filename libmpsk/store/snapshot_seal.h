/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sealing of a snapshot's chunks: snapshot_file.h says what is bound to
 * what.
 */
#ifndef MPSK_STORE_SNAPSHOT_SEAL_H
#define MPSK_STORE_SNAPSHOT_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "key/keyring.h"

#define MPSK_SNAPSHOT_SALT_LEN		16
#define MPSK_SNAPSHOT_TAG_LEN		16
#define MPSK_SNAPSHOT_HEADER_LEN	(8 + 1 + 1 + MPSK_KEK_ID_MAX + MPSK_SNAPSHOT_SALT_LEN)

/* The key of one file, a secret, and how many chunks it has sealed or opened. */
typedef struct {
	uint8_t		header[MPSK_SNAPSHOT_HEADER_LEN];
	uint8_t		key[MPSK_KEK_LEN];
	uint64_t	chunks;
} mpsk_snapshot_seal_t;

/* For a file with this header, whose last octets are its salt. False where libcrypto fails. */
bool mpsk_snapshot_seal_init(mpsk_snapshot_seal_t *seal, mpsk_kek_t const *kek,
			     uint8_t const header[static MPSK_SNAPSHOT_HEADER_LEN]);

/* Seal the next chunk: len octets and a tag into out. False where libcrypto fails. */
bool mpsk_snapshot_seal_close(mpsk_snapshot_seal_t *seal, uint8_t *out, uint8_t const *octets, size_t len, bool last);

/*
 * Open the next chunk: len octets, and behind them a tag. False where it is
 * not that chunk of that file; out is wiped then.
 */
bool mpsk_snapshot_seal_open(mpsk_snapshot_seal_t *seal, uint8_t *out, uint8_t const *box, size_t len, bool last);

#endif
