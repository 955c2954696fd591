/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The key record: one person's, flat's or device's PSK and what comes with it.
 *
 * A record is immutable once parsed, and owned by one talloc parent; its
 * destructor wipes every secret.
 */
#ifndef MPSK_KEY_KEY_H
#define MPSK_KEY_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include "base/mac.h"
#include "base/ssid.h"
#include "base/status.h"
#include "base/text.h"
#include "key/hours.h"
#include "key/keyring.h"
#include "key/when_full.h"
#include "wpa/pmk.h"

#define MPSK_FINGERPRINT_LEN	40	/* hex digits of SHA-1 over a psk field */
#define MPSK_NAME_MAX		128	/* octets of name, org, role, email */
#define MPSK_NOTE_MAX		1024
#define MPSK_LIMIT_DEFAULT	(-1)	/* max, idle, concurrent: the field is absent */

typedef enum {
	MPSK_USAGE_MULTI = 0,	/* any device, up to the cap */
	MPSK_USAGE_SINGLE,	/* one device: the first, or the one in macs */
	MPSK_USAGE_MACS		/* only the devices in macs */
} mpsk_usage_t;

/* A MAC, or the first octets and half octets of one: "aabbcc*" has 6 digits. */
typedef struct {
	mpsk_mac_t	mac;	/* zero past the digits */
	uint8_t		digits;	/* 0 to 12 */
} mpsk_mac_pattern_t;

/* In which forms the store holds a key's secrets: any of these may be so of one of psk, old_psk and pmk: fields. */
#define MPSK_KEY_IN_CLEAR	0x01
#define MPSK_KEY_SEALED_BEFORE	0x02	/* with another KEK than the keyring's newest, or one that is not there */
#define MPSK_KEY_SEALED_NEWEST	0x04

/* A PMK that the store holds beside the key, its digest already found to fit psk. */
typedef struct {
	mpsk_ssid_t	ssid;
	wpa_pmk_t	pmk;
} mpsk_key_pmk_t;

typedef struct {
	char			*id;
	char			*name;		/* what accounting carries; the id where the field is absent */
	char			*org;		/* "" where absent */
	char			*role;		/* NULL: none */
	char			*email;		/* NULL: none */
	char			*note;		/* NULL: none */

	wpa_psk_t		psk;
	wpa_psk_t		old_psk;	/* len 0: none. Rotation's grace */
	int64_t			old_exp;
	int64_t			old_used;	/* when a device last came with old_psk; 0: none did */
	char			*sealed_psk;	/* as the store has them; NULL: in clear */
	char			*sealed_old_psk;
	/* Of psk, as the claim wants it: as the store has it, sealed or not; and of old_psk, or "". */
	char			fingerprint[MPSK_FINGERPRINT_LEN + 1];
	char			old_fingerprint[MPSK_FINGERPRINT_LEN + 1];
	unsigned		forms;		/* MPSK_KEY_IN_CLEAR and so on */
	char			*resealed;	/* NULL: never; see mpsk_key_is_print() */

	bool			any_ssid;	/* ssid absent, empty or "*" */
	mpsk_ssid_t		ssid;
	char			*sites;		/* NULL: any ("*" or absent); else names, each with its NUL, in a row */
	size_t			n_sites;
	char			*tags;		/* as sites; NULL: none */
	size_t			n_tags;

	mpsk_usage_t		usage;
	mpsk_mac_pattern_t	*macs;
	size_t			n_macs;

	uint16_t		vlan;		/* 1 to 4094; 0: none */
	char			*vlan_name;	/* NULL: none; else the site has its number, and vlan is 0 */
	int64_t			max;		/* devices; 0 = unlimited; MPSK_LIMIT_DEFAULT */
	int64_t			concurrent;
	int64_t			idle;		/* seconds; 0 = never evict; MPSK_LIMIT_DEFAULT */
	mpsk_when_full_t	when_full;	/* unset: as the site says, or the configuration */
	bool			enabled;
	int64_t			nbf;		/* epoch seconds; 0: at once */
	int64_t			exp;		/* epoch seconds; 0: never */
	bool			notify_expiry;	/* the holder is told before exp */
	int64_t			notify_days;	/* so many days before; 0: the tool's own number */
	bool			notify_edit;	/* the holder is told of changes */
	int64_t			rotate_every;	/* seconds after which the psk is replaced; 0: when somebody does it */
	int64_t			rotated;	/* when it last was; 0: not since it was made, or unknown */
	int64_t			valid_for;	/* seconds from the first use; 0: as long as exp says */
	int64_t			activated;	/* the first use of a key with valid_for; 0: not yet used */
	mpsk_hours_t		hours;		/* n 0: every hour */
	char			*hours_text;	/* as the store has it */
	int64_t			created;	/* 0: unknown */
	int64_t			modified;

	mpsk_key_pmk_t		*pmks;
	size_t			n_pmks;
} mpsk_key_t;

