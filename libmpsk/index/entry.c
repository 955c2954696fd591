/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/secret.h"
#include "index/internal.h"

#define TWINS_MAX 64	/* pairs told of for one lane: with more, somebody knows already */

/* What is to become of one place. */
typedef struct {
	bool		known;	/* pmk is */
	bool		kept;	/* the lane is the one that it had */
	wpa_pmk_t	pmk;
} plan_t;

wpa_psk_t const *mpsk_entry_psk(mpsk_entry_t const *entry, mpsk_place_t const *place)
{
	return place->old ? &entry->key->old_psk : &entry->key->psk;
}

static uint32_t lane_get(mpsk_place_t const *place)
{
	return atomic_load_explicit(&place->lane, memory_order_relaxed);
}

static void lane_set(mpsk_place_t *place, uint32_t lane)
{
	atomic_store_explicit(&place->lane, lane, memory_order_release);
}

static bool psk_equal(wpa_psk_t const *a, wpa_psk_t const *b)
{
	return a->len == b->len && mpsk_secret_equal(a->octets, b->octets, a->len);
}

void mpsk_entry_free(mpsk_entry_t *entry)
{
	if (entry->owns_key) talloc_free(entry->key);
	free(entry);
}

static void entry_free(mpsk_retired_t *self)
{
	mpsk_entry_free((mpsk_entry_t *) self);
}

/* The old PSK of a key whose grace lasts, and that is not the new one again. */
static bool old_counts(mpsk_key_t const *key)
{
	return key->old_psk.len > 0 && (key->old_exp == 0 || key->old_exp > (int64_t) time(NULL)) &&
	       !psk_equal(&key->old_psk, &key->psk);
}

static mpsk_entry_t *entry_create(mpsk_index_t *index, mpsk_key_t *key)
{
	size_t ssids = key->any_ssid ? atomic_load(&index->n_open) : 1, psks = 1 + old_counts(key);
	mpsk_entry_t *entry = calloc(1, sizeof(*entry) + ssids * psks * sizeof(entry->places[0]));

	if (!entry) return NULL;
	entry->key = key;
	for (size_t i = 0; i < ssids; i++) {
		mpsk_partition_t *partition = key->any_ssid ? index->open[i] : mpsk_ssids_get(index, &key->ssid);

		if (!partition) {
			free(entry);
			return NULL;
		}
		for (size_t old = 0; old < psks; old++) {
			mpsk_place_t *place = &entry->places[entry->n++];

			place->partition = partition;
			place->old = old;
			atomic_init(&place->lane, MPSK_LANE_NONE);
		}
	}
	return entry;
}

/* The place that had the same PSK on the same SSID, whether it was the old PSK then or not. */
static mpsk_place_t *place_before(mpsk_entry_t *was, mpsk_entry_t const *entry, mpsk_place_t const *place)
{
	for (size_t i = 0; was && i < was->n; i++) {
		mpsk_place_t *before = &was->places[i];

		if (before->partition == place->partition && lane_get(before) != MPSK_LANE_NONE &&
		    psk_equal(mpsk_entry_psk(was, before), mpsk_entry_psk(entry, place))) {
			return before;
		}
	}
	return NULL;
}

static void plan_make(plan_t *plan, mpsk_entry_t *was, mpsk_entry_t *entry, mpsk_place_t *place)
{
	mpsk_place_t *before = place_before(was, entry, place);
	wpa_psk_t const *psk = mpsk_entry_psk(entry, place);
	wpa_pmk_t const *pmk = place->old ? NULL : mpsk_key_pmk(entry->key, &place->partition->ssid);

	if (before) {
		plan->kept = true;
		lane_set(place, lane_get(before));
	}
	plan->known = pmk || before;
	if (pmk) {
		plan->pmk = *pmk;
	} else if (before) {
		mpsk_partition_pmk(place->partition, lane_get(before), &plan->pmk);
	} else if (wpa_psk_is_pmk(psk)) {
		plan->known = wpa_pmk_derive(&plan->pmk, psk, &place->partition->ssid) == MPSK_OK;
	}
}

