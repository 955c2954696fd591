/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/secret.h"
#include "index/internal.h"
#include "key/packed.h"

#define TWINS_MAX 64	/* pairs told of for one lane: with more, somebody knows already */

/* What is to become of one place. */
typedef struct {
	mpsk_place_t	*place;
	mpsk_ref_t	ref;	/* of a place on its own, else 0 */
	bool		known;	/* pmk is */
	bool		kept;	/* the lane is the one that it had */
	wpa_pmk_t	pmk;
} plan_t;

/* An entry that gets places, and the one that it replaces. */
typedef struct {
	mpsk_index_t		*index;
	mpsk_key_t const	*key;
	mpsk_ref_t		entry;
	mpsk_ref_t		was;	/* or 0 */
	mpsk_key_t		was_key;
	mpsk_place_t		*last;	/* of a new entry: the one that the next one is linked to */
	size_t			n, room;
	plan_t			*plans;
} change_t;

/* An entry that waits to be freed. */
typedef struct {
	mpsk_retired_t	retired;
	mpsk_slab_t	*slab;
	mpsk_ref_t	entry;
} tomb_t;

static void tomb_free(mpsk_retired_t *self)
{
	tomb_t *tomb = (tomb_t *) self;

	mpsk_entry_free(tomb->slab, tomb->entry);
	free(tomb);
}

static bool psk_equal(wpa_psk_t const *a, wpa_psk_t const *b)
{
	return a->len == b->len && mpsk_secret_equal(a->octets, b->octets, a->len);
}

static wpa_psk_t const *psk_of(mpsk_key_t const *key, mpsk_place_t const *place)
{
	return place->old ? &key->old_psk : &key->psk;
}

/* The old PSK of a key whose grace lasts, and that is not the new one again. */
static bool old_counts(mpsk_key_t const *key)
{
	return key->old_psk.len > 0 && (key->old_exp == 0 || key->old_exp > (int64_t) time(NULL)) &&
	       !psk_equal(&key->old_psk, &key->psk);
}

static size_t places_count(mpsk_slab_t const *slab, mpsk_ref_t entry)
{
	size_t n = 0;

	for (mpsk_place_t *place = mpsk_place_first(slab, entry); place; place = mpsk_place_next(slab, place)) n++;
	return n;
}

/*
 * --- What is to be done ---
 */

/* A change with room for so many SSIDs. */
static mpsk_status_t change_begin(change_t *change, size_t ssids)
{
	change->n = 0;
	change->room = ssids * (1 + old_counts(change->key));
	change->plans = calloc(change->room ? change->room : 1, sizeof(change->plans[0]));
	if (!change->plans) return MPSK_ERR;
	if (change->was) mpsk_entry_read(&change->index->slab, change->was, &change->was_key);
	return MPSK_OK;
}

static void change_end(change_t *change)
{
	if (change->plans) mpsk_secret_wipe(change->plans, change->room * sizeof(change->plans[0]));
	free(change->plans);
	mpsk_secret_wipe(&change->was_key, sizeof(change->was_key));
}

/* Plan a place in a partition: the first one of a new entry stands in it, others on their own. */
static mpsk_status_t plan_add(change_t *change, mpsk_partition_t *partition, bool old)
{
	mpsk_slab_t *slab = &change->index->slab;
	plan_t *plan = &change->plans[change->n];

	if (change->last && !change->last->partition) {
		plan->place = change->last;
		plan->place->partition = partition->self;
		plan->place->old = old;
	} else {
		plan->ref = mpsk_place_create(change->index, partition, old);
		if (!plan->ref) return MPSK_ERR;
		plan->place = mpsk_slab_at(slab, plan->ref);
		if (change->last) atomic_store_explicit(&change->last->next, plan->ref, memory_order_relaxed);
	}
	if (change->last) change->last = plan->place;
	change->n++;
	return MPSK_OK;
}

static mpsk_status_t plans_add(change_t *change, mpsk_partition_t *partition)
{
	mpsk_status_t status = partition ? plan_add(change, partition, false) : MPSK_ERR;

	if (status == MPSK_OK && old_counts(change->key)) status = plan_add(change, partition, true);
	if (status != MPSK_OK && partition) mpsk_ssids_tidy(change->index, partition);
	return status;
}

