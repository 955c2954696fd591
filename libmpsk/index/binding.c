/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/binding.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "index/siphash.h"

#define SHARDS		16
#define BUCKETS_MIN	16	/* of a shard, which has more as it fills: what is used together lies close */
#define SHARDED_MIN	1024	/* a smaller table has one shard, so the exact least recently used makes way */

typedef struct {
	mpsk_mac_t	mac;
	mpsk_ssid_t	ssid;
} name_t;

typedef struct node node_t;
struct node {
	node_t		*chain;		/* of one bucket */
	node_t		*newer, *older;
	uint64_t	hash;
	name_t		name;
	mpsk_binding_t	binding;
};

typedef struct {
	pthread_mutex_t	lock;
	node_t		**buckets;
	size_t		n_buckets;	/* a power of two */
	size_t		n, max;
	node_t		*newest, *oldest;
} shard_t;

struct mpsk_bindings {
	mpsk_siphash_key_t	seed, mark_key;
	size_t			n_shards;
	shard_t			shards[SHARDS];
};

static void node_free(node_t *node)
{
	mpsk_secret_wipe(node, sizeof(*node));
	free(node);
}

static int bindings_free(mpsk_bindings_t *bindings)
{
	for (size_t i = 0; i < bindings->n_shards; i++) {
		shard_t *shard = &bindings->shards[i];

		while (shard->newest) {
			node_t *node = shard->newest;

			shard->newest = node->older;
			node_free(node);
		}
		free(shard->buckets);
		pthread_mutex_destroy(&shard->lock);
	}
	return 0;
}

static bool shard_init(shard_t *shard, size_t max)
{
	shard->max = max ? max : 1;
	shard->n_buckets = BUCKETS_MIN;
	shard->buckets = calloc(shard->n_buckets, sizeof(shard->buckets[0]));
	if (!shard->buckets) return false;
	if (pthread_mutex_init(&shard->lock, NULL) == 0) return true;
	free(shard->buckets);
	return false;
}

mpsk_bindings_t *mpsk_bindings_create(TALLOC_CTX *ctx, size_t max)
{
	size_t n = max < SHARDED_MIN ? 1 : SHARDS;
	mpsk_bindings_t *bindings = talloc_zero(ctx, mpsk_bindings_t);

	if (!bindings) return NULL;
	talloc_set_destructor(bindings, bindings_free);
	if (mpsk_siphash_key(&bindings->seed) != MPSK_OK || mpsk_siphash_key(&bindings->mark_key) != MPSK_OK) goto fail;
	while (bindings->n_shards < n) {
		if (!shard_init(&bindings->shards[bindings->n_shards], max / n)) goto fail;
		bindings->n_shards++;
	}
	return bindings;

fail:
	talloc_free(bindings);
	return NULL;
}

uint64_t mpsk_bindings_mark(mpsk_bindings_t const *bindings, wpa_psk_t const *psk)
{
	uint64_t mark = mpsk_siphash(&bindings->mark_key, psk->octets, psk->len);

	return mark ? mark : 1;
}

/* A name with every octet set, as it is compared whole. */
static void name_set(name_t *name, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid)
{
	memset(name, 0, sizeof(*name));
	name->mac = *mac;
	name->ssid.len = ssid->len;
	memcpy(name->ssid.octets, ssid->octets, ssid->len);
}

/* The shard of what is known by these two, locked; their name and its hash. */
static shard_t *shard_lock(mpsk_bindings_t *bindings, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid, name_t *name,
			   uint64_t *hash)
{
	shard_t *shard;

	name_set(name, mac, ssid);
	*hash = mpsk_siphash(&bindings->seed, name, offsetof(name_t, ssid.octets) + ssid->len);
	shard = &bindings->shards[(*hash >> 32) % bindings->n_shards];
	pthread_mutex_lock(&shard->lock);
	return shard;
}

/* What points to the node of a name, or to the NULL where it would be. */
static node_t **node_find(shard_t *shard, name_t const *name, uint64_t hash)
{
	node_t **at = &shard->buckets[hash & (shard->n_buckets - 1)];

	while (*at && ((*at)->hash != hash || memcmp(&(*at)->name, name, sizeof(*name)) != 0)) at = &(*at)->chain;
	return at;
}

static void list_remove(shard_t *shard, node_t *node)
{
	if (node->newer) {
		node->newer->older = node->older;
	} else {
		shard->newest = node->older;
	}
	if (node->older) {
		node->older->newer = node->newer;
	} else {
		shard->oldest = node->newer;
	}
}

static void list_add(shard_t *shard, node_t *node)
{
	node->newer = NULL;
	node->older = shard->newest;
	if (node->older) {
		node->older->newer = node;
	} else {
		shard->oldest = node;
	}
	shard->newest = node;
}

static void list_renew(shard_t *shard, node_t *node)
{
	list_remove(shard, node);
	list_add(shard, node);
}

static void node_remove(shard_t *shard, node_t **at)
{
	node_t *node = *at;

	*at = node->chain;
	list_remove(shard, node);
	shard->n--;
	node_free(node);
}

bool mpsk_bindings_get(mpsk_bindings_t *bindings, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid, mpsk_binding_t *out)
{
	uint64_t hash;
	shard_t *shard;
	node_t *node;
	name_t name;

	shard = shard_lock(bindings, mac, ssid, &name, &hash);
	node = *node_find(shard, &name, hash);
	if (node) {
		list_renew(shard, node);
		*out = node->binding;
	}
	pthread_mutex_unlock(&shard->lock);
	return node != NULL;
}

/* As many buckets as nodes again. Where memory is out, chains grow longer instead. */
static void shard_grow(shard_t *shard)
{
	size_t n_buckets = 2 * shard->n_buckets;
	node_t **buckets = calloc(n_buckets, sizeof(buckets[0]));

	if (!buckets) return;
	for (node_t *node = shard->newest; node; node = node->older) {
		node_t **at = &buckets[node->hash & (n_buckets - 1)];

		node->chain = *at;
		*at = node;
	}
	free(shard->buckets);
	shard->buckets = buckets;
	shard->n_buckets = n_buckets;
}

/* The node of a name, made where there is none; NULL where memory is out. */
static node_t *node_get(shard_t *shard, name_t const *name, uint64_t hash)
{
	node_t **at = node_find(shard, name, hash);

	if (*at) {
		list_renew(shard, *at);
		return *at;
	}
	if (shard->n == shard->max) {
		node_remove(shard, node_find(shard, &shard->oldest->name, shard->oldest->hash));
	} else if (shard->n == shard->n_buckets) {
		shard_grow(shard);
	}
	at = node_find(shard, name, hash);
	*at = calloc(1, sizeof(**at));
	if (!*at) return NULL;
	(*at)->hash = hash;
	(*at)->name = *name;
	list_add(shard, *at);
	shard->n++;
	return *at;
}

void mpsk_bindings_set(mpsk_bindings_t *bindings, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid,
		       mpsk_binding_t const *binding)
{
	uint64_t hash;
	shard_t *shard;
	node_t *node;
	name_t name;

	shard = shard_lock(bindings, mac, ssid, &name, &hash);
	node = node_get(shard, &name, hash);
	if (node) node->binding = *binding;
	pthread_mutex_unlock(&shard->lock);
}

void mpsk_bindings_drop(mpsk_bindings_t *bindings, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid)
{
	uint64_t hash;
	shard_t *shard;
	node_t **at;
	name_t name;

	shard = shard_lock(bindings, mac, ssid, &name, &hash);
	at = node_find(shard, &name, hash);
	if (*at) node_remove(shard, at);
	pthread_mutex_unlock(&shard->lock);
}
