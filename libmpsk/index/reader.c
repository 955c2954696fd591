/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "index/internal.h"
#include "key/packed.h"

mpsk_index_reader_t *mpsk_index_enter(mpsk_index_t *index)
{
	return mpsk_epoch_enter(&index->epoch);
}

void mpsk_index_leave(mpsk_index_reader_t *reader)
{
	mpsk_epoch_leave(reader);
}

bool mpsk_index_key(mpsk_index_reader_t *reader, char const *id, mpsk_key_t *key)
{
	mpsk_index_t *index = mpsk_epoch_index(reader);
	mpsk_ref_t entry = mpsk_ids_get(&index->ids, id);

	if (entry) mpsk_entry_read(&index->slab, entry, key);
	return entry != 0;
}

bool mpsk_index_has_ssid(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid)
{
	mpsk_index_t *index = mpsk_epoch_index(reader);

	return mpsk_map_get(&index->ssids, ssid->octets, ssid->len) ||
	       atomic_load_explicit(&index->any_keys, memory_order_acquire) > 0;
}

bool mpsk_index_try(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid, wpa_handshake_t const *hs, char const *id,
		    mpsk_index_hit_t *hit)
{
	mpsk_index_t *index = mpsk_epoch_index(reader);
	mpsk_partition_t *partition = mpsk_map_get(&index->ssids, ssid->octets, ssid->len);
	mpsk_ref_t entry = mpsk_ids_get(&index->ids, id);
	mpsk_place_t *place = partition && entry ? mpsk_place_first(&index->slab, entry) : NULL;

	for (; place; place = mpsk_place_next(&index->slab, place)) {
		uint32_t lane = mpsk_place_lane(place);

		if (place->partition == partition->self && lane < MPSK_LANE_WAITING &&
		    mpsk_partition_try(partition, lane, entry, hs, hit)) {
			return true;
		}
	}
	return false;
}

/* Whether the index has a key with the psk that this record has. */
static bool has_psk(mpsk_index_t *index, mpsk_ref_t entry, mpsk_key_t const *key)
{
	mpsk_key_t own;
	bool same;

	mpsk_entry_read(&index->slab, entry, &own);
	same = own.psk.len == key->psk.len && mpsk_secret_equal(own.psk.octets, key->psk.octets, own.psk.len);
	mpsk_secret_wipe(&own, sizeof(own));
	return same;
}

bool mpsk_index_pmk(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid, mpsk_key_t const *key, wpa_pmk_t *pmk)
{
	mpsk_index_t *index = mpsk_epoch_index(reader);
	mpsk_partition_t *partition = mpsk_map_get(&index->ssids, ssid->octets, ssid->len);
	mpsk_ref_t entry = mpsk_ids_get(&index->ids, key->id);
	mpsk_place_t *place;

	if (!partition || !entry || !has_psk(index, entry, key)) return false;
	for (place = mpsk_place_first(&index->slab, entry); place; place = mpsk_place_next(&index->slab, place)) {
		uint32_t lane = mpsk_place_lane(place);

		if (place->partition == partition->self && lane < MPSK_LANE_WAITING &&
		    mpsk_partition_peek(partition, lane, entry, pmk)) {
			return true;
		}
	}
	return false;
}

/*
 * How many keys for any SSID are still to come into this one. The writer
 * marks a partition open when the last of them has its place, so one that is
 * half open counts as not open.
 */
static size_t any_missing(mpsk_index_t *index, mpsk_partition_t *partition, mpsk_ssid_t const *ssid)
{
	size_t any = atomic_load_explicit(&index->any_keys, memory_order_acquire);

	if (any == 0 || (partition && atomic_load_explicit(&partition->open, memory_order_acquire))) return 0;
	if (atomic_load_explicit(&index->n_open, memory_order_acquire) == MPSK_OPEN_MAX) return 0;
	mpsk_ssids_ask(index, ssid);
	return any;
}

static mpsk_partition_t *partition_get(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid)
{
	return mpsk_map_get(&mpsk_epoch_index(reader)->ssids, ssid->octets, ssid->len);
}

