/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/memo.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "index/siphash.h"

#define LOCKS 32

typedef struct {
	uint64_t	name;
	uint64_t	used;	/* when, in looks at its lock's buckets; 0: never */
	uint64_t	value[];
} slot_t;

typedef struct {
	pthread_mutex_t	mutex;
	uint64_t	looks;
} lock_t;

struct mpsk_memo {
	mpsk_siphash_key_t	seed;
	size_t			size;		/* of a value */
	size_t			stride;		/* of a slot */
	size_t			n_buckets;	/* a power of two */
	size_t			n_locks;
	uint8_t			*slots;
	lock_t			locks[LOCKS];
};

static int memo_free(mpsk_memo_t *memo)
{
	while (memo->n_locks > 0) pthread_mutex_destroy(&memo->locks[--memo->n_locks].mutex);
	return 0;
}

mpsk_memo_t *mpsk_memo_create(TALLOC_CTX *ctx, size_t max, size_t size)
{
	mpsk_memo_t *memo = talloc_zero(ctx, mpsk_memo_t);

	if (!memo) return NULL;
	talloc_set_destructor(memo, memo_free);
	memo->size = size;
	memo->stride = sizeof(slot_t) + (size + sizeof(uint64_t) - 1) / sizeof(uint64_t) * sizeof(uint64_t);
	for (memo->n_buckets = 1; memo->n_buckets * MPSK_MEMO_BUCKET < max; memo->n_buckets *= 2)
		;
	memo->slots = talloc_zero_array(memo, uint8_t, memo->n_buckets * MPSK_MEMO_BUCKET * memo->stride);
	if (!memo->slots || mpsk_siphash_key(&memo->seed) != MPSK_OK) goto fail;
	for (; memo->n_locks < LOCKS; memo->n_locks++) {
		if (pthread_mutex_init(&memo->locks[memo->n_locks].mutex, NULL) != 0) goto fail;
	}
	return memo;

fail:
	talloc_free(memo);
	return NULL;
}

uint64_t mpsk_memo_name(mpsk_memo_t const *memo, void const *octets, size_t len)
{
	return mpsk_siphash(&memo->seed, octets, len);
}

static size_t bucket_of(mpsk_memo_t const *memo, uint64_t name)
{
	return name & (memo->n_buckets - 1);
}

static slot_t *slot_at(mpsk_memo_t *memo, size_t bucket, size_t i)
{
	return (slot_t *) (void *) (memo->slots + (bucket * MPSK_MEMO_BUCKET + i) * memo->stride);
}

static lock_t *lock_of(mpsk_memo_t *memo, size_t bucket)
{
	return &memo->locks[bucket % LOCKS];
}

/* The slot of a name; else the one to make way, and *found is false. */
static slot_t *slot_find(mpsk_memo_t *memo, uint64_t name, bool *found)
{
	slot_t *oldest = NULL;

	for (size_t i = 0; i < MPSK_MEMO_BUCKET; i++) {
		slot_t *slot = slot_at(memo, bucket_of(memo, name), i);

		*found = slot->used > 0 && slot->name == name;
		if (*found) return slot;
		if (!oldest || slot->used < oldest->used) oldest = slot;
	}
	return oldest;
}

static void *slot_hold(mpsk_memo_t *memo, uint64_t name, bool make)
{
	lock_t *lock = lock_of(memo, bucket_of(memo, name));
	slot_t *slot;
	bool found;

	pthread_mutex_lock(&lock->mutex);
	slot = slot_find(memo, name, &found);
	if (!found && !make) {
		pthread_mutex_unlock(&lock->mutex);
		return NULL;
	}
	if (!found) memset(slot->value, 0, memo->size);
	slot->name = name;
	slot->used = ++lock->looks;
	return slot->value;
}

void *mpsk_memo_find(mpsk_memo_t *memo, uint64_t name)
{
	return slot_hold(memo, name, false);
}

void *mpsk_memo_get(mpsk_memo_t *memo, uint64_t name)
{
	return slot_hold(memo, name, true);
}

void mpsk_memo_release(mpsk_memo_t *memo, uint64_t name)
{
	pthread_mutex_unlock(&lock_of(memo, bucket_of(memo, name))->mutex);
}

void mpsk_memo_each(mpsk_memo_t *memo, void (*look)(void *uctx, void *value), void *uctx)
{
	for (size_t bucket = 0; bucket < memo->n_buckets; bucket++) {
		lock_t *lock = lock_of(memo, bucket);

		pthread_mutex_lock(&lock->mutex);
		for (size_t i = 0; i < MPSK_MEMO_BUCKET; i++) {
			slot_t *slot = slot_at(memo, bucket, i);

			if (slot->used > 0) look(uctx, slot->value);
		}
		pthread_mutex_unlock(&lock->mutex);
	}
}