/* The place that had the same PSK on the same SSID, whether it was the old PSK then or not. */
static mpsk_place_t *place_before(change_t const *change, mpsk_place_t const *place)
{
	mpsk_slab_t const *slab = &change->index->slab;
	mpsk_place_t *before = change->was ? mpsk_place_first(slab, change->was) : NULL;

	for (; before; before = mpsk_place_next(slab, before)) {
		if (before->partition == place->partition && mpsk_place_lane(before) < MPSK_LANE_WAITING &&
		    psk_equal(psk_of(&change->was_key, before), psk_of(change->key, place))) {
			return before;
		}
	}
	return NULL;
}

/* The PMK that came with the record, or was packed with it when it came. */
static bool pmk_came(change_t const *change, mpsk_ssid_t const *ssid, wpa_pmk_t *pmk)
{
	wpa_pmk_t const *known = mpsk_key_pmk(change->key, ssid);

	if (known) *pmk = *known;
	return known || mpsk_key_packed_pmk(mpsk_entry_at(&change->index->slab, change->entry)->key, ssid, pmk);
}

static void plan_make(change_t const *change, plan_t *plan)
{
	mpsk_partition_t *partition = mpsk_place_partition(&change->index->slab, plan->place);
	mpsk_place_t const *before = place_before(change, plan->place);
	wpa_psk_t const *psk = psk_of(change->key, plan->place);

	if (before) {
		plan->kept = true;
		atomic_store_explicit(&plan->place->lane, mpsk_place_lane(before), memory_order_relaxed);
	}
	plan->known = !plan->place->old && pmk_came(change, &partition->ssid, &plan->pmk);
	if (plan->known) return;
	if (before) {
		mpsk_partition_pmk(partition, mpsk_place_lane(before), &plan->pmk);
		plan->known = true;
	} else if (wpa_psk_is_pmk(psk)) {
		plan->known = wpa_pmk_derive(&plan->pmk, psk, &partition->ssid) == MPSK_OK;
	}
}

static void lanes_give(change_t const *change)
{
	for (size_t i = 0; i < change->n; i++) {
		mpsk_place_t *place = change->plans[i].place;

		if (!change->plans[i].kept && mpsk_place_lane(place) < MPSK_LANE_WAITING) {
			mpsk_partition_give(mpsk_place_partition(&change->index->slab, place), mpsk_place_lane(place));
		}
	}
}

/* All that can fail. */
static mpsk_status_t lanes_take(change_t const *change)
{
	mpsk_index_t *index = change->index;
	size_t n_was = change->was ? places_count(&index->slab, change->was) : 0;

	for (size_t i = 0; i < change->n; i++) plan_make(change, &change->plans[i]);
	if (mpsk_leaf_pool_reserve(&index->pool, change->n + n_was) != MPSK_OK ||
	    mpsk_waiting_reserve(&index->waiting, change->n) != MPSK_OK) {
		return MPSK_ERR;
	}
	for (size_t i = 0; i < change->n; i++) {
		plan_t const *plan = &change->plans[i];
		mpsk_partition_t *partition = mpsk_place_partition(&index->slab, plan->place);

		if (!plan->known || plan->kept) continue;
		if (mpsk_partition_reserve(partition, 1) != MPSK_OK) {
			lanes_give(change);
			return MPSK_ERR;
		}
		atomic_store_explicit(&plan->place->lane, mpsk_partition_take(partition), memory_order_relaxed);
	}
	return MPSK_OK;
}

/*
 * --- Two keys with one PSK ---
 */

/* Whether they are met by one and the same access point. */
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
	mpsk_partition_t *partition = mpsk_place_partition(&index->slab, place);
	uint32_t twins[TWINS_MAX];
	mpsk_key_t other;
	size_t n;

	if (!index->duplicate || atomic_load(&partition->n_twins) == 0) return;
	n = mpsk_partition_twins(partition, mpsk_place_lane(place), twins, TWINS_MAX);
	for (size_t i = 0; i < n; i++) {
		mpsk_entry_read(&index->slab, mpsk_partition_entry(partition, twins[i]), &other);
		if (strcmp(other.id, key->id) == 0 || !keys_meet(key, &other) ||
		    (before && keys_meet(before, &other))) {
			continue;
		}
		/* Two keys for any SSID meet on each: once is enough. */
		if (key->any_ssid && other.any_ssid && partition != index->open[0]) continue;
		index->duplicate(index->duplicate_uctx, key, &other);
	}
	mpsk_secret_wipe(&other, sizeof(other));
}

