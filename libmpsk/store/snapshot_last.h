/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the two sides of a snapshot's file share: its marks, and its last
 * chunk.
 */
#ifndef MPSK_STORE_SNAPSHOT_LAST_H
#define MPSK_STORE_SNAPSHOT_LAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/snapshot_file.h"

#define MPSK_SNAPSHOT_MAGIC	"mpsksnap"
#define MPSK_SNAPSHOT_MAGIC_LEN	8
#define MPSK_SNAPSHOT_LAST	(1u << 31)	/* in a chunk's length */
#define MPSK_SNAPSHOT_LAST_MAX	(3 * 8 + MPSK_EPOCH_MAX)

/* Write it; returns its length. */
size_t mpsk_snapshot_last_put(uint8_t out[static MPSK_SNAPSHOT_LAST_MAX], mpsk_snapshot_info_t const *info);

/* Read it; false where it is malformed. */
bool mpsk_snapshot_last_get(mpsk_snapshot_info_t *info, uint8_t const *octets, size_t len);

#endif
