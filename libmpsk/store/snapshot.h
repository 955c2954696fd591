/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The snapshot: what sync has read of Redis, sealed on the disk, for a start
 * while Redis is away. docs/explanation/sync.md says how it is used.
 *
 * One thread (sync's) tells what it reads; a thread of the snapshot's own
 * seals and writes, so that nobody waits for a disk. Each file takes the
 * place of the last one when it is whole.
 */
#ifndef MPSK_STORE_SNAPSHOT_H
#define MPSK_STORE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/status.h"
#include "key/keyring.h"
#include "store/rows.h"
#include "store/snapshot_file.h"

typedef struct mpsk_snapshot mpsk_snapshot_t;

/*
 * Start the thread; the keyring must outlive it. What changed is written
 * every interval_s seconds at most. talloc_free() writes what waits, and
 * ends it. NULL where memory or threads are out.
 */
mpsk_snapshot_t *mpsk_snapshot_create(TALLOC_CTX *ctx, char const *path, mpsk_keyring_t const *keyring,
				      int interval_s);

/* A full load begins, and is whole. Of one that is begun anew, and of what was not written before, nothing is kept. */
void mpsk_snapshot_begin(mpsk_snapshot_t *snapshot);
void mpsk_snapshot_commit(mpsk_snapshot_t *snapshot, mpsk_snapshot_info_t const *info);

/* A row was read: of the load that is under way, or one that changed. */
void mpsk_snapshot_row(mpsk_snapshot_t *snapshot, mpsk_row_t const *row);

/* All that changed has been told: write it where it is time to, or with now in any case. */
void mpsk_snapshot_flush(mpsk_snapshot_t *snapshot, mpsk_snapshot_info_t const *info, bool now);

/* What the log is to be told since the last call; false where there is nothing. *failed: it is bad news. */
bool mpsk_snapshot_news(mpsk_snapshot_t *snapshot, mpsk_error_t *line, bool *failed);

/*
 * Give each row of a snapshot to use, to be wiped after the call; what is not
 * OK ends the reading, which returns it. As mpsk_snapshot_read(), which
 * should have found it to be whole before.
 */
mpsk_status_t mpsk_snapshot_load(char const *path, mpsk_keyring_t const *keyring, mpsk_row_use_t use, void *uctx,
				 mpsk_snapshot_info_t *info, mpsk_error_t *err);

#endif