static void lanes_give(mpsk_entry_t *entry, plan_t const *plans)
{
	for (size_t i = 0; i < entry->n; i++) {
		mpsk_place_t *place = &entry->places[i];

		if (!plans[i].kept && lane_get(place) != MPSK_LANE_NONE) {
			mpsk_partition_give(place->partition, lane_get(place));
		}
	}
}

static mpsk_status_t lanes_take(mpsk_index_t *index, mpsk_entry_t *was, mpsk_entry_t *entry, plan_t const *plans)
{
	if (mpsk_leaf_pool_reserve(&index->pool, entry->n + (was ? was->n : 0)) != MPSK_OK) return MPSK_ERR;
	for (size_t i = 0; i < entry->n; i++) {
		mpsk_place_t *place = &entry->places[i];

		if (!plans[i].known || plans[i].kept) continue;
		if (mpsk_partition_reserve(place->partition, 1) != MPSK_OK) {
			lanes_give(entry, plans);
			return MPSK_ERR;
		}
		lane_set(place, mpsk_partition_take(place->partition));
	}
	return MPSK_OK;
}

/* Whether two keys with one PSK are met by one and the same access point. */
static bool keys_meet(mpsk_key_t const *a, mpsk_key_t const *b)
{
	char const *site = a->sites;

	if (a->org[0] && b->org[0] && strcmp(a->org, b->org) != 0) return false;
	if (!a->sites || !b->sites) return true;
	for (size_t i = 0; i < a->n_sites; i++, site = mpsk_key_site_next(site)) {
		if (mpsk_key_has_site(b, site)) return true;
	}
	return false;
}

/* Tell of the keys that a lane's key cannot be told apart from, those known as such before left out. */
static void duplicates_tell(mpsk_index_t *index, mpsk_key_t const *key, mpsk_key_t const *before,
			    mpsk_place_t const *place)
{
	uint32_t twins[TWINS_MAX];
	size_t n;

	if (!index->duplicate || atomic_load(&place->partition->n_twins) == 0) return;
	n = mpsk_partition_twins(place->partition, lane_get(place), twins, TWINS_MAX);
	for (size_t i = 0; i < n; i++) {
		mpsk_key_t const *other = mpsk_partition_key(place->partition, twins[i]);

		if (strcmp(other->id, key->id) == 0 || !keys_meet(key, other) || (before && keys_meet(before, other))) {
			continue;
		}
		/* Two keys for any SSID meet on each: once is enough. */
		if (key->any_ssid && other->any_ssid && place->partition != index->open[0]) continue;
		index->duplicate(index->duplicate_uctx, key, other);
	}
}

static void missing_add(mpsk_index_t *index, mpsk_partition_t *partition, size_t n)
{
	atomic_fetch_add_explicit(&partition->missing, n, memory_order_release);
	atomic_fetch_add_explicit(&index->missing, n, memory_order_release);
}

/* From here on nothing can fail. */
static void places_publish(mpsk_index_t *index, mpsk_entry_t *was, mpsk_entry_t *entry, plan_t const *plans)
{
	for (size_t i = 0; i < entry->n; i++) {
		mpsk_place_t *place = &entry->places[i];

		place->partition->users++;
		if (!plans[i].known) {
			entry->n_missing++;
			missing_add(index, place->partition, 1);
			continue;
		}
		mpsk_partition_set(place->partition, lane_get(place), entry->key, place->old, &plans[i].pmk);
		duplicates_tell(index, entry->key, plans[i].kept ? was->key : NULL, place);
	}
	if (entry->n_missing > 0) mpsk_waiting_add(index, entry);
	if (entry->key->any_ssid) atomic_fetch_add_explicit(&index->any_keys, 1, memory_order_release);
}

static bool lane_kept(mpsk_entry_t const *entry, mpsk_place_t const *before)
{
	for (size_t i = 0; entry && i < entry->n; i++) {
		mpsk_place_t const *place = &entry->places[i];

		if (place->partition == before->partition && lane_get(place) == lane_get(before)) return true;
	}
	return false;
}

