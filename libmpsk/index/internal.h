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
#include "index/index.h"
#include "index/map.h"
#include "index/partition.h"

#define MPSK_OPEN_MAX	256	/* SSIDs that keys for any SSID are kept for */
#define MPSK_ASKED_MAX	16	/* SSIDs that readers asked for and the writer has not looked at */

/* One PSK of a key on one SSID. */
typedef struct {
	mpsk_partition_t	*partition;
	_Atomic uint32_t	lane;	/* MPSK_LANE_NONE: its PMK is not derived yet */
	bool			old;	/* old_psk */
} mpsk_place_t;

/* A key in the index. Readers see key, n and places; only a lane that was none changes under them. */
typedef struct mpsk_entry mpsk_entry_t;
struct mpsk_entry {
	mpsk_retired_t	retired;
	mpsk_key_t	*key;
	bool		owns_key;	/* false where the entry after it has the same record */
	uint64_t	generation;	/* of the load that put it */
	mpsk_entry_t	*prev, *next;	/* of those that wait for a PMK */
	size_t		n_missing;
	size_t		n;
	mpsk_place_t	places[];
};

struct mpsk_index {
	mpsk_epoch_t		epoch;
	mpsk_map_t		ids;		/* id -> mpsk_entry_t */
	mpsk_map_t		ssids;		/* SSID -> mpsk_partition_t */
	mpsk_map_t		devices;	/* id -> mpsk_devices_t: devices.c */
	mpsk_map_t		macs;		/* full MAC -> ids: macs.c */
	mpsk_map_t		nases;		/* NAS id -> row: nas.c */
	mpsk_map_t		sites;		/* site -> row: sites.c */
	mpsk_leaf_pool_t	pool;
	uint64_t		generation;
	_Atomic bool		ready;
	_Atomic size_t		missing;
	_Atomic size_t		any_keys;	/* keys for any SSID */

	mpsk_partition_t	*open[MPSK_OPEN_MAX];
	_Atomic size_t		n_open;
	pthread_mutex_t		asked_lock;
	mpsk_ssid_t		asked[MPSK_ASKED_MAX];
	_Atomic size_t		n_asked;

	mpsk_entry_t		*waiting, *waiting_last;

	mpsk_team_t		*team;		/* NULL: every reader scans alone */

	mpsk_index_duplicate_t	duplicate;
	void			*duplicate_uctx;
};

/*
 * --- entry.c: the places of a key ---
 */

/*
 * Give a key its entry, in the place of the one it had (was; or NULL). The
 * record is the new entry's from then on, unless ERR: nothing has changed then.
 */
mpsk_status_t mpsk_entry_place(mpsk_index_t *index, mpsk_entry_t *was, mpsk_key_t *key, uint64_t generation);

/* Take an entry out, with its key. ERR, and nothing changed, where memory is out. */
mpsk_status_t mpsk_entry_remove(mpsk_index_t *index, mpsk_entry_t *entry);

/* Free an entry that no reader can see, and the record where it owns it. */
void mpsk_entry_free(mpsk_entry_t *entry);

/* Give the n-th place of an entry, which has none, its lane. */
mpsk_status_t mpsk_entry_settle(mpsk_index_t *index, mpsk_entry_t *entry, size_t n, wpa_pmk_t const *pmk);

/* The PSK of a place. */
wpa_psk_t const *mpsk_entry_psk(mpsk_entry_t const *entry, mpsk_place_t const *place);

/*
 * --- waiting.c: the queue of entries that miss a PMK ---
 */
void mpsk_waiting_add(mpsk_index_t *index, mpsk_entry_t *entry);
void mpsk_waiting_remove(mpsk_index_t *index, mpsk_entry_t *entry);

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

/*
 * --- nas.c ---
 */
void mpsk_nas_commit(mpsk_index_t *index);
void mpsk_nas_finish(mpsk_index_t *index);

/*
 * --- sites.c ---
 */
void mpsk_sites_commit(mpsk_index_t *index);
void mpsk_sites_finish(mpsk_index_t *index);

#endif
