/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The key store: Redis as docs/reference/store.md lays it out.
 *
 * A store handle keeps a small pool of connections; any thread may call any
 * function. Every call ends within the handle's deadlines. Once a
 * connection has failed, calls answer AGAIN at once until retry_ms have
 * passed (the breaker), so that a stalled Redis costs one caller its
 * deadline and not all of them. A call that has to open a connection may
 * take connect_ms and then command_ms; in a cluster whose nodes have to be
 * sought, connect_ms once more.
 */
#ifndef MPSK_STORE_STORE_H
#define MPSK_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/mac.h"
#include "base/ssid.h"
#include "base/status.h"
#include "base/text.h"
#include "key/device.h"
#include "key/key.h"
#include "key/when_full.h"

typedef struct mpsk_store mpsk_store_t;

/* For URIs with TLS; each may be NULL. A program that uses TLS ignores SIGPIPE. */
typedef struct {
	char const	*ca_file;		/* PEM; neither of the two: the CAs of the system are trusted */
	char const	*ca_path;		/* a folder as c_rehash(1) makes it */
	char const	*certificate_file;	/* ours, PEM, with what leads to its CA; only with a key */
	char const	*private_key_file;	/* PEM, under no passphrase */
	char const	*server_name;		/* that certificates are for, in place of the host connected to */
} mpsk_store_tls_t;

typedef struct {
	char const	*uri;		/* see uri.h */
	char const	*password_file;	/* NULL, or a file whose first line is the password */
	char const	*sentinel_password_file;	/* the same for Sentinels */
	char const	*sentinel_user;	/* NULL, or the user that goes with it */
	mpsk_store_tls_t tls;
	char const	*keyring;	/* NULL, or a file: key/keyring.h */
	int		connect_ms;	/* 250 */
	int		command_ms;	/* 150: one claim in all; the command line sets seconds */
	int		retry_ms;	/* 250: how long the breaker stays open; 0: no breaker */
	unsigned	max_connections;/* 32 */
	size_t		journal;	/* claims to note for a replay: journal.h. 0: none */
	char const	*snapshot;	/* for sync: NULL, or the file that it keeps its keys in; with a keyring */
	int		snapshot_s;	/* 60: what changed is written there every so many seconds at most */
	int64_t		snapshot_max_s;	/* 86400: one that is older is not used */
} mpsk_store_config_t;

/* The defaults, for the caller to change. */
extern mpsk_store_config_t const mpsk_store_defaults;

/* A handle; connects to nobody yet. BAD for a wrong URI, password file or keyring. talloc_free() closes all. */
mpsk_status_t mpsk_store_create(TALLOC_CTX *ctx, mpsk_store_t **store, mpsk_store_config_t const *config,
				mpsk_error_t *err);

/* Its keyring, or NULL where the configuration names none. */
mpsk_keyring_t const *mpsk_store_keyring(mpsk_store_t const *store);

/* The journal of this store's claims, or NULL where the configuration wants none. */
typedef struct mpsk_journal mpsk_journal_t;
mpsk_journal_t *mpsk_store_journal(mpsk_store_t *store);

/* Another server is in the place of one, as sync has found: no connection to the old one is used any more. */
void mpsk_store_renew(mpsk_store_t *store);

typedef struct {
	char	server[32];	/* "redis 7.0.15", "valkey 8.1.1" */
	char	role[16];	/* "master" */
	double	rtt_ms;
} mpsk_store_info_t;

/* Whether Redis answers, and who it is. */
mpsk_status_t mpsk_store_ping(mpsk_store_t *store, mpsk_store_info_t *info, mpsk_error_t *err);

/*
 * Say in mpsk:meta that what Redis holds is right, whatever was there before:
 * servers whose copy is another one take it over.
 */
mpsk_status_t mpsk_store_accept(mpsk_store_t *store, mpsk_error_t *err);

/* Whether what Redis holds is ours to read: BAD, with the cure, where a later version laid it out. */
mpsk_status_t mpsk_store_readable(mpsk_store_t *store, mpsk_error_t *err);

/*
 * --- Claims: claim.lua, atomic ---
 */
typedef enum {
	MPSK_CLAIM_CLAIM = 0,	/* known: refresh; new: add where the cap allows */
	MPSK_CLAIM_CHECK,	/* known or not, nothing is written */
	MPSK_CLAIM_TOUCH,	/* known: refresh; new: NODEV */
	MPSK_CLAIM_RELEASE	/* forget the device */
} mpsk_claim_op_t;

typedef enum {
	MPSK_CLAIM_OK = 0,
	MPSK_CLAIM_FULL,	/* at its cap, and this device is new */
	MPSK_CLAIM_BUSY,	/* all places of those that may be online at a time are taken, none by this device */
	MPSK_CLAIM_NODEV,	/* check, touch, release: the device is not known to the key */
	MPSK_CLAIM_NOKEY,
	MPSK_CLAIM_DISABLED,
	MPSK_CLAIM_NOTYET,
	MPSK_CLAIM_EXPIRED,
	MPSK_CLAIM_STALE,	/* the fingerprint is not that of the key's psk (nor of old_psk in its grace) */
	MPSK_CLAIM_BADKEY	/* a field is malformed: error->text names it */
} mpsk_claim_code_t;

/* "FULL" */
char const *mpsk_claim_code_name(mpsk_claim_code_t code);

