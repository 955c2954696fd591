/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/map.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_BUCKETS	64
#define ITEMS_AVERAGE	2	/* per bucket, before the table grows */

typedef struct {
	uint64_t	hash;
	void const	*key;
	size_t		len;
	void		*value;
} item_t;

typedef struct {
	mpsk_retired_t	retired;
	size_t		n;
	item_t		items[];
} bucket_t;

struct mpsk_map_table {
	mpsk_retired_t		retired;
	size_t			n;	/* a power of two */
	_Atomic(bucket_t *)	buckets[];
};

static void memory_free(mpsk_retired_t *self)
{
	free(self);
}

static mpsk_map_table_t *table_create(size_t n)
{
	mpsk_map_table_t *table = calloc(1, sizeof(*table) + n * sizeof(table->buckets[0]));

	if (!table) return NULL;
	table->n = n;
	for (size_t i = 0; i < n; i++) atomic_init(&table->buckets[i], NULL);
	return table;
}

static bucket_t *bucket_create(size_t n)
{
	bucket_t *bucket = calloc(1, sizeof(*bucket) + n * sizeof(bucket->items[0]));

	if (bucket) bucket->n = n;
	return bucket;
}

static mpsk_map_table_t *table_get(mpsk_map_t const *map)
{
	return atomic_load_explicit(&map->table, memory_order_acquire);
}

static _Atomic(bucket_t *) *bucket_slot(mpsk_map_table_t *table, uint64_t hash)
{
	return &table->buckets[hash & (table->n - 1)];
}

static bucket_t *bucket_get(_Atomic(bucket_t *) *slot)
{
	return atomic_load_explicit(slot, memory_order_acquire);
}

static size_t bucket_size(bucket_t const *bucket)
{
	return bucket ? bucket->n : 0;
}

/* The item's place in the bucket; its size where it is not there. */
static size_t item_find(bucket_t const *bucket, uint64_t hash, void const *key, size_t len)
{
	size_t i, n = bucket_size(bucket);

	for (i = 0; i < n; i++) {
		item_t const *item = &bucket->items[i];

		if (item->hash == hash && item->len == len && memcmp(item->key, key, len) == 0) break;
	}
	return i;
}

mpsk_status_t mpsk_map_init(mpsk_map_t *map, mpsk_epoch_t *epoch)
{
	map->epoch = epoch;
	atomic_init(&map->count, 0);
	atomic_init(&map->table, table_create(FIRST_BUCKETS));
	return table_get(map) ? mpsk_siphash_key(&map->seed) : MPSK_ERR;
}

void mpsk_map_finish(mpsk_map_t *map)
{
	mpsk_map_table_t *table = table_get(map);

	for (size_t i = 0; table && i < table->n; i++) free(bucket_get(&table->buckets[i]));
	free(table);
	atomic_store_explicit(&map->table, NULL, memory_order_release);
}

void *mpsk_map_get(mpsk_map_t const *map, void const *key, size_t len)
{
	uint64_t hash = mpsk_siphash(&map->seed, key, len);
	bucket_t const *bucket = bucket_get(bucket_slot(table_get(map), hash));
	size_t i = item_find(bucket, hash, key, len);

	return i < bucket_size(bucket) ? bucket->items[i].value : NULL;
}

size_t mpsk_map_count(mpsk_map_t const *map)
{
	return atomic_load_explicit(&map->count, memory_order_relaxed);
}

static void count_add(mpsk_map_t *map, size_t n)
{
	atomic_fetch_add_explicit(&map->count, n, memory_order_relaxed);
}

static void table_drop(mpsk_map_table_t *table)
{
	for (size_t i = 0; i < table->n; i++) free(bucket_get(&table->buckets[i]));
	free(table);
}