/* One field of a stored key; neither part is NUL-terminated. */
typedef struct {
	char const	*name;
	size_t		name_len;
	char const	*value;
	size_t		value_len;
} mpsk_field_t;

/*
 * Read a stored key (`mpsk:key:{id}`, see docs/reference/store.md). Fields
 * that the table in fields.h does not have are passed over; so is a pmk:
 * field that is malformed or whose digest does not fit psk, for it is a
 * cache and is written anew. What is sealed is opened with the keyring, which
 * may be NULL; a psk that cannot be makes the key BAD. An empty value counts as absent; of two fields
 * with one name the last counts. The record belongs to ctx. BAD, with a text
 * that names the field and never a secret, where a field breaks its grammar
 * or psk is absent; ERR where memory or libcrypto fails.
 */
mpsk_status_t mpsk_key_parse(TALLOC_CTX *ctx, mpsk_key_t **key, char const *id, size_t id_len,
			     mpsk_field_t const *fields, size_t n_fields, mpsk_keyring_t const *keyring,
			     mpsk_error_t *err);

/* The PMK that came with the record for this SSID, or NULL. */
wpa_pmk_t const *mpsk_key_pmk(mpsk_key_t const *key, mpsk_ssid_t const *ssid);

/*
 * Whether a fingerprint that was noted once is of the passphrase that the key
 * now has under another (its fingerprint or old_fingerprint): the same one, or
 * one that became it when the same passphrase was sealed anew. The field
 * `resealed` has each such step, as 16 digits before it, '>', and 16 after.
 */
bool mpsk_key_is_print(mpsk_key_t const *key, char const *noted, char const *now);

/* Whether a key is for this SSID. */
bool mpsk_key_has_ssid(mpsk_key_t const *key, mpsk_ssid_t const *ssid);

/* The name that stands behind one of a key's sites. */
static inline char const *mpsk_key_site_next(char const *site)
{
	return site + strlen(site) + 1;
}

/* Whether a key is good at a site; site NULL or "": the AP's site is not known. */
bool mpsk_key_has_site(mpsk_key_t const *key, char const *site);

/* Whether one of the key's patterns covers a MAC. */
bool mpsk_key_has_mac(mpsk_key_t const *key, mpsk_mac_t const *mac);

/* Whether one of them is this MAC, whole: not a mere start of it. */
bool mpsk_key_has_whole_mac(mpsk_key_t const *key, mpsk_mac_t const *mac);

/*
 * Whether a station could not tell two keys apart: the same PSK, SSIDs that
 * meet, sites that meet. The PSK of either's grace (old_psk) counts for as
 * long as it is set. A PSK of 64 hex digits equals a passphrase where the
 * passphrase's PMK came with its record. Keys of two organisations do not
 * collide, nor does a key with a record of its own id.
 */
bool mpsk_key_collides(mpsk_key_t const *a, mpsk_key_t const *b);

/*
 * SHA-1 of a psk field in lower-case hex: what claims and pmk: fields are
 * tied to. "" where libcrypto fails, which no claim may take for a fingerprint.
 */
void mpsk_key_fingerprint(char out[static MPSK_FINGERPRINT_LEN + 1], void const *psk, size_t len);

#endif