typedef struct {
	char const	*id;
	mpsk_mac_t	mac;
	mpsk_claim_op_t	op;
	char const	*fingerprint;	/* "" : not compared, and no use of the key: valid_for does not begin */
	int64_t		now;		/* epoch seconds; 0: the server's clock */
	int64_t		default_max;	/* for a key without max; 0 = unlimited */
	int64_t		default_idle;	/* for a key without idle; 0 = never */
	char const	*clear;		/* NULL, or the fingerprint of the PSK in clear: for the journal */
	int64_t		place_s;	/* seconds to hold a place until accounting tells of the device; 0: none */
	mpsk_when_full_t site_when_full;	/* for a key without when_full; unset: as the next says */
	mpsk_when_full_t default_when_full;	/* unset: replace-idle */
} mpsk_claim_t;

#define MPSK_CLAIM_MACS_MAX 4

typedef struct {
	mpsk_claim_code_t	code;
	bool			is_new;		/* the device was not known before */
	int64_t			used;		/* devices known now */
	int64_t			max;		/* 0 = unlimited */
	int64_t			exp;		/* 0 = never */
	int64_t			live;		/* places taken now; 0 where the key has no `concurrent` */
	int64_t			concurrent;	/* 0 = unlimited */
	size_t			evicted;	/* devices that made way */
	size_t			n_macs;		/* of them that are told by name: the first ones */
	mpsk_mac_t		macs[MPSK_CLAIM_MACS_MAX];
} mpsk_claim_result_t;

/* OK with every code, also BADKEY, with which err->text names the field; BAD where the claim itself is malformed. */
mpsk_status_t mpsk_store_claim(mpsk_store_t *store, mpsk_claim_t const *claim, mpsk_claim_result_t *result,
			       mpsk_error_t *err);

/*
 * --- Hints: mpsk:mac:{mac}, ssid -> id ---
 */
mpsk_status_t mpsk_store_hint_get(mpsk_store_t *store, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid,
				  char id[static MPSK_ID_MAX + 1], mpsk_error_t *err);
/* Written with a life of 90 days. */
mpsk_status_t mpsk_store_hint_set(mpsk_store_t *store, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid, char const *id,
				  mpsk_error_t *err);
mpsk_status_t mpsk_store_hint_drop(mpsk_store_t *store, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid,
				   mpsk_error_t *err);

/*
 * --- Keys ---
 */

/* MISS where there is none, BAD where it is malformed (the text names the field). The record belongs to ctx. */
mpsk_status_t mpsk_store_key_read(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_key_t **key,
				  mpsk_error_t *err);

typedef enum {
	MPSK_WRITE_ADD = 0,	/* MISS where the id is taken */
	MPSK_WRITE_EDIT		/* MISS where there is no such key */
} mpsk_write_mode_t;

/* Where the store has a keyring, what is written of secrets in clear is sealed, unless it is to be in clear. */

/*
 * Set fields of a key, and remove those whose value is NULL, in one atomic
 * step. On EDIT with expect_fingerprint not NULL: AGAIN where the key's psk
 * has changed meanwhile.
 */
mpsk_status_t mpsk_store_key_write(mpsk_store_t *store, char const *id, mpsk_write_mode_t mode,
				   mpsk_field_t const *fields, size_t n_fields, char const *expect_fingerprint,
				   mpsk_error_t *err);

/*
 * Write the secrets of a record that was read anew, all in one step: sealed
 * with the newest KEK, or in clear. What else it holds as a PMK goes. AGAIN
 * where psk or old_psk have changed meanwhile, MISS where the key is gone,
 * BAD without a keyring to seal with.
 */
mpsk_status_t mpsk_store_key_reseal(mpsk_store_t *store, mpsk_key_t const *key, bool clear, mpsk_error_t *err);

/* Store a derived PMK, unless the psk has changed meanwhile. Never makes a key that is gone. */
mpsk_status_t mpsk_store_key_pmk(mpsk_store_t *store, char const *id, char const *fingerprint, mpsk_ssid_t const *ssid,
				 wpa_pmk_t const *pmk, mpsk_error_t *err);

/* Delete a key, its devices, their places, its sessions and what its holder was told. MISS where there was none. */
mpsk_status_t mpsk_store_key_delete(mpsk_store_t *store, char const *id, mpsk_error_t *err);

/*
 * Every key, in no order; a key may come twice, and one that is added, deleted
 * or moved to another node of a cluster meanwhile may come or not. key is NULL where it is malformed, and
 * err says why. The callback may use the store. The record is freed after the call unless the callback stole it. A
 * callback that returns anything but OK ends the walk, which returns that.
 */
typedef mpsk_status_t (*mpsk_store_key_cb_t)(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err);
mpsk_status_t mpsk_store_key_each(mpsk_store_t *store, mpsk_store_key_cb_t cb, void *uctx, mpsk_error_t *err);

/*
 * --- Devices: mpsk:dev:{id} ---
 */
/*
 * The devices of a key, last seen first. The array belongs to ctx. MISS
 * where there is no such key. A member that is not a MAC in the store's
 * spelling is passed over.
 */
mpsk_status_t mpsk_store_devices(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_device_t **devices,
				 size_t *n, mpsk_error_t *err);

/*
 * A key and its devices, as mpsk_store_key_read() and mpsk_store_devices(), in
 * one step. MISS where there is no such key.
 */
mpsk_status_t mpsk_store_key_devices(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_key_t **key,
				     mpsk_device_t **devices, size_t *n, mpsk_error_t *err);

/*
 * The devices of every key that has some, in no order, as
 * mpsk_store_key_each(); of a set that is none the devices are NULL, and err
 * says why. They are freed after the call.
 */
typedef mpsk_status_t (*mpsk_store_devices_cb_t)(void *uctx, char const *id, mpsk_device_t const *devices, size_t n,
						 mpsk_error_t const *err);
mpsk_status_t mpsk_store_devices_each(mpsk_store_t *store, mpsk_store_devices_cb_t cb, void *uctx, mpsk_error_t *err);

#endif
