/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a person got wrong in Redis, told once: one line for each key that is
 * refused, again only where the reason changes, and not more than a few
 * lines at a time.
 */
#ifndef MPSK_STORE_REFUSALS_H
#define MPSK_STORE_REFUSALS_H

#include <stddef.h>
#include <talloc.h>

#include "base/status.h"
#include "store/sync.h"

typedef struct mpsk_refusals mpsk_refusals_t;

/* NULL where memory is out. */
mpsk_refusals_t *mpsk_refusals_create(TALLOC_CTX *ctx, mpsk_sync_sink_t const *sink, void *uctx);

/* A Redis key is refused; what is it ("key bob") and why. */
void mpsk_refusals_note(mpsk_refusals_t *refusals, char const *name, size_t len, char const *what,
			mpsk_error_t const *why);

/* A Redis key is good, or gone. */
void mpsk_refusals_forget(mpsk_refusals_t *refusals, char const *name, size_t len);

/* A full load begins; it ended: what was not noted since is forgotten. */
void mpsk_refusals_begin(mpsk_refusals_t *refusals);
void mpsk_refusals_commit(mpsk_refusals_t *refusals);

/* Allow more lines, and say how many were left out until now. To be called about once a second, and after a load. */
void mpsk_refusals_tick(mpsk_refusals_t *refusals);

/* How many keys are refused now. */
size_t mpsk_refusals_count(mpsk_refusals_t const *refusals);

#endif
