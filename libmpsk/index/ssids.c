/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "index/internal.h"
#include "key/packed.h"

mpsk_partition_t *mpsk_ssids_get(mpsk_index_t *index, mpsk_ssid_t const *ssid)
{
	mpsk_partition_t *partition = mpsk_map_get(&index->ssids, ssid->octets, ssid->len);

	if (partition) return partition;
	partition = mpsk_partition_create(&index->epoch, &index->pool, &index->slab, ssid);
	if (!partition) return NULL;
	if (mpsk_map_set(&index->ssids, partition->ssid.octets, partition->ssid.len, partition) != MPSK_OK) {
		mpsk_partition_free(partition);
		return NULL;
	}
	return partition;
}

/* Those that were asked for stay, for they would be asked for again. */
void mpsk_ssids_tidy(mpsk_index_t *index, mpsk_partition_t *partition)
{
	if (partition->users > 0) return;
	for (size_t i = 0; i < atomic_load(&index->n_open); i++) {
		if (index->open[i] == partition) return;
	}
	if (mpsk_map_remove(&index->ssids, partition->ssid.octets, partition->ssid.len) == MPSK_OK) {
		mpsk_partition_retire(partition);
	}
}

void mpsk_ssids_ask(mpsk_index_t *index, mpsk_ssid_t const *ssid)
{
	size_t n, i;

	pthread_mutex_lock(&index->asked_lock);
	n = atomic_load(&index->n_asked);
	for (i = 0; i < n && !mpsk_ssid_equal(&index->asked[i], ssid); i++)
		;
	if (i == n && n < MPSK_ASKED_MAX) {
		index->asked[n] = *ssid;
		atomic_store(&index->n_asked, n + 1);
	}
	pthread_mutex_unlock(&index->asked_lock);
}

/* The keys for any SSID, each given its places in one more. */
typedef struct {
	mpsk_index_t		*index;
	mpsk_partition_t	*partition;
	mpsk_status_t		status;
} opening_t;

static void key_open(void *uctx, mpsk_ref_t entry)
{
	opening_t *opening = uctx;

	if (opening->status != MPSK_OK) return;
	if (!mpsk_key_packed_any_ssid(mpsk_entry_at(&opening->index->slab, entry)->key)) return;
	opening->status = mpsk_change_open(opening->index, entry, opening->partition);
}

static void ssid_open(mpsk_index_t *index, mpsk_ssid_t const *ssid)
{
	opening_t opening = { .index = index, .status = MPSK_OK };
	size_t n = atomic_load(&index->n_open), i;
	mpsk_partition_t *partition;

	for (i = 0; i < n && !mpsk_ssid_equal(&index->open[i]->ssid, ssid); i++)
		;
	if (i == MPSK_OPEN_MAX) return;
	if (i == n) {
		partition = mpsk_ssids_get(index, ssid);
		if (!partition) return;
		index->open[n] = partition;
		atomic_store(&index->n_open, n + 1);
	}
	/* One that was begun and ran out of memory is gone over again. */
	if (atomic_load(&index->open[i]->open)) return;
	opening.partition = index->open[i];
	mpsk_ids_each(&index->ids, key_open, &opening);
	if (opening.status == MPSK_OK) atomic_store_explicit(&index->open[i]->open, true, memory_order_release);
}

void mpsk_ssids_open(mpsk_index_t *index)
{
	mpsk_ssid_t asked[MPSK_ASKED_MAX];
	size_t n;

	if (atomic_load(&index->n_asked) == 0) return;
	pthread_mutex_lock(&index->asked_lock);
	n = atomic_load(&index->n_asked);
	memcpy(asked, index->asked, n * sizeof(asked[0]));
	atomic_store(&index->n_asked, 0);
	pthread_mutex_unlock(&index->asked_lock);
	for (size_t i = 0; i < n; i++) ssid_open(index, &asked[i]);
}
