/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the index share. Nobody else includes this.
 */
#ifndef MPSK_INDEX_INTERNAL_H
#define MPSK_INDEX_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/epoch.h"
#include "index/ids.h"
#include "index/index.h"
#include "index/map.h"
#include "index/partition.h"
#include "index/slab.h"

#define MPSK_OPEN_MAX	256	/* SSIDs that keys for any SSID are kept for */
#define MPSK_ASKED_MAX	16	/* SSIDs that readers asked for and the writer has not looked at */

#define MPSK_LANE_WAITING	(1u << 31)	/* no lane, from here on: the PMK is not derived yet */

/* One PSK of a key on one SSID. Readers see next and lane change. */
typedef struct {
	_Atomic mpsk_ref_t	next;	/* place of the same key, or 0 */
	_Atomic uint32_t	lane;	/* from MPSK_LANE_WAITING on, its number in the queue of waiting.c */
	uint32_t		partition : 31;
	uint32_t		old : 1;	/* old_psk */
} mpsk_place_t;

/* A key in the index: a block of the slab. Most keys have one place. */
typedef struct {
	uint32_t	generation;	/* of the load that put it, the writer's own */
	mpsk_place_t	first;		/* without a partition where no SSID was open for a key for any */
	uint8_t		key[];		/* key/packed.h */
} mpsk_entry_t;

/* A place that waits for its PMK. */
typedef struct {
	mpsk_place_t	*place;
	mpsk_ref_t	entry;
	uint32_t	prev, next;	/* in the queue; of one that is free, the next free one */
} mpsk_waiter_t;

/* In an array, so that a place need not have room for what few wait for. */
typedef struct {
	mpsk_waiter_t	*waiters;
	size_t		n, room;
	size_t		n_free;
	uint32_t	first, last, free;	/* MPSK_LANE_NONE: none */
} mpsk_waiting_t;

struct mpsk_index {
	mpsk_epoch_t		epoch;
	mpsk_slab_t		slab;		/* entries, places and partitions */
	mpsk_ids_t		ids;		/* id -> mpsk_entry_t */
	mpsk_map_t		ssids;		/* SSID -> mpsk_partition_t */
	mpsk_map_t		devices;	/* id -> mpsk_devices_t: devices.c */
	mpsk_map_t		macs;		/* full MAC -> ids: macs.c */
	mpsk_map_t		nases;		/* NAS id -> mpsk_index_nas_t: nas.c */
	mpsk_map_t		sites;		/* site -> what it says: sites.c */
	mpsk_leaf_pool_t	pool;
	uint64_t		generation;
	_Atomic bool		ready;
	_Atomic size_t		missing;
	_Atomic size_t		any_keys;	/* keys for any SSID */
	_Atomic size_t		n_devices;	/* of all ids */

	mpsk_partition_t	*open[MPSK_OPEN_MAX];
	_Atomic size_t		n_open;
	pthread_mutex_t		asked_lock;
	mpsk_ssid_t		asked[MPSK_ASKED_MAX];
	_Atomic size_t		n_asked;

	mpsk_waiting_t		waiting;

	mpsk_team_t		*team;		/* NULL: every reader scans alone */

	mpsk_index_duplicate_t	duplicate;
	void			*duplicate_uctx;
};

/*
 * --- entry.c: keys in the slab ---
 */

/* Any thread. */
static inline mpsk_entry_t *mpsk_entry_at(mpsk_slab_t const *slab, mpsk_ref_t ref)
{
	return mpsk_slab_at(slab, ref);
}

/* Any thread: the next place of a key, and the first one; NULL: none. */
mpsk_place_t *mpsk_place_next(mpsk_slab_t const *slab, mpsk_place_t *place);
mpsk_place_t *mpsk_place_first(mpsk_slab_t const *slab, mpsk_ref_t entry);

/* Any thread: the partition that a place is in. */
static inline mpsk_partition_t *mpsk_place_partition(mpsk_slab_t const *slab, mpsk_place_t const *place)
{
	return mpsk_slab_at(slab, place->partition);
}

/* Any thread: the lane of a place; not less than MPSK_LANE_WAITING where it has none. */
static inline uint32_t mpsk_place_lane(mpsk_place_t const *place)
{
	return atomic_load_explicit(&place->lane, memory_order_acquire);
}

/* Any thread: the id of an entry. */
char const *mpsk_entry_id(mpsk_slab_t const *slab, mpsk_ref_t entry);

/* Any thread: the record of an entry, as a reader is shown it; its PSKs are copies, to be wiped. */
void mpsk_entry_show(mpsk_slab_t const *slab, mpsk_ref_t entry, mpsk_key_t *key);

/* The same without fingerprints, which take longer than all the rest. */
void mpsk_entry_read(mpsk_slab_t const *slab, mpsk_ref_t entry, mpsk_key_t *key);

