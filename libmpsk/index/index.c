/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/internal.h"
#include "index/named.h"

#define FINISH_MS 1000	/* a reader that is still there then is the caller's mistake */

static void partition_finish(void *uctx, void *value)
{
	(void) uctx;
	mpsk_partition_free(value);
}

static int index_free(mpsk_index_t *index)
{
	mpsk_team_stop(&index->team);
	mpsk_epoch_finish(&index->epoch, FINISH_MS);
	mpsk_ids_finish(&index->ids);
	mpsk_map_each(&index->ssids, partition_finish, NULL);
	mpsk_map_finish(&index->ssids);
	mpsk_devices_finish(index);
	mpsk_macs_finish(index);
	mpsk_named_finish(&index->nases);
	mpsk_named_finish(&index->sites);
	mpsk_waiting_finish(&index->waiting);
	mpsk_leaf_pool_finish(&index->pool);
	mpsk_slab_finish(&index->slab);
	pthread_mutex_destroy(&index->asked_lock);
	return 0;
}

static mpsk_status_t maps_init(mpsk_index_t *index)
{
	mpsk_map_t *maps[] = { &index->ssids, &index->devices, &index->macs, &index->nases, &index->sites };
	mpsk_status_t status = mpsk_ids_init(&index->ids, &index->epoch, &index->slab, mpsk_entry_id);

	/* All of them, whatever fails, so that one way of freeing serves. */
	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		if (mpsk_map_init(maps[i], &index->epoch) != MPSK_OK) status = MPSK_ERR;
	}
	return status;
}

mpsk_index_t *mpsk_index_create(TALLOC_CTX *ctx)
{
	mpsk_index_t *index = talloc_zero(ctx, mpsk_index_t);

	if (!index) return NULL;
	if (pthread_mutex_init(&index->asked_lock, NULL) != 0) {
		talloc_free(index);
		return NULL;
	}
	mpsk_waiting_init(&index->waiting);
	talloc_set_destructor(index, index_free);
	/* Chosen and tested now, not while the first device waits. */
	(void) mpsk_match_kernel_name(NULL);
	if (mpsk_epoch_init(&index->epoch, index) != MPSK_OK || mpsk_slab_init(&index->slab) != MPSK_OK ||
	    maps_init(index) != MPSK_OK) {
		talloc_free(index);
		return NULL;
	}
	return index;
}

mpsk_status_t mpsk_index_threads(mpsk_index_t *index, size_t n)
{
	return n > 1 ? mpsk_team_start(&index->team, n - 1) : MPSK_OK;
}

void mpsk_index_begin(mpsk_index_t *index)
{
	index->generation++;
}

static void entry_commit(void *uctx, mpsk_ref_t entry)
{
	mpsk_index_t *index = uctx;

	/* One that memory does not suffice to take out is of an older generation still at the next commit. */
	if (mpsk_entry_at(&index->slab, entry)->generation != (uint32_t) index->generation) {
		(void) mpsk_change_remove(index, entry);
	}
}

typedef struct {
	mpsk_index_t	*index;
	size_t		all, lost;
} count_t;

static void entry_count(void *uctx, mpsk_ref_t entry)
{
	count_t *count = uctx;

	count->all++;
	count->lost += mpsk_entry_at(&count->index->slab, entry)->generation != (uint32_t) count->index->generation;
}

size_t mpsk_index_count(mpsk_index_t *index, size_t *lost)
{
	count_t count = { .index = index };

	mpsk_ids_each(&index->ids, entry_count, &count);
	*lost = count.lost;
	return count.all;
}

void mpsk_index_commit(mpsk_index_t *index)
{
	mpsk_ids_each(&index->ids, entry_commit, index);
	mpsk_devices_commit(index);
	mpsk_named_commit(index, &index->nases);
	mpsk_named_commit(index, &index->sites);
	mpsk_epoch_reclaim(&index->epoch);
	atomic_store_explicit(&index->ready, true, memory_order_release);
}

mpsk_status_t mpsk_index_put(mpsk_index_t *index, mpsk_key_t *key)
{
	mpsk_status_t status = mpsk_change_put(index, mpsk_ids_get(&index->ids, key->id), key);

	talloc_free(key);
	mpsk_epoch_reclaim(&index->epoch);
	return status;
}

mpsk_status_t mpsk_index_drop(mpsk_index_t *index, char const *id)
{
	mpsk_ref_t entry = mpsk_ids_get(&index->ids, id);
	mpsk_status_t status = entry ? mpsk_change_remove(index, entry) : MPSK_MISS;

	mpsk_epoch_reclaim(&index->epoch);
	return status;
}

void mpsk_index_on_duplicate(mpsk_index_t *index, mpsk_index_duplicate_t report, void *uctx)
{
	index->duplicate = report;
	index->duplicate_uctx = uctx;
}

bool mpsk_index_ready(mpsk_index_t const *index)
{
	return atomic_load_explicit(&index->ready, memory_order_acquire);
}

void mpsk_index_stats(mpsk_index_t *index, mpsk_index_stats_t *stats)
{
	size_t asked = atomic_load(&index->n_asked);

	stats->keys = mpsk_ids_count(&index->ids);
	stats->ssids = mpsk_map_count(&index->ssids);
	stats->missing = atomic_load(&index->missing) + asked * atomic_load(&index->any_keys);
	stats->kernel = mpsk_match_kernel_name(&stats->kernel_skipped);
}