/* Take out what an entry had and the one after it (or NULL) has not; needs a leaf of the pool for each place. */
static void places_withdraw(mpsk_index_t *index, mpsk_entry_t *was, mpsk_entry_t const *entry)
{
	if (was->n_missing > 0) mpsk_waiting_remove(index, was);
	for (size_t i = 0; i < was->n; i++) {
		mpsk_place_t *place = &was->places[i];

		if (lane_get(place) == MPSK_LANE_NONE) {
			missing_add(index, place->partition, (size_t) -1);
		} else if (!lane_kept(entry, place)) {
			mpsk_partition_clear(place->partition, lane_get(place));
		}
		place->partition->users--;
		mpsk_ssids_tidy(index, place->partition);
	}
	if (was->key->any_ssid) atomic_fetch_sub_explicit(&index->any_keys, 1, memory_order_release);
	was->owns_key = !entry || entry->key != was->key;
	mpsk_epoch_retire(&index->epoch, &was->retired, entry_free);
}

static mpsk_status_t entry_put(mpsk_index_t *index, mpsk_entry_t *was, mpsk_entry_t *entry, plan_t *plans)
{
	mpsk_key_t *key = entry->key;

	for (size_t i = 0; i < entry->n; i++) plan_make(&plans[i], was, entry, &entry->places[i]);
	if (lanes_take(index, was, entry, plans) != MPSK_OK) return MPSK_ERR;
	if (mpsk_macs_add(index, key) != MPSK_OK ||
	    mpsk_map_set(&index->ids, key->id, strlen(key->id), entry) != MPSK_OK) {
		mpsk_macs_remove(index, key, was ? was->key : NULL);
		lanes_give(entry, plans);
		return MPSK_ERR;
	}
	entry->owns_key = true;
	places_publish(index, was, entry, plans);
	if (was) {
		mpsk_macs_remove(index, was->key, key);
		places_withdraw(index, was, entry);
	}
	return MPSK_OK;
}

mpsk_status_t mpsk_entry_place(mpsk_index_t *index, mpsk_entry_t *was, mpsk_key_t *key, uint64_t generation)
{
	mpsk_entry_t *entry = entry_create(index, key);
	plan_t *plans;
	mpsk_status_t status;
	size_t n;

	if (!entry) return MPSK_ERR;
	entry->generation = generation;
	n = entry->n;
	plans = calloc(n ? n : 1, sizeof(*plans));
	status = plans ? entry_put(index, was, entry, plans) : MPSK_ERR;
	if (plans) mpsk_secret_wipe(plans, n * sizeof(*plans));
	free(plans);
	if (status != MPSK_OK) {
		for (size_t i = 0; i < n; i++) mpsk_ssids_tidy(index, entry->places[i].partition);
		free(entry);
	}
	return status;
}

mpsk_status_t mpsk_entry_remove(mpsk_index_t *index, mpsk_entry_t *entry)
{
	if (mpsk_leaf_pool_reserve(&index->pool, entry->n) != MPSK_OK ||
	    mpsk_map_remove(&index->ids, entry->key->id, strlen(entry->key->id)) == MPSK_ERR) {
		return MPSK_ERR;
	}
	mpsk_macs_remove(index, entry->key, NULL);
	places_withdraw(index, entry, NULL);
	return MPSK_OK;
}

mpsk_status_t mpsk_entry_settle(mpsk_index_t *index, mpsk_entry_t *entry, size_t n, wpa_pmk_t const *pmk)
{
	mpsk_place_t *place = &entry->places[n];
	uint32_t lane;

	if (mpsk_leaf_pool_reserve(&index->pool, 1) != MPSK_OK ||
	    mpsk_partition_reserve(place->partition, 1) != MPSK_OK) {
		return MPSK_ERR;
	}
	lane = mpsk_partition_take(place->partition);
	mpsk_partition_set(place->partition, lane, entry->key, place->old, pmk);
	lane_set(place, lane);
	/* Only now: who sees that nothing is missing must see the lane. */
	missing_add(index, place->partition, (size_t) -1);
	if (--entry->n_missing == 0) mpsk_waiting_remove(index, entry);
	duplicates_tell(index, entry->key, NULL, place);
	return MPSK_OK;
}
