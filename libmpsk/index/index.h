/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All keys in memory, per SSID, and what is known of MACs and NASes.
 *
 * One thread writes (the store's sync); any number read at the same time,
 * without a lock: a reader enters, looks, and leaves, and all that it was
 * shown stays as it was until it leaves. A writer replaces leaves, never
 * changes them, and frees what it took out when every reader that may have
 * seen it has left.
 */
#ifndef MPSK_INDEX_INDEX_H
#define MPSK_INDEX_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/mac.h"
#include "base/ssid.h"
#include "base/status.h"
#include "key/device.h"
#include "key/key.h"
#include "key/nas.h"
#include "key/site.h"
#include "wpa/handshake.h"

typedef struct mpsk_index mpsk_index_t;

/* An empty index; NULL where memory is out. talloc_free() it after the last reader and the writer have gone. */
mpsk_index_t *mpsk_index_create(TALLOC_CTX *ctx);

/*
 * Let a long scan use up to n threads, that of its reader included; once,
 * before the first reader. ERR where they cannot be had. One thread is what
 * an index begins with.
 */
mpsk_status_t mpsk_index_threads(mpsk_index_t *index, size_t n);

/*
 * --- The writer ---
 */

/*
 * Begin a new generation: a full load. Whatever is not put again before the
 * commit is dropped by it. Until then all that was there stays in force.
 */
void mpsk_index_begin(mpsk_index_t *index);
void mpsk_index_commit(mpsk_index_t *index);

/* How many keys there are; *lost: those that a commit would drop. */
size_t mpsk_index_count(mpsk_index_t *index, size_t *lost);

/*
 * Put a key in, or in the place of the one with its id; frees the record
 * (also on failure), having packed what it needs. It can be found by id at
 * once; by handshake, for each SSID of its own, at once where its PMK came
 * with it, else once derived. ERR where memory is out: the old one then stays.
 */
mpsk_status_t mpsk_index_put(mpsk_index_t *index, mpsk_key_t *key);

/* Take a key out. MISS where it was not there. */
mpsk_status_t mpsk_index_drop(mpsk_index_t *index, char const *id);

/*
 * The devices that a key has, in place of those that it had; n may be 0.
 * Copies; kept also while there is no key of that id. ERR where memory is
 * out: those before then stay.
 */
mpsk_status_t mpsk_index_devices_put(mpsk_index_t *index, char const *id, mpsk_device_t const *devices, size_t n);

/* A PMK that the index derived, for the store to keep. The record is as readers are shown it, good for the call. */
typedef void (*mpsk_index_derived_t)(void *uctx, mpsk_key_t const *key, mpsk_ssid_t const *ssid, wpa_pmk_t const *pmk);

/*
 * Derive PMKs that are missing, several at a time, until there are none or
 * budget_ms has passed (with 0, one is done); tell derived (may be NULL) of
 * each that belongs to a key's present psk. Returns how many are still missing.
 */
size_t mpsk_index_derive(mpsk_index_t *index, int budget_ms, mpsk_index_derived_t derived, void *uctx);

/* What the store says of a NAS. Copies its arguments; BAD where a text is too long. */
mpsk_status_t mpsk_index_nas_put(mpsk_index_t *index, char const *nas, mpsk_nas_t const *at);
void mpsk_index_nas_drop(mpsk_index_t *index, char const *nas);

/* What the store says of a site. Copies its arguments. ERR where memory is out. */
mpsk_status_t mpsk_index_site_put(mpsk_index_t *index, char const *site, mpsk_site_t const *at);
void mpsk_index_site_drop(mpsk_index_t *index, char const *site);

/*
 * Pairs of keys with one PSK on one SSID at one site; for an alarm. Calls
 * report once for each pair found since, with records as readers are shown
 * them, good for the call.
 */
typedef void (*mpsk_index_duplicate_t)(void *uctx, mpsk_key_t const *a, mpsk_key_t const *b);
void mpsk_index_on_duplicate(mpsk_index_t *index, mpsk_index_duplicate_t report, void *uctx);

/*
 * --- Readers: between enter and leave, on any thread, not nested ---
 */
typedef struct mpsk_index_reader mpsk_index_reader_t;

mpsk_index_reader_t *mpsk_index_enter(mpsk_index_t *index);
void mpsk_index_leave(mpsk_index_reader_t *reader);

/* Whether a first load has been committed. */
bool mpsk_index_ready(mpsk_index_t const *index);

typedef struct {
	size_t		keys;
	size_t		ssids;
	size_t		missing;		/* PMKs still to derive */
	char const	*kernel;		/* what scans and derives: mpsk_match_kernel_name() */
	char const	*kernel_skipped;	/* a better one that failed its test, or NULL */
} mpsk_index_stats_t;
void mpsk_index_stats(mpsk_index_t *index, mpsk_index_stats_t *stats);

typedef struct {
	size_t	devices;	/* of keys; of two keys it counts twice */
	size_t	octets;		/* of memory that keys, PMKs and devices take, tables to find them by aside */
} mpsk_index_sizes_t;

/* Looks at every block of PMKs: for now and then. Any thread, but not between enter and leave. */
void mpsk_index_sizes(mpsk_index_t *index, mpsk_index_sizes_t *sizes);

/*
 * A reader is shown keys as records whose parts are the index's, good until
 * it leaves; without email, note and PMKs, which no request needs, and
 * without fingerprints, which mpsk_key_fingerprints() makes for the few that
 * do: that would take longer than all the rest. The PSKs are copies: wipe
 * them.
 */

/* The key of an id; false, and nothing written, where there is none. */
bool mpsk_index_key(mpsk_index_reader_t *reader, char const *id, mpsk_key_t *key);

typedef struct {
	char	org[MPSK_NAME_MAX + 1];
	char	site[MPSK_NAME_MAX + 1];
	char	dialect[MPSK_NAS_WORD_MAX + 1];
	char	reply[MPSK_NAS_WORD_MAX + 1];
	bool	no_session_timeout;
	bool	has_interim_interval;
	uint32_t interim_interval;
} mpsk_index_nas_t;

/* What is known of a NAS; NULL where nothing is. It is the index's, good until the reader leaves. */
mpsk_index_nas_t const *mpsk_index_nas(mpsk_index_reader_t *reader, char const *nas);

/* The number of the VLAN that a site calls by this name; 0: it has none. */
uint16_t mpsk_index_vlan(mpsk_index_reader_t *reader, char const *site, char const *name);

/* What a site says of keys at their device cap; unset where it says nothing. */
mpsk_when_full_t mpsk_index_when_full(mpsk_index_reader_t *reader, char const *site);

/* One key whose PMK made a handshake: a secret. */
typedef struct {
	mpsk_key_t	key;
	wpa_pmk_t	pmk;
	bool		old;	/* it was made with old_psk */
	uint32_t	leaf;	/* where it stands: for mpsk_index_scan_leaves() */
} mpsk_index_hit_t;

/* Whether any key is for this SSID. */
bool mpsk_index_has_ssid(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid);

/*
 * Whether one of the PSKs of a key on an SSID made this handshake: the short
 * way where there is a guess. False also where there is no such key.
 */
bool mpsk_index_try(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid, wpa_handshake_t const *hs, char const *id,
		    mpsk_index_hit_t *hit);

/*
 * The keys of an SSID whose PMK made this handshake, every one re-checked,
 * in the order of their ids, `max` at most; returns how many.
 *
 * *missing is set to the number of keys of this SSID whose PMK is not
 * derived yet: where it is not 0 and nothing was found, the answer is not
 * final. The first request for an SSID that keys for any SSID would serve
 * makes the writer begin to derive them.
 */
size_t mpsk_index_scan(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid, wpa_handshake_t const *hs,
		       mpsk_index_hit_t *hits, size_t max, size_t *missing);

/*
 * As mpsk_index_scan(), in some leaves alone, each named once, in their
 * order; leaves that are not there hold nothing. Where PMKs are shared it
 * finds nothing either, for only a whole scan finds all hits.
 */
size_t mpsk_index_scan_leaves(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid, wpa_handshake_t const *hs,
			      uint32_t const *leaves, size_t n, mpsk_index_hit_t *hits, size_t max);

/* How many PMKs a scan looks at, and whether any of them is that of two keys. */
size_t mpsk_index_size(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid);
bool mpsk_index_shared(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid);

/* Another number than before once an SSID has a PMK that it did not have: ask for it before a scan. */
uint64_t mpsk_index_changes(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid);

/* The CPU time that scans have taken since the reader entered, on all threads. */
int64_t mpsk_index_spent_us(mpsk_index_reader_t *reader);
uint64_t mpsk_index_spent_ns(mpsk_index_reader_t *reader);

/*
 * The PMK, a secret, of a key's present psk on an SSID; false where it is
 * not derived yet, or the index has the key with another psk.
 */
bool mpsk_index_pmk(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid, mpsk_key_t const *key, wpa_pmk_t *pmk);

/* Whether a device is one of a key's. */
bool mpsk_index_knows(mpsk_index_reader_t *reader, char const *id, mpsk_mac_t const *mac);

/* How many devices a key has. */
size_t mpsk_index_devices(mpsk_index_reader_t *reader, char const *id);

/*
 * The keys of an SSID (NULL: of any) that have this MAC as a device or list it in full in
 * their macs: the one that saw it last first, then in the order of their
 * ids; returns how many.
 */
#define MPSK_BY_MAC_MAX 16	/* keys, at most */
size_t mpsk_index_by_mac(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid, mpsk_mac_t const *mac,
			 mpsk_key_t *keys, size_t max);

/*
 * Keys of an SSID that fits() agrees to, the one whose devices were seen
 * last first, max at most; returns how many. It asks of each key, with the
 * number of its devices, but of no more than a few thousand. An SSID with keys
 * for any SSID has them among these once they have been asked for.
 */
#define MPSK_OFFERS_MAX 20	/* keys, at most */
typedef bool (*mpsk_index_fits_t)(void *uctx, mpsk_key_t const *key, size_t devices);
size_t mpsk_index_offers(mpsk_index_reader_t *reader, mpsk_ssid_t const *ssid, mpsk_index_fits_t fits, void *uctx,
			 mpsk_key_t *keys, size_t max);

#endif