/*
 * --- Doing it: nothing can fail ---
 */
static void missing_add(mpsk_index_t *index, mpsk_partition_t *partition, size_t n)
{
	atomic_fetch_add_explicit(&partition->missing, n, memory_order_release);
	atomic_fetch_add_explicit(&index->missing, n, memory_order_release);
}

static void places_publish(change_t const *change)
{
	mpsk_index_t *index = change->index;

	for (size_t i = 0; i < change->n; i++) {
		plan_t const *plan = &change->plans[i];
		mpsk_partition_t *partition = mpsk_place_partition(&index->slab, plan->place);

		partition->users++;
		if (!plan->known) {
			missing_add(index, partition, 1);
			mpsk_waiting_add(&index->waiting, change->entry, plan->place);
			continue;
		}
		mpsk_partition_set(partition, mpsk_place_lane(plan->place), change->entry, plan->place->old,
				   &plan->pmk);
		duplicates_tell(index, change->key, plan->kept ? &change->was_key : NULL, plan->place);
	}
}

/* Show readers the places of an entry that they see already. */
static void places_link(change_t const *change)
{
	mpsk_slab_t const *slab = &change->index->slab;
	mpsk_place_t *last = &mpsk_entry_at(slab, change->entry)->first, *next;

	while ((next = mpsk_place_next(slab, last))) last = next;
	for (size_t i = 0; i < change->n; i++) {
		atomic_store_explicit(&last->next, change->plans[i].ref, memory_order_release);
		last = change->plans[i].place;
	}
}

static bool lane_kept(mpsk_slab_t const *slab, mpsk_ref_t entry, mpsk_place_t const *before)
{
	mpsk_place_t *place = entry ? mpsk_place_first(slab, entry) : NULL;

	for (; place; place = mpsk_place_next(slab, place)) {
		if (place->partition == before->partition && mpsk_place_lane(place) == mpsk_place_lane(before)) {
			return true;
		}
	}
	return false;
}

/* Take out what an entry had and the one after it (or 0) has not; needs a leaf of the pool for each place. */
static void places_withdraw(mpsk_index_t *index, mpsk_ref_t was, mpsk_ref_t entry, tomb_t *tomb)
{
	mpsk_slab_t *slab = &index->slab;
	bool any = mpsk_key_packed_any_ssid(mpsk_entry_at(slab, was)->key);

	for (mpsk_place_t *place = mpsk_place_first(slab, was); place; place = mpsk_place_next(slab, place)) {
		mpsk_partition_t *partition = mpsk_place_partition(slab, place);

		if (mpsk_place_lane(place) >= MPSK_LANE_WAITING) {
			mpsk_waiting_remove(&index->waiting, place);
			missing_add(index, partition, (size_t) -1);
		} else if (!lane_kept(slab, entry, place)) {
			mpsk_partition_clear(partition, mpsk_place_lane(place));
		}
		partition->users--;
		mpsk_ssids_tidy(index, partition);
	}
	if (any) atomic_fetch_sub_explicit(&index->any_keys, 1, memory_order_release);
	*tomb = (tomb_t) { .slab = slab, .entry = was };
	mpsk_epoch_retire(&index->epoch, &tomb->retired, tomb_free);
}

/*
 * --- The changes ---
 */
static mpsk_status_t put_plan(change_t *change)
{
	mpsk_index_t *index = change->index;
	bool any = change->key->any_ssid;
	size_t ssids = any ? atomic_load(&index->n_open) : 1;

	if (change_begin(change, ssids) != MPSK_OK) return MPSK_ERR;
	change->entry = mpsk_entry_create(index, change->key);
	if (!change->entry) return MPSK_ERR;
	change->last = &mpsk_entry_at(&index->slab, change->entry)->first;
	for (size_t i = 0; i < ssids; i++) {
		mpsk_partition_t *partition = any ? index->open[i] : mpsk_ssids_get(index, &change->key->ssid);

		if (plans_add(change, partition) != MPSK_OK) return MPSK_ERR;
	}
	return lanes_take(change);
}

