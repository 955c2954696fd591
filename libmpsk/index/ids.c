/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/ids.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS	64
#define PREFETCH_AHEAD	16
#define EMPTY		0
#define TAKEN_OUT	UINT32_MAX	/* a search goes on past it: what it looks for may stand behind */

struct mpsk_ids_table {
	mpsk_retired_t		retired;
	size_t			n;
	_Atomic mpsk_ref_t	slots[];
};

static void table_free(mpsk_retired_t *self)
{
	free(self);
}

static mpsk_ids_table_t *table_create(size_t n)
{
	mpsk_ids_table_t *table = calloc(1, sizeof(*table) + n * sizeof(table->slots[0]));

	if (table) table->n = n;
	return table;
}

static mpsk_ids_table_t *table_get(mpsk_ids_t const *ids)
{
	return atomic_load_explicit(&ids->table, memory_order_acquire);
}

static mpsk_ref_t slot_get(mpsk_ids_table_t *table, size_t i)
{
	return atomic_load_explicit(&table->slots[i], memory_order_acquire);
}

static void slot_set(mpsk_ids_table_t *table, size_t i, mpsk_ref_t ref)
{
	atomic_store_explicit(&table->slots[i], ref, memory_order_release);
}

static size_t slot_next(mpsk_ids_table_t const *table, size_t i)
{
	return i + 1 < table->n ? i + 1 : 0;
}

/* Where the search for an id begins: 32 bits of its hash as a share of the slots, which need not be a power of two. */
static size_t slot_first(mpsk_ids_t const *ids, mpsk_ids_table_t const *table, char const *id)
{
	return (size_t) ((mpsk_siphash(&ids->seed, id, strlen(id)) >> 32) * table->n >> 32);
}

/* The slot of an id; where it is not there, that of the empty one that ends the search. */
static size_t slot_find(mpsk_ids_t const *ids, mpsk_ids_table_t *table, char const *id, mpsk_ref_t *found)
{
	size_t i = slot_first(ids, table, id);

	for (; (*found = slot_get(table, i)) != EMPTY; i = slot_next(table, i)) {
		if (*found != TAKEN_OUT && strcmp(ids->id_of(ids->slab, *found), id) == 0) break;
	}
	return i;
}

mpsk_status_t mpsk_ids_init(mpsk_ids_t *ids, mpsk_epoch_t *epoch, mpsk_slab_t const *slab, mpsk_ids_of_t id_of)
{
	ids->epoch = epoch;
	ids->slab = slab;
	ids->id_of = id_of;
	ids->used = 0;
	atomic_init(&ids->count, 0);
	atomic_init(&ids->table, table_create(FIRST_SLOTS));
	return table_get(ids) ? mpsk_siphash_key(&ids->seed) : MPSK_ERR;
}

void mpsk_ids_finish(mpsk_ids_t *ids)
{
	free(table_get(ids));
	atomic_store_explicit(&ids->table, NULL, memory_order_release);
}

mpsk_ref_t mpsk_ids_get(mpsk_ids_t const *ids, char const *id)
{
	mpsk_ref_t found;

	(void) slot_find(ids, table_get(ids), id, &found);
	return found;
}

size_t mpsk_ids_count(mpsk_ids_t const *ids)
{
	return atomic_load_explicit(&ids->count, memory_order_relaxed);
}

static void count_add(mpsk_ids_t *ids, size_t n)
{
	atomic_fetch_add_explicit(&ids->count, n, memory_order_relaxed);
}

/* A block that will be looked at soon, for each lies elsewhere in memory and takes its time to come. */
static void slot_prefetch(mpsk_ids_t const *ids, mpsk_ids_table_t *table, size_t i)
{
	mpsk_ref_t ref = i < table->n ? slot_get(table, i) : EMPTY;

	if (ref != EMPTY && ref != TAKEN_OUT) __builtin_prefetch(ids->id_of(ids->slab, ref));
}

/* A table of n slots in the place of the present one, without what was taken out. */
static mpsk_status_t table_rebuild(mpsk_ids_t *ids, size_t n)
{
	mpsk_ids_table_t *from = table_get(ids), *to = table_create(n);

	if (!to) return MPSK_ERR;
	for (size_t i = 0; i < from->n; i++) {
		mpsk_ref_t ref = slot_get(from, i);
		size_t at;

		slot_prefetch(ids, from, i + PREFETCH_AHEAD);
		if (ref == EMPTY || ref == TAKEN_OUT) continue;
		at = slot_first(ids, to, ids->id_of(ids->slab, ref));
		while (slot_get(to, at) != EMPTY) at = slot_next(to, at);
		atomic_store_explicit(&to->slots[at], ref, memory_order_relaxed);
	}
	ids->used = mpsk_ids_count(ids);
	atomic_store_explicit(&ids->table, to, memory_order_release);
	mpsk_epoch_retire(ids->epoch, &from->retired, table_free);
	return MPSK_OK;
}

/* Room for one more. Searches become long where more than three of four slots are filled. */
static mpsk_status_t table_reserve(mpsk_ids_t *ids)
{
	size_t n = table_get(ids)->n, wanted = (mpsk_ids_count(ids) + 1) * 2;

	if ((ids->used + 1) * 4 <= n * 3) return MPSK_OK;
	if (table_rebuild(ids, wanted > FIRST_SLOTS ? wanted : FIRST_SLOTS) == MPSK_OK) return MPSK_OK;
	/* Without memory it still works, with longer searches; but one empty slot has to end them. */
	return ids->used + 2 <= n ? MPSK_OK : MPSK_ERR;
}

mpsk_status_t mpsk_ids_set(mpsk_ids_t *ids, mpsk_ref_t ref)
{
	char const *id = ids->id_of(ids->slab, ref);
	mpsk_ids_table_t *table = table_get(ids);
	mpsk_ref_t was;
	size_t at = slot_find(ids, table, id, &was);

	if (was == EMPTY) {
		if (table_reserve(ids) != MPSK_OK) return MPSK_ERR;
		if (table_get(ids) != table) {
			table = table_get(ids);
			at = slot_find(ids, table, id, &was);
		}
		ids->used++;
		count_add(ids, 1);
	}
	slot_set(table, at, ref);
	return MPSK_OK;
}

mpsk_status_t mpsk_ids_remove(mpsk_ids_t *ids, char const *id)
{
	mpsk_ids_table_t *table = table_get(ids);
	mpsk_ref_t was;
	size_t at = slot_find(ids, table, id, &was);

	if (was == EMPTY) return MPSK_MISS;
	/* At the end of a row of filled slots, no search for another one passes. */
	if (slot_get(table, slot_next(table, at)) == EMPTY) {
		slot_set(table, at, EMPTY);
		ids->used--;
	} else {
		slot_set(table, at, TAKEN_OUT);
	}
	count_add(ids, (size_t) -1);
	return MPSK_OK;
}

void mpsk_ids_each(mpsk_ids_t *ids, void (*each)(void *uctx, mpsk_ref_t ref), void *uctx)
{
	mpsk_ids_table_t *table = table_get(ids);

	for (size_t i = 0; table && i < table->n; i++) {
		mpsk_ref_t ref = slot_get(table, i);

		if (ref != EMPTY && ref != TAKEN_OUT) each(uctx, ref);
	}
}