/* A new entry, without places; 0 where memory is out. */
mpsk_ref_t mpsk_entry_create(mpsk_index_t *index, mpsk_key_t const *key);

/* A new place, in no entry; 0 where memory is out. */
mpsk_ref_t mpsk_place_create(mpsk_index_t *index, mpsk_partition_t *partition, bool old);

/* Wipe and free an entry that no reader can see, with its places; or a place that is in none. */
void mpsk_entry_free(mpsk_slab_t *slab, mpsk_ref_t entry);
void mpsk_place_free(mpsk_slab_t *slab, mpsk_ref_t place);

/*
 * --- change.c: a key gets its places, or loses them ---
 */

/* Give a key its entry, in the place of the one it had (was; or 0). ERR where memory is out: nothing has changed. */
mpsk_status_t mpsk_change_put(mpsk_index_t *index, mpsk_ref_t was, mpsk_key_t const *key);

/* Take an entry out. ERR, and nothing changed, where memory is out. */
mpsk_status_t mpsk_change_remove(mpsk_index_t *index, mpsk_ref_t entry);

/* Give the entry of a key for any SSID its places in one more partition. ERR, as above. */
mpsk_status_t mpsk_change_open(mpsk_index_t *index, mpsk_ref_t entry, mpsk_partition_t *partition);

/* Give a place that waits its lane, and take it from the queue. ERR, as above. */
mpsk_status_t mpsk_change_settle(mpsk_index_t *index, mpsk_ref_t entry, mpsk_place_t *place, wpa_pmk_t const *pmk);

/*
 * --- waiting.c: the queue of places that miss a PMK ---
 */
void mpsk_waiting_init(mpsk_waiting_t *waiting);
void mpsk_waiting_finish(mpsk_waiting_t *waiting);

/* Have room for n more. ERR where memory is out. */
mpsk_status_t mpsk_waiting_reserve(mpsk_waiting_t *waiting, size_t n);

/* Put a place at the end, room having been made; take it out; put it to the end. */
void mpsk_waiting_add(mpsk_waiting_t *waiting, mpsk_ref_t entry, mpsk_place_t *place);
void mpsk_waiting_remove(mpsk_waiting_t *waiting, mpsk_place_t const *place);
void mpsk_waiting_defer(mpsk_waiting_t *waiting, mpsk_place_t const *place);

/* The one after this one, the first one where it is NULL; NULL at the end. */
mpsk_waiter_t *mpsk_waiting_next(mpsk_waiting_t *waiting, mpsk_waiter_t const *waiter);

/*
 * --- ssids.c: partitions, and the SSIDs for which keys for any SSID are kept ---
 */

/* The partition of an SSID, made where there is none; NULL where memory is out. */
mpsk_partition_t *mpsk_ssids_get(mpsk_index_t *index, mpsk_ssid_t const *ssid);

/* Take a partition away where nothing uses it. */
void mpsk_ssids_tidy(mpsk_index_t *index, mpsk_partition_t *partition);

/* Any thread: ask for an SSID; lost where too many are asked for, and asked for again by the next request. */
void mpsk_ssids_ask(mpsk_index_t *index, mpsk_ssid_t const *ssid);

/* The writer: open what was asked for. */
void mpsk_ssids_open(mpsk_index_t *index);

/*
 * --- devices.c: the devices that each key has ---
 */
typedef struct mpsk_devices mpsk_devices_t;

/* A key's device, or NULL. */
mpsk_device_t const *mpsk_devices_find(mpsk_index_t *index, char const *id, mpsk_mac_t const *mac);
/* How many devices a key has; *last_seen: when any was seen last, 0 where there is none. */
size_t mpsk_devices_count(mpsk_index_t *index, char const *id, int64_t *last_seen);
void mpsk_devices_commit(mpsk_index_t *index);
void mpsk_devices_finish(mpsk_index_t *index);

/*
 * --- macs.c: by full MAC, the ids of keys that list it or have it as a device. More ids than right may stand
 * there: whoever looks checks the key ---
 */
mpsk_status_t mpsk_macs_link(mpsk_index_t *index, mpsk_mac_t const *mac, char const *id);
/* A device of the id is gone; the MAC stays where the key lists it. */
void mpsk_macs_unlink(mpsk_index_t *index, mpsk_mac_t const *mac, char const *id);
mpsk_status_t mpsk_macs_add(mpsk_index_t *index, mpsk_key_t const *key);
/* Take out those that the key at its place (or NULL) does not list any more. */
void mpsk_macs_remove(mpsk_index_t *index, mpsk_key_t const *key, mpsk_key_t const *now);
void mpsk_macs_finish(mpsk_index_t *index);

typedef struct mpsk_macs mpsk_macs_t;
struct mpsk_macs {
	mpsk_retired_t	retired;
	mpsk_mac_t	mac;
	size_t		n;
	char		ids[][MPSK_ID_MAX + 1];	/* in order */
};

#endif
