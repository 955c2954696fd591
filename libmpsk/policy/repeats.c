/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/repeats.h"

#include <pthread.h>

#include "index/siphash.h"
#include "policy/bucket.h"

#define SETS	1024	/* a power of two */
#define WAYS	4

typedef struct {
	uint64_t	hash;
	int64_t		told_at;
	uint64_t	n;		/* since; 0: never told, the place is free */
} place_t;

struct mpsk_repeats {
	mpsk_repeats_config_t	config;
	mpsk_siphash_key_t	key;
	pthread_mutex_t		lock;
	mpsk_bucket_t		bucket;
	uint64_t		dropped;
	place_t			places[SETS][WAYS];
};

static int repeats_free(mpsk_repeats_t *repeats)
{
	pthread_mutex_destroy(&repeats->lock);
	return 0;
}

mpsk_repeats_t *mpsk_repeats_create(TALLOC_CTX *ctx, mpsk_repeats_config_t const *config)
{
	mpsk_repeats_t *repeats = talloc_zero(ctx, mpsk_repeats_t);

	if (!repeats) return NULL;
	repeats->config = *config;
	if (mpsk_siphash_key(&repeats->key) != MPSK_OK) {
		talloc_free(repeats);
		return NULL;
	}
	pthread_mutex_init(&repeats->lock, NULL);
	talloc_set_destructor(repeats, repeats_free);
	return repeats;
}

/* The place of a hash, or the one of its set that was told the longest ago, which it takes. */
static place_t *place_of(mpsk_repeats_t *repeats, uint64_t hash)
{
	place_t *set = repeats->places[hash % SETS], *oldest = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].n && set[i].hash == hash) return &set[i];
		if (!set[i].n || (oldest->n && set[i].told_at < oldest->told_at)) oldest = &set[i];
	}
	*oldest = (place_t) { .hash = hash };
	return oldest;
}

static uint64_t note(mpsk_repeats_t *repeats, uint64_t hash, int64_t now_ms)
{
	mpsk_bucket_size_t const size = { .rate = repeats->config.rate, .burst = repeats->config.burst };
	place_t *place = place_of(repeats, hash);
	int64_t wait = 0;
	uint64_t n;

	if (place->n && now_ms - place->told_at < repeats->config.quiet_ms) {
		place->n++;
		return 0;
	}
	if (!mpsk_bucket_take(&repeats->bucket, &size, now_ms, 1, &wait)) {
		repeats->dropped++;
		return 0;
	}
	n = place->n ? place->n : 1;
	*place = (place_t) { .hash = hash, .told_at = now_ms, .n = 1 };
	return n;
}

uint64_t mpsk_repeats_note(mpsk_repeats_t *repeats, void const *octets, size_t len, int64_t now_ms)
{
	uint64_t hash = mpsk_siphash(&repeats->key, octets, len), n;

	pthread_mutex_lock(&repeats->lock);
	n = note(repeats, hash, now_ms);
	pthread_mutex_unlock(&repeats->lock);
	return n;
}

uint64_t mpsk_repeats_dropped(mpsk_repeats_t *repeats)
{
	uint64_t dropped;

	pthread_mutex_lock(&repeats->lock);
	dropped = repeats->dropped;
	pthread_mutex_unlock(&repeats->lock);
	return dropped;
}