/* One bucket of the old table into the two of the new one that it becomes. */
static bool bucket_split(mpsk_map_table_t *to, bucket_t const *bucket, size_t bit)
{
	for (size_t half = 0; half <= bit; half += bit) {
		bucket_t *made;
		size_t n = 0;

		for (size_t i = 0; i < bucket->n; i++) n += (bucket->items[i].hash & bit) == half;
		if (n == 0) continue;
		made = bucket_create(n);
		if (!made) return false;
		n = 0;
		for (size_t i = 0; i < bucket->n; i++) {
			if ((bucket->items[i].hash & bit) == half) made->items[n++] = bucket->items[i];
		}
		atomic_store_explicit(bucket_slot(to, made->items[0].hash), made, memory_order_relaxed);
	}
	return true;
}

/* A table that cannot grow for want of memory still works, with longer buckets. */
static void table_grow(mpsk_map_t *map)
{
	mpsk_map_table_t *from = table_get(map), *to;

	if (mpsk_map_count(map) <= ITEMS_AVERAGE * from->n) return;
	to = table_create(2 * from->n);
	if (!to) return;
	for (size_t i = 0; i < from->n; i++) {
		bucket_t *bucket = bucket_get(&from->buckets[i]);

		if (bucket && !bucket_split(to, bucket, from->n)) {
			table_drop(to);
			return;
		}
	}
	atomic_store_explicit(&map->table, to, memory_order_release);
	for (size_t i = 0; i < from->n; i++) {
		bucket_t *bucket = bucket_get(&from->buckets[i]);

		if (bucket) mpsk_epoch_retire(map->epoch, &bucket->retired, memory_free);
	}
	mpsk_epoch_retire(map->epoch, &from->retired, memory_free);
}

static void bucket_replace(mpsk_map_t *map, _Atomic(bucket_t *) *slot, bucket_t *by)
{
	bucket_t *was = bucket_get(slot);

	atomic_store_explicit(slot, by, memory_order_release);
	if (was) mpsk_epoch_retire(map->epoch, &was->retired, memory_free);
}

mpsk_status_t mpsk_map_set(mpsk_map_t *map, void const *key, size_t len, void *value)
{
	uint64_t hash = mpsk_siphash(&map->seed, key, len);
	_Atomic(bucket_t *) *slot = bucket_slot(table_get(map), hash);
	bucket_t const *bucket = bucket_get(slot);
	size_t at = item_find(bucket, hash, key, len), n = bucket_size(bucket);
	bool is_new = at == n;
	bucket_t *made = bucket_create(n + is_new);

	if (!made) return MPSK_ERR;
	if (n > 0) memcpy(made->items, bucket->items, n * sizeof(made->items[0]));
	made->items[at] = (item_t) { .hash = hash, .key = key, .len = len, .value = value };
	bucket_replace(map, slot, made);
	if (is_new) {
		count_add(map, 1);
		table_grow(map);
	}
	return MPSK_OK;
}

mpsk_status_t mpsk_map_remove(mpsk_map_t *map, void const *key, size_t len)
{
	uint64_t hash = mpsk_siphash(&map->seed, key, len);
	_Atomic(bucket_t *) *slot = bucket_slot(table_get(map), hash);
	bucket_t const *bucket = bucket_get(slot);
	size_t at = item_find(bucket, hash, key, len), n = bucket_size(bucket);
	bucket_t *made = NULL;

	if (at == n) return MPSK_MISS;
	if (n > 1) {
		made = bucket_create(n - 1);
		if (!made) return MPSK_ERR;
		memcpy(made->items, bucket->items, at * sizeof(made->items[0]));
		memcpy(made->items + at, bucket->items + at + 1, (n - 1 - at) * sizeof(made->items[0]));
	}
	bucket_replace(map, slot, made);
	count_add(map, (size_t) -1);
	return MPSK_OK;
}

void mpsk_map_each(mpsk_map_t *map, void (*each)(void *uctx, void *value), void *uctx)
{
	mpsk_map_table_t *table = table_get(map);

	for (size_t i = 0; table && i < table->n; i++) {
		bucket_t *bucket = bucket_get(&table->buckets[i]);

		for (size_t n = 0; n < bucket_size(bucket); n++) each(uctx, bucket->items[n].value);
	}
}
