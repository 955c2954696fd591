/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Epochs: how a writer knows that no reader can still see what it took out.
 *
 * A reader claims a slot with the epoch of its entry. The writer takes a
 * thing out of sight, retires it with the present epoch and goes on to the
 * next one; the thing is freed when every slot is empty or of a later epoch.
 */
#ifndef MPSK_INDEX_EPOCH_H
#define MPSK_INDEX_EPOCH_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "index/index.h"

/* Stands first in whatever can be retired, so that retiring needs no memory. */
typedef struct mpsk_retired mpsk_retired_t;
struct mpsk_retired {
	mpsk_retired_t	*next;
	uint64_t	epoch;
	void		(*free)(mpsk_retired_t *self);
};

typedef struct mpsk_epoch_chunk mpsk_epoch_chunk_t;

typedef struct {
	_Atomic uint64_t	now;	/* from 1: 0 in a slot means that it is empty */
	mpsk_epoch_chunk_t	*slots;
	mpsk_index_t		*index;
	mpsk_retired_t		*head;	/* retired, oldest first */
	mpsk_retired_t		**tail;
} mpsk_epoch_t;

/* ERR where memory is out. */
mpsk_status_t mpsk_epoch_init(mpsk_epoch_t *epoch, mpsk_index_t *index);

/* Readers, on any thread. */
mpsk_index_reader_t *mpsk_epoch_enter(mpsk_epoch_t *epoch);
void mpsk_epoch_leave(mpsk_index_reader_t *reader);
mpsk_index_t *mpsk_epoch_index(mpsk_index_reader_t const *reader);

/* For the reader to count in what it has spent since it entered. */
uint64_t *mpsk_epoch_spent_ns(mpsk_index_reader_t *reader);

/* The writer: something no new reader can reach any more will be given to free_self when no reader is left on it. */
void mpsk_epoch_retire(mpsk_epoch_t *epoch, mpsk_retired_t *thing, void (*free_self)(mpsk_retired_t *self));

/* The writer: free what may be freed now. Between two calls nothing is freed. Returns whether nothing is left. */
bool mpsk_epoch_reclaim(mpsk_epoch_t *epoch);

/* Wait for readers, for at most wait_ms, then free everything. */
void mpsk_epoch_finish(mpsk_epoch_t *epoch, int wait_ms);

#endif
