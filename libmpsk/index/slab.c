/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/slab.h"

#include <stdlib.h>

#include "base/secret.h"
#include "index/poison.h"

_Static_assert(MPSK_SLAB_SMALL << (MPSK_SLAB_SIZES - 1 - MPSK_SLAB_SMALL) == MPSK_SLAB_UNITS,
	       "the last size is a whole chunk");
_Static_assert((uint64_t) MPSK_SLAB_UNITS * MPSK_SLAB_CHUNKS <= 1ull << 31, "the highest bit stays free");

/* The list of a size, and how many units its blocks have. */
typedef struct {
	size_t	list;
	size_t	units;
} size_class_t;

static size_class_t class_of(size_t size)
{
	size_t units = (size + MPSK_SLAB_UNIT - 1) / MPSK_SLAB_UNIT;
	size_class_t class = { .list = units, .units = units };

	if (units <= MPSK_SLAB_SMALL) return class;
	class = (size_class_t) { .list = MPSK_SLAB_SMALL, .units = MPSK_SLAB_SMALL };
	while (class.units < units) {
		class.units *= 2;
		class.list++;
	}
	return class;
}

mpsk_status_t mpsk_slab_init(mpsk_slab_t *slab)
{
	*slab = (mpsk_slab_t) { .at = MPSK_SLAB_UNITS };
	/* Of so large a table the system gives only the pages that are written to. */
	slab->chunks = calloc(MPSK_SLAB_CHUNKS, sizeof(slab->chunks[0]));
	return slab->chunks ? MPSK_OK : MPSK_ERR;
}

void mpsk_slab_finish(mpsk_slab_t *slab)
{
	for (size_t i = 0; i < slab->n_chunks; i++) {
		size_t len = (i + 1 < slab->n_chunks ? MPSK_SLAB_UNITS : slab->at) * MPSK_SLAB_UNIT;

		mpsk_unpoison(slab->chunks[i], MPSK_SLAB_CHUNK);
		mpsk_secret_wipe(slab->chunks[i], len);
		free(slab->chunks[i]);
	}
	free(slab->chunks);
	*slab = (mpsk_slab_t) { .at = MPSK_SLAB_UNITS };
}

static mpsk_status_t chunk_add(mpsk_slab_t *slab)
{
	uint8_t *chunk;

	if (slab->n_chunks == MPSK_SLAB_CHUNKS) return MPSK_ERR;
	chunk = calloc(1, MPSK_SLAB_CHUNK);
	if (!chunk) return MPSK_ERR;
	mpsk_poison(chunk, MPSK_SLAB_CHUNK);
	slab->chunks[slab->n_chunks++] = chunk;
	/* No block is called 0. */
	slab->at = slab->n_chunks == 1;
	return MPSK_OK;
}

static mpsk_ref_t fresh_take(mpsk_slab_t *slab, size_t units)
{
	mpsk_ref_t ref;

	while (slab->at + units > MPSK_SLAB_UNITS) {
		if (chunk_add(slab) != MPSK_OK) return 0;
	}
	ref = (mpsk_ref_t) ((slab->n_chunks - 1) * MPSK_SLAB_UNITS + slab->at);
	slab->at += units;
	mpsk_unpoison(mpsk_slab_at(slab, ref), units * MPSK_SLAB_UNIT);
	return ref;
}

mpsk_ref_t mpsk_slab_take(mpsk_slab_t *slab, size_t size)
{
	size_class_t class = class_of(size);
	mpsk_ref_t ref;

	if (size > MPSK_SLAB_CHUNK) return 0;
	ref = slab->free[class.list];
	if (ref) {
		mpsk_ref_t *block = mpsk_slab_at(slab, ref);

		mpsk_unpoison(block, class.units * MPSK_SLAB_UNIT);
		slab->free[class.list] = *block;
		*block = 0;
	} else {
		ref = fresh_take(slab, class.units);
	}
	if (ref) atomic_fetch_add_explicit(&slab->used, class.units * MPSK_SLAB_UNIT, memory_order_relaxed);
	return ref;
}

void mpsk_slab_give(mpsk_slab_t *slab, mpsk_ref_t ref, size_t size)
{
	size_class_t class = class_of(size);
	mpsk_ref_t *block = mpsk_slab_at(slab, ref);

	mpsk_secret_wipe(block, class.units * MPSK_SLAB_UNIT);
	*block = slab->free[class.list];
	slab->free[class.list] = ref;
	atomic_fetch_sub_explicit(&slab->used, class.units * MPSK_SLAB_UNIT, memory_order_relaxed);
	mpsk_poison(block, class.units * MPSK_SLAB_UNIT);
}
