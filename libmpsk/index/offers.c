/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "index/internal.h"
#include "index/leaf.h"

#define LEAVES_MAX 256	/* 4096 PSKs: what fits into an answer is a handful, and has to be found within a millisecond */

/* The keys kept so far, the one used last first. */
typedef struct {
	mpsk_key_t	*keys;
	int64_t		seen[MPSK_OFFERS_MAX];
	size_t		n, max;
} offers_t;

static void offer_insert(offers_t *to, mpsk_key_t const *key, int64_t seen)
{
	size_t at = to->n;

	while (at > 0 && to->seen[at - 1] < seen) at--;
	if (at == to->max) return;
	if (to->n == to->max) to->n--;
	memmove(to->keys + at + 1, to->keys + at, (to->n - at) * sizeof(to->keys[0]));
	memmove(to->seen + at + 1, to->seen + at, (to->n - at) * sizeof(to->seen[0]));
	to->keys[at] = *key;
	to->seen[at] = seen;
	to->n++;
}

static void leaf_offer(mpsk_index_t *index, mpsk_leaf_t const *leaf, mpsk_index_fits_t fits, void *uctx, offers_t *to)
{
	for (size_t i = 0; i < MPSK_MATCH_LANES; i++) {
		mpsk_key_t key;
		int64_t seen;
		size_t devices;

		if (!mpsk_leaf_used(leaf, (unsigned) i) || leaf->old & 1u << i) continue;
		mpsk_entry_read(&index->slab, leaf->lanes[i].entry, &key);
		devices = mpsk_devices_count(index, key.id, &seen);
		if (fits(uctx, &key, devices)) offer_insert(to, &key, seen);
		mpsk_secret_wipe(&key, sizeof(key));
	}
}

size_t mpsk_index_offers(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid, mpsk_index_fits_t fits, void *uctx,
			 mpsk_key_t *keys, size_t max)
{
	mpsk_index_t *index = mpsk_epoch_index(reader);
	mpsk_partition_t *partition = mpsk_map_get(&index->ssids, ssid->octets, ssid->len);
	mpsk_leaves_t *leaves = partition ? mpsk_leaves_get(partition) : NULL;
	offers_t to = { .keys = keys, .max = max < MPSK_OFFERS_MAX ? max : MPSK_OFFERS_MAX };

	/* Keys for any SSID stand in a partition once somebody has asked for it. */
	if (atomic_load_explicit(&index->any_keys, memory_order_acquire) > 0 &&
	    !(partition && atomic_load_explicit(&partition->open, memory_order_acquire))) {
		mpsk_ssids_ask(index, ssid);
	}
	for (size_t i = 0; leaves && i < LEAVES_MAX; i++) {
		mpsk_leaf_t const *leaf = mpsk_leaf_get(leaves, i);

		if (!leaf) break;
		leaf_offer(index, leaf, fits, uctx, &to);
	}
	return to.n;
}