static mpsk_status_t put_do(change_t *change, tomb_t *tomb)
{
	mpsk_index_t *index = change->index;
	mpsk_key_t const *key = change->key;

	if (mpsk_macs_add(index, key) != MPSK_OK || mpsk_ids_set(&index->ids, change->entry) != MPSK_OK) {
		mpsk_macs_remove(index, key, change->was ? &change->was_key : NULL);
		lanes_give(change);
		return MPSK_ERR;
	}
	places_publish(change);
	if (key->any_ssid) atomic_fetch_add_explicit(&index->any_keys, 1, memory_order_release);
	if (change->was) {
		mpsk_macs_remove(index, &change->was_key, key);
		places_withdraw(index, change->was, change->entry, tomb);
	}
	return MPSK_OK;
}

static void put_undo(change_t const *change)
{
	mpsk_slab_t *slab = &change->index->slab;

	for (size_t i = 0; i < change->n; i++) {
		mpsk_ssids_tidy(change->index, mpsk_place_partition(slab, change->plans[i].place));
	}
	if (change->entry) mpsk_entry_free(slab, change->entry);
}

mpsk_status_t mpsk_change_put(mpsk_index_t *index, mpsk_ref_t was, mpsk_key_t const *key)
{
	change_t change = { .index = index, .key = key, .was = was };
	tomb_t *tomb = was ? malloc(sizeof(*tomb)) : NULL;
	mpsk_status_t status = MPSK_ERR;

	if (tomb || !was) status = put_plan(&change);
	if (status == MPSK_OK) status = put_do(&change, tomb);
	if (status != MPSK_OK) {
		put_undo(&change);
		free(tomb);
	}
	change_end(&change);
	return status;
}

mpsk_status_t mpsk_change_remove(mpsk_index_t *index, mpsk_ref_t entry)
{
	tomb_t *tomb = malloc(sizeof(*tomb));
	mpsk_key_t key;

	if (!tomb || mpsk_leaf_pool_reserve(&index->pool, places_count(&index->slab, entry)) != MPSK_OK) {
		free(tomb);
		return MPSK_ERR;
	}
	mpsk_entry_read(&index->slab, entry, &key);
	(void) mpsk_ids_remove(&index->ids, key.id);
	mpsk_macs_remove(index, &key, NULL);
	mpsk_secret_wipe(&key, sizeof(key));
	places_withdraw(index, entry, 0, tomb);
	return MPSK_OK;
}

static bool has_place_in(mpsk_slab_t const *slab, mpsk_ref_t entry, mpsk_partition_t const *partition)
{
	mpsk_place_t *place = mpsk_place_first(slab, entry);

	while (place && place->partition != partition->self) place = mpsk_place_next(slab, place);
	return place != NULL;
}

mpsk_status_t mpsk_change_open(mpsk_index_t *index, mpsk_ref_t entry, mpsk_partition_t *partition)
{
	mpsk_slab_t *slab = &index->slab;
	change_t change = { .index = index, .entry = entry };
	mpsk_status_t status;
	mpsk_key_t key;

	if (has_place_in(slab, entry, partition)) return MPSK_OK;
	mpsk_entry_read(slab, entry, &key);
	change.key = &key;
	status = change_begin(&change, 1);
	if (status == MPSK_OK) status = plans_add(&change, partition);
	if (status == MPSK_OK) status = lanes_take(&change);
	if (status == MPSK_OK) {
		places_publish(&change);
		places_link(&change);
	} else {
		for (size_t i = 0; i < change.n; i++) mpsk_place_free(slab, change.plans[i].ref);
	}
	change_end(&change);
	mpsk_secret_wipe(&key, sizeof(key));
	return status;
}

mpsk_status_t mpsk_change_settle(mpsk_index_t *index, mpsk_ref_t entry, mpsk_place_t *place, wpa_pmk_t const *pmk)
{
	mpsk_partition_t *partition = mpsk_place_partition(&index->slab, place);
	mpsk_key_t key;
	uint32_t lane;

	if (mpsk_leaf_pool_reserve(&index->pool, 1) != MPSK_OK || mpsk_partition_reserve(partition, 1) != MPSK_OK) {
		return MPSK_ERR;
	}
	lane = mpsk_partition_take(partition);
	mpsk_partition_set(partition, lane, entry, place->old, pmk);
	mpsk_waiting_remove(&index->waiting, place);
	atomic_store_explicit(&place->lane, lane, memory_order_release);
	/* Only now: who sees that nothing is missing must see the lane. */
	missing_add(index, partition, (size_t) -1);
	mpsk_entry_read(&index->slab, entry, &key);
	duplicates_tell(index, &key, NULL, place);
	mpsk_secret_wipe(&key, sizeof(key));
	return MPSK_OK;
}