size_t mpsk_index_scan(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid, wpa_handshake_t const *hs,
		       mpsk_index_hit_t *hits, size_t max, size_t *missing)
{
	mpsk_index_t *index = mpsk_epoch_index(reader);
	mpsk_partition_t *partition = partition_get(reader, ssid);
	mpsk_partition_search_t const search = { .hs = hs, .team = index->team };

	/* Before the scan: a PMK that comes while it runs may be in a leaf that it has passed. */
	*missing = any_missing(index, partition, ssid);
	if (!partition || max == 0) return 0;
	*missing += atomic_load_explicit(&partition->missing, memory_order_acquire);
	return mpsk_partition_scan(partition, &search, hits, max, mpsk_epoch_spent_ns(reader));
}

size_t mpsk_index_scan_leaves(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid, wpa_handshake_t const *hs,
			      uint32_t const *leaves, size_t n, mpsk_index_hit_t *hits, size_t max)
{
	mpsk_partition_t *partition = partition_get(reader, ssid);
	mpsk_partition_search_t const search = { .hs = hs, .leaves = leaves, .n_leaves = n };

	if (!partition || n == 0 || max == 0 || mpsk_partition_shared(partition)) return 0;
	return mpsk_partition_scan(partition, &search, hits, max, mpsk_epoch_spent_ns(reader));
}

size_t mpsk_index_size(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid)
{
	mpsk_partition_t *partition = partition_get(reader, ssid);

	return partition ? atomic_load_explicit(&partition->n_keys, memory_order_relaxed) : 0;
}

bool mpsk_index_shared(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid)
{
	mpsk_partition_t *partition = partition_get(reader, ssid);

	return partition && mpsk_partition_shared(partition);
}

uint64_t mpsk_index_changes(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid)
{
	mpsk_partition_t *partition = partition_get(reader, ssid);

	return partition ? atomic_load_explicit(&partition->changes, memory_order_acquire) : 0;
}

int64_t mpsk_index_spent_us(mpsk_index_reader_t *reader)
{
	return (int64_t) (mpsk_index_spent_ns(reader) / 1000);
}

uint64_t mpsk_index_spent_ns(mpsk_index_reader_t *reader)
{
	return *mpsk_epoch_spent_ns(reader);
}

/* Put a key where its last sight of the device says, behind those that have as late a one. */
static size_t key_insert(mpsk_key_t *keys, int64_t *seen, size_t n, size_t max, mpsk_key_t const *key,
			 int64_t last_seen)
{
	size_t at = n;

	while (at > 0 && seen[at - 1] < last_seen) at--;
	if (at == max) return n;
	if (n == max) n--;
	memmove(keys + at + 1, keys + at, (n - at) * sizeof(keys[0]));
	memmove(seen + at + 1, seen + at, (n - at) * sizeof(seen[0]));
	keys[at] = *key;
	seen[at] = last_seen;
	return n + 1;
}

size_t mpsk_index_by_mac(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid, mpsk_mac_t const *mac,
			 mpsk_key_t *keys, size_t max)
{
	mpsk_index_t *index = mpsk_epoch_index(reader);
	mpsk_macs_t const *macs = mpsk_map_get(&index->macs, mac->octets, MPSK_MAC_LEN);
	int64_t seen[MPSK_BY_MAC_MAX];
	mpsk_key_t key;
	size_t n = 0;

	if (max > MPSK_BY_MAC_MAX) max = MPSK_BY_MAC_MAX;
	for (size_t i = 0; macs && i < macs->n; i++) {
		mpsk_ref_t entry = mpsk_ids_get(&index->ids, macs->ids[i]);
		mpsk_device_t const *device = mpsk_devices_find(index, macs->ids[i], mac);

		if (!entry) continue;
		mpsk_entry_read(&index->slab, entry, &key);
		if ((!ssid || mpsk_key_has_ssid(&key, ssid)) && (device || mpsk_key_has_whole_mac(&key, mac))) {
			n = key_insert(keys, seen, n, max, &key, device ? device->last_seen : -1);
		}
		mpsk_secret_wipe(&key, sizeof(key));
	}
	return n;
}
