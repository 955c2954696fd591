/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/deadline.h"
#include "base/secret.h"
#include "index/internal.h"

static size_t first_missing(mpsk_entry_t const *entry)
{
	size_t n = 0;

	while (n < entry->n && atomic_load_explicit(&entry->places[n].lane, memory_order_relaxed) != MPSK_LANE_NONE) {
		n++;
	}
	return n;
}

static mpsk_status_t derive_one(mpsk_index_t *index, mpsk_entry_t *entry, mpsk_index_derived_t derived, void *uctx)
{
	size_t n = first_missing(entry);
	mpsk_place_t *place = &entry->places[n];
	wpa_pmk_t pmk;
	mpsk_status_t status = wpa_pmk_derive(&pmk, mpsk_entry_psk(entry, place), &place->partition->ssid);

	if (status == MPSK_OK) status = mpsk_entry_settle(index, entry, n, &pmk);
	if (status == MPSK_OK && derived && !place->old) derived(uctx, entry->key, &place->partition->ssid, &pmk);
	mpsk_secret_wipe(&pmk, sizeof(pmk));
	if (status != MPSK_OK) {
		/* To the end, so that one that fails does not keep all others waiting. */
		mpsk_waiting_remove(index, entry);
		mpsk_waiting_add(index, entry);
	}
	return status;
}

size_t mpsk_index_derive(mpsk_index_t *index, int budget_ms, mpsk_index_derived_t derived, void *uctx)
{
	mpsk_deadline_t deadline = mpsk_deadline_in(budget_ms);

	mpsk_ssids_open(index);
	while (index->waiting && derive_one(index, index->waiting, derived, uctx) == MPSK_OK &&
	       !mpsk_deadline_passed(deadline))
		;
	mpsk_epoch_reclaim(&index->epoch);
	return atomic_load(&index->missing);
}
