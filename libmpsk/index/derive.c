/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/deadline.h"
#include "base/secret.h"
#include "index/internal.h"
#include "match/pbkdf2.h"

/* Places whose PMKs are derived at once. */
typedef struct {
	size_t			n;
	mpsk_ref_t		entries[MPSK_MATCH_LANES];
	mpsk_place_t		*places[MPSK_MATCH_LANES];
	wpa_psk_t		psks[MPSK_MATCH_LANES];
	mpsk_pbkdf2_job_t	jobs[MPSK_MATCH_LANES];
} batch_t;

static void batch_add(batch_t *batch, mpsk_slab_t const *slab, mpsk_waiter_t const *waiter)
{
	mpsk_place_t *place = waiter->place;
	mpsk_key_t key;

	mpsk_entry_read(slab, waiter->entry, &key);
	batch->entries[batch->n] = waiter->entry;
	batch->places[batch->n] = place;
	batch->psks[batch->n] = place->old ? key.old_psk : key.psk;
	batch->jobs[batch->n].psk = &batch->psks[batch->n];
	batch->jobs[batch->n].ssid = &mpsk_place_partition(slab, place)->ssid;
	batch->n++;
	mpsk_secret_wipe(&key, sizeof(key));
}

static void batch_fill(batch_t *batch, mpsk_index_t *index, size_t max)
{
	mpsk_waiter_t *waiter = mpsk_waiting_next(&index->waiting, NULL);

	for (; waiter && batch->n < max; waiter = mpsk_waiting_next(&index->waiting, waiter)) {
		batch_add(batch, &index->slab, waiter);
	}
}

static void derived_tell(batch_t const *batch, size_t n, mpsk_index_t *index, mpsk_index_derived_t derived, void *uctx)
{
	mpsk_key_t key;

	mpsk_entry_show(&index->slab, batch->entries[n], &key);
	derived(uctx, &key, batch->jobs[n].ssid, &batch->jobs[n].pmk);
	mpsk_secret_wipe(&key, sizeof(key));
}

/* All are settled before any is told: who is told may take its time, and devices wait. */
static mpsk_status_t batch_settle(batch_t *batch, mpsk_index_t *index, mpsk_index_derived_t derived, void *uctx)
{
	mpsk_status_t status = mpsk_pbkdf2_derive(batch->jobs, batch->n);
	size_t n = 0;

	while (status == MPSK_OK && n < batch->n) {
		status = mpsk_change_settle(index, batch->entries[n], batch->places[n], &batch->jobs[n].pmk);
		if (status == MPSK_OK) n++;
	}
	for (size_t i = 0; derived && i < n; i++) {
		if (!batch->places[i]->old) derived_tell(batch, i, index, derived, uctx);
	}
	if (status != MPSK_OK) {
		/* To the end, so that one that fails does not keep all others waiting. */
		mpsk_waiting_defer(&index->waiting, batch->places[n]);
	}
	return status;
}

static mpsk_status_t derive_some(mpsk_index_t *index, size_t max, mpsk_index_derived_t derived, void *uctx)
{
	batch_t batch = { .n = 0 };
	mpsk_status_t status;

	batch_fill(&batch, index, max);
	status = batch_settle(&batch, index, derived, uctx);
	mpsk_secret_wipe(&batch, sizeof(batch));
	return status;
}

size_t mpsk_index_derive(mpsk_index_t *index, int budget_ms, mpsk_index_derived_t derived, void *uctx)
{
	mpsk_deadline_t deadline = mpsk_deadline_in(budget_ms);
	size_t max = budget_ms > 0 ? mpsk_pbkdf2_batch() : 1;

	mpsk_ssids_open(index);
	while (mpsk_waiting_next(&index->waiting, NULL) && derive_some(index, max, derived, uctx) == MPSK_OK &&
	       !mpsk_deadline_passed(deadline))
		;
	/* After a load without PMKs it was as long as the load. */
	if (!mpsk_waiting_next(&index->waiting, NULL)) mpsk_waiting_finish(&index->waiting);
	mpsk_epoch_reclaim(&index->epoch);
	return atomic_load(&index->missing);
}
