/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/epoch.h"

#include <sched.h>
#include <stdalign.h>
#include <stdlib.h>

#include "base/deadline.h"

#define CHUNK_SLOTS	64
#define CACHE_LINE	64

/* A line each: neighbours would otherwise slow each other down. */
struct mpsk_index_reader {
	alignas(CACHE_LINE) _Atomic uint64_t epoch;
	mpsk_index_t *index;
	uint64_t spent_ns;
};

struct mpsk_epoch_chunk {
	struct mpsk_index_reader	slots[CHUNK_SLOTS];
	_Atomic(mpsk_epoch_chunk_t *)	next;
};

static mpsk_epoch_chunk_t *chunk_create(mpsk_index_t *index)
{
	mpsk_epoch_chunk_t *chunk = aligned_alloc(CACHE_LINE, sizeof(*chunk));

	if (!chunk) return NULL;
	for (size_t i = 0; i < CHUNK_SLOTS; i++) {
		atomic_init(&chunk->slots[i].epoch, 0);
		chunk->slots[i].index = index;
	}
	atomic_init(&chunk->next, NULL);
	return chunk;
}

/* The next chunk, made where there is none; NULL where memory is out. */
static mpsk_epoch_chunk_t *chunk_next(mpsk_epoch_t *epoch, mpsk_epoch_chunk_t *chunk)
{
	mpsk_epoch_chunk_t *next = atomic_load_explicit(&chunk->next, memory_order_acquire), *made;

	if (next) return next;
	made = chunk_create(epoch->index);
	if (!made) return NULL;
	if (atomic_compare_exchange_strong_explicit(&chunk->next, &next, made, memory_order_acq_rel,
						    memory_order_acquire)) {
		return made;
	}
	free(made);
	return next;
}

/* Where a thread begins to look for a slot, so that it mostly finds the one that it had. */
static unsigned thread_start(void)
{
	static _Atomic unsigned last;
	static _Thread_local unsigned mine;

	if (mine == 0) mine = atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) % CHUNK_SLOTS + 1;
	return mine - 1;
}

mpsk_status_t mpsk_epoch_init(mpsk_epoch_t *epoch, mpsk_index_t *index)
{
	epoch->index = index;
	epoch->slots = chunk_create(index);
	epoch->head = NULL;
	epoch->tail = &epoch->head;
	atomic_init(&epoch->now, 1);
	return epoch->slots ? MPSK_OK : MPSK_ERR;
}

static mpsk_index_reader_t *chunk_enter(mpsk_epoch_t *epoch, mpsk_epoch_chunk_t *chunk, unsigned start)
{
	for (unsigned i = 0; i < CHUNK_SLOTS; i++) {
		mpsk_index_reader_t *slot = &chunk->slots[(start + i) % CHUNK_SLOTS];
		uint64_t empty = 0, now;

		if (atomic_load_explicit(&slot->epoch, memory_order_relaxed) != 0) continue;
		now = atomic_load_explicit(&epoch->now, memory_order_acquire);
		if (atomic_compare_exchange_strong_explicit(&slot->epoch, &empty, now, memory_order_acq_rel,
							    memory_order_relaxed)) {
			slot->spent_ns = 0;
			return slot;
		}
	}
	return NULL;
}

mpsk_index_reader_t *mpsk_epoch_enter(mpsk_epoch_t *epoch)
{
	unsigned start = thread_start();

	for (;;) {
		for (mpsk_epoch_chunk_t *chunk = epoch->slots; chunk; chunk = chunk_next(epoch, chunk)) {
			mpsk_index_reader_t *reader = chunk_enter(epoch, chunk, start);

			if (reader) return reader;
		}
		sched_yield();	/* every slot is taken and memory is out: one will be given back */
	}
}

void mpsk_epoch_leave(mpsk_index_reader_t *reader)
{
	atomic_store_explicit(&reader->epoch, 0, memory_order_release);
}

mpsk_index_t *mpsk_epoch_index(mpsk_index_reader_t const *reader)
{
	return reader->index;
}

uint64_t *mpsk_epoch_spent_ns(mpsk_index_reader_t *reader)
{
	return &reader->spent_ns;
}

void mpsk_epoch_retire(mpsk_epoch_t *epoch, mpsk_retired_t *thing, void (*free_self)(mpsk_retired_t *self))
{
	thing->next = NULL;
	thing->epoch = atomic_load_explicit(&epoch->now, memory_order_relaxed);
	thing->free = free_self;
	*epoch->tail = thing;
	epoch->tail = &thing->next;
}

/*
 * The writer looks at slots and links by read-modify-write, not by loads: a
 * reader that claims a slot after the look then reads what the look wrote,
 * which orders all that the writer did before ahead of all that the reader
 * does. A plain load would need a full fence on either side.
 */
static uint64_t slot_look(mpsk_index_reader_t *slot)
{
	return atomic_fetch_add_explicit(&slot->epoch, 0, memory_order_acq_rel);
}

static mpsk_epoch_chunk_t *link_look(mpsk_epoch_chunk_t *chunk)
{
	mpsk_epoch_chunk_t *next = NULL;

	atomic_compare_exchange_strong_explicit(&chunk->next, &next, NULL, memory_order_acq_rel,
						memory_order_acquire);
	return next;
}

static uint64_t oldest_epoch(mpsk_epoch_t *epoch)
{
	uint64_t oldest = atomic_fetch_add_explicit(&epoch->now, 1, memory_order_acq_rel) + 1;

	for (mpsk_epoch_chunk_t *chunk = epoch->slots; chunk; chunk = link_look(chunk)) {
		for (size_t i = 0; i < CHUNK_SLOTS; i++) {
			uint64_t entered = slot_look(&chunk->slots[i]);

			if (entered != 0 && entered < oldest) oldest = entered;
		}
	}
	return oldest;
}

static void free_until(mpsk_epoch_t *epoch, uint64_t oldest)
{
	while (epoch->head && epoch->head->epoch < oldest) {
		mpsk_retired_t *thing = epoch->head;

		epoch->head = thing->next;
		if (!epoch->head) epoch->tail = &epoch->head;
		thing->free(thing);
	}
}

bool mpsk_epoch_reclaim(mpsk_epoch_t *epoch)
{
	if (epoch->head) free_until(epoch, oldest_epoch(epoch));
	return !epoch->head;
}

void mpsk_epoch_finish(mpsk_epoch_t *epoch, int wait_ms)
{
	mpsk_deadline_t deadline = mpsk_deadline_in(wait_ms);
	mpsk_epoch_chunk_t *chunk = epoch->slots;

	if (!chunk) return;
	while (!mpsk_epoch_reclaim(epoch) && !mpsk_deadline_passed(deadline)) sched_yield();
	free_until(epoch, UINT64_MAX);
	while (chunk) {
		mpsk_epoch_chunk_t *next = atomic_load_explicit(&chunk->next, memory_order_acquire);

		free(chunk);
		chunk = next;
	}
	epoch->slots = NULL;
}
