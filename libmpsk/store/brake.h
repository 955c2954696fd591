/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wipe brake: whether a load is a change of the keys that somebody
 * wanted, or data that were lost. What looks lost is not taken over: the copy
 * stays as it is, the log says so each minute, and a person decides, or time.
 * Data of a schema that is not ours to read are held in the same way, until
 * they are of one that is.
 */
#ifndef MPSK_STORE_BRAKE_H
#define MPSK_STORE_BRAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "store/meta.h"
#include "store/sync.h"

typedef struct mpsk_brake mpsk_brake_t;

/* hold_ms: how long data are held that may be right; 0: nothing is held. NULL where memory is out. */
mpsk_brake_t *mpsk_brake_create(TALLOC_CTX *ctx, mpsk_sync_sink_t const *sink, void *uctx, int hold_ms);

/* The copy is one that was kept, of data with this meta. */
void mpsk_brake_restore(mpsk_brake_t *brake, mpsk_meta_t const *meta);

/*
 * A load is to begin, and this is the meta of its data: false where they are
 * not to be read, for they are others than before, older, or of a later schema.
 * An epoch that was stamped but once may have been lost alone: then they are
 * read, and mpsk_brake_end() holds them where one key is missing.
 */
bool mpsk_brake_begin(mpsk_brake_t *brake, mpsk_meta_t const *meta);

/* A load is at its end, and would take `lost` of the copy's keys away: false where it must not. */
bool mpsk_brake_end(mpsk_brake_t *brake, size_t had, size_t lost);

/* A meta that was read again while data are held: true where a load may be tried at once. */
bool mpsk_brake_released(mpsk_brake_t *brake, mpsk_meta_t const *meta);

/* The meta of the data that are followed, for as long as they are. */
mpsk_meta_t const *mpsk_brake_meta(mpsk_brake_t const *brake);

/* A stamp came back with this meta: false where it is that of other data, which are to be loaded. */
bool mpsk_brake_stamped(mpsk_brake_t *brake, mpsk_meta_t const *meta);

/* Whether data are held. */
bool mpsk_brake_held(mpsk_brake_t const *brake);

#endif
