/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "index/internal.h"
#include "key/packed.h"

mpsk_place_t *mpsk_place_next(mpsk_slab_t const *slab, mpsk_place_t *place)
{
	mpsk_ref_t next = atomic_load_explicit(&place->next, memory_order_acquire);

	return next ? mpsk_slab_at(slab, next) : NULL;
}

mpsk_place_t *mpsk_place_first(mpsk_slab_t const *slab, mpsk_ref_t ref)
{
	mpsk_entry_t *entry = mpsk_entry_at(slab, ref);

	return entry->first.partition ? &entry->first : mpsk_place_next(slab, &entry->first);
}

char const *mpsk_entry_id(mpsk_slab_t const *slab, mpsk_ref_t ref)
{
	return mpsk_key_packed_id(mpsk_entry_at(slab, ref)->key);
}

void mpsk_entry_read(mpsk_slab_t const *slab, mpsk_ref_t ref, mpsk_key_t *key)
{
	mpsk_entry_t *entry = mpsk_entry_at(slab, ref);
	mpsk_ssid_t const *ssid = NULL;

	if (!mpsk_key_packed_any_ssid(entry->key)) ssid = &mpsk_place_partition(slab, &entry->first)->ssid;
	(void) mpsk_key_unpack(key, entry->key, ssid);
}

void mpsk_entry_show(mpsk_slab_t const *slab, mpsk_ref_t ref, mpsk_key_t *key)
{
	mpsk_entry_read(slab, ref, key);
	mpsk_key_fingerprints(key);
}

mpsk_ref_t mpsk_entry_create(mpsk_index_t *index, mpsk_key_t const *key)
{
	mpsk_ref_t ref = mpsk_slab_take(&index->slab, sizeof(mpsk_entry_t) + mpsk_key_pack(NULL, key));
	mpsk_entry_t *entry;

	if (!ref) return 0;
	entry = mpsk_entry_at(&index->slab, ref);
	entry->generation = (uint32_t) index->generation;
	atomic_init(&entry->first.next, 0);
	atomic_init(&entry->first.lane, MPSK_LANE_NONE);
	(void) mpsk_key_pack(entry->key, key);
	return ref;
}

mpsk_ref_t mpsk_place_create(mpsk_index_t *index, mpsk_partition_t *partition, bool old)
{
	mpsk_ref_t ref = mpsk_slab_take(&index->slab, sizeof(mpsk_place_t));
	mpsk_place_t *place;

	if (!ref) return 0;
	place = mpsk_slab_at(&index->slab, ref);
	atomic_init(&place->next, 0);
	atomic_init(&place->lane, MPSK_LANE_NONE);
	place->partition = partition->self;
	place->old = old;
	return ref;
}

void mpsk_place_free(mpsk_slab_t *slab, mpsk_ref_t place)
{
	mpsk_slab_give(slab, place, sizeof(mpsk_place_t));
}

void mpsk_entry_free(mpsk_slab_t *slab, mpsk_ref_t ref)
{
	mpsk_entry_t *entry = mpsk_entry_at(slab, ref);
	mpsk_ref_t next = atomic_load_explicit(&entry->first.next, memory_order_relaxed);
	mpsk_ssid_t const no_ssid = { .len = 0 };
	mpsk_key_t key;

	while (next) {
		mpsk_place_t *place = mpsk_slab_at(slab, next);
		mpsk_ref_t after = atomic_load_explicit(&place->next, memory_order_relaxed);

		mpsk_place_free(slab, next);
		next = after;
	}
	/* Not by mpsk_entry_read(): the partition may have gone before. */
	mpsk_slab_give(slab, ref, sizeof(*entry) + mpsk_key_unpack(&key, entry->key, &no_ssid));
	mpsk_secret_wipe(&key, sizeof(key));
}
