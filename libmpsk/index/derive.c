/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/deadline.h"
#include "base/secret.h"
#include "index/internal.h"
#include "match/pbkdf2.h"

/* Places whose PMKs are derived at once. */
typedef struct {
	size_t			n;
	mpsk_entry_t		*entries[MPSK_MATCH_LANES];
	mpsk_place_t		*places[MPSK_MATCH_LANES];
	mpsk_pbkdf2_job_t	jobs[MPSK_MATCH_LANES];
} batch_t;

static void batch_add(batch_t *batch, mpsk_entry_t *entry, mpsk_place_t *place)
{
	batch->entries[batch->n] = entry;
	batch->places[batch->n] = place;
	batch->jobs[batch->n].psk = mpsk_entry_psk(entry, place);
	batch->jobs[batch->n].ssid = &place->partition->ssid;
	batch->n++;
}

static void batch_fill(batch_t *batch, mpsk_index_t *index, size_t max)
{
	for (mpsk_entry_t *entry = index->waiting; entry; entry = entry->next) {
		for (size_t i = 0; i < entry->n; i++) {
			mpsk_place_t *place = &entry->places[i];

			if (atomic_load_explicit(&place->lane, memory_order_relaxed) != MPSK_LANE_NONE) continue;
			if (batch->n == max) return;
			batch_add(batch, entry, place);
		}
	}
}

/* All are settled before any is told: who is told may take its time, and devices wait. */
static mpsk_status_t batch_settle(batch_t *batch, mpsk_index_t *index, mpsk_index_derived_t derived, void *uctx)
{
	mpsk_status_t status = mpsk_pbkdf2_derive(batch->jobs, batch->n);
	size_t n = 0;

	while (status == MPSK_OK && n < batch->n) {
		mpsk_entry_t *entry = batch->entries[n];
		size_t place = (size_t) (batch->places[n] - entry->places);

		status = mpsk_entry_settle(index, entry, place, &batch->jobs[n].pmk);
		if (status == MPSK_OK) n++;
	}
	for (size_t i = 0; derived && i < n; i++) {
		if (batch->places[i]->old) continue;
		derived(uctx, batch->entries[i]->key, &batch->places[i]->partition->ssid, &batch->jobs[i].pmk);
	}
	if (status != MPSK_OK) {
		/* To the end, so that one that fails does not keep all others waiting. */
		mpsk_waiting_remove(index, batch->entries[n]);
		mpsk_waiting_add(index, batch->entries[n]);
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
	while (index->waiting && derive_some(index, max, derived, uctx) == MPSK_OK && !mpsk_deadline_passed(deadline))
		;
	mpsk_epoch_reclaim(&index->epoch);
	return atomic_load(&index->missing);
}
