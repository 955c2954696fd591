/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/names.h"

#include <string.h>

#define NAMES_BUCKETS_MIN 64	/* a power of two, as every later size */

TAILQ_HEAD(name_list, mpsk_name);

struct mpsk_names {
	struct name_list	order;
	mpsk_name_t		**buckets;
	size_t			n_buckets;
	size_t			count;
};

uint32_t mpsk_names_hash(char const *text, size_t len)
{
	uint32_t hash = 2166136261u;	/* FNV-1a */

	for (size_t i = 0; i < len; i++) hash = (hash ^ (uint8_t) text[i]) * 16777619u;
	return hash;
}

mpsk_names_t *mpsk_names_create(TALLOC_CTX *ctx)
{
	mpsk_names_t *names = talloc_zero(ctx, mpsk_names_t);

	if (!names) return NULL;
	TAILQ_INIT(&names->order);
	names->n_buckets = NAMES_BUCKETS_MIN;
	names->buckets = talloc_zero_array(names, mpsk_name_t *, names->n_buckets);
	if (!names->buckets) TALLOC_FREE(names);
	return names;
}

static mpsk_name_t **names_bucket(mpsk_names_t const *names, uint32_t hash)
{
	return &names->buckets[hash & (names->n_buckets - 1)];
}

/* Where memory is out the chains grow longer instead. */
static void names_grow(mpsk_names_t *names)
{
	mpsk_name_t **buckets = talloc_zero_array(names, mpsk_name_t *, 2 * names->n_buckets);
	mpsk_name_t *name;

	if (!buckets) return;
	talloc_free(names->buckets);
	names->buckets = buckets;
	names->n_buckets *= 2;
	TAILQ_FOREACH(name, &names->order, order) {
		mpsk_name_t **bucket = names_bucket(names, name->hash);

		name->chain = *bucket;
		*bucket = name;
	}
}

mpsk_name_t *mpsk_names_find(mpsk_names_t const *names, char const *text, size_t len)
{
	uint32_t hash = mpsk_names_hash(text, len);

	for (mpsk_name_t *name = *names_bucket(names, hash); name; name = name->chain) {
		if (name->hash == hash && name->len == len && memcmp(name->text, text, len) == 0) return name;
	}
	return NULL;
}

mpsk_name_t *mpsk_names_add(mpsk_names_t *names, char const *text, size_t len)
{
	mpsk_name_t *name = mpsk_names_find(names, text, len);
	mpsk_name_t **bucket;

	if (name) return name;
	if (names->count >= names->n_buckets) names_grow(names);
	name = talloc_zero_size(names, sizeof(*name) + len + 1);
	if (!name) return NULL;
	name->hash = mpsk_names_hash(text, len);
	name->len = len;
	memcpy(name->text, text, len);
	bucket = names_bucket(names, name->hash);
	name->chain = *bucket;
	*bucket = name;
	TAILQ_INSERT_TAIL(&names->order, name, order);
	names->count++;
	return name;
}

mpsk_name_t *mpsk_names_first(mpsk_names_t const *names)
{
	return TAILQ_FIRST(&names->order);
}

mpsk_name_t *mpsk_names_next(mpsk_name_t const *name)
{
	return TAILQ_NEXT(name, order);
}

size_t mpsk_names_count(mpsk_names_t const *names)
{
	return names->count;
}

void mpsk_names_remove(mpsk_names_t *names, mpsk_name_t *name)
{
	mpsk_name_t **at = names_bucket(names, name->hash);

	while (*at != name) at = &(*at)->chain;
	*at = name->chain;
	TAILQ_REMOVE(&names->order, name, order);
	names->count--;
	talloc_free(name);
}

void mpsk_names_clear(mpsk_names_t *names)
{
	mpsk_name_t *name;

	while ((name = mpsk_names_first(names)) != NULL) mpsk_names_remove(names, name);
}
