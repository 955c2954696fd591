/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A key's record in as few octets as it takes, in one piece: what the index
 * keeps of a million of them. Only what a record has takes room.
 *
 * Left out is what no request needs (email, note, tags, whom to notify, when
 * to rotate, the text of hours, and valid_for, old_used and when_full, which
 * are the claim's), and the SSID, which whoever keeps the record knows by
 * where he keeps it. PMKs are packed where
 * the key is for any SSID, of MPSK_PACKED_PMKS_MAX at most; a key of one SSID
 * has no use for them once its own is in the index.
 *
 * The octets are a secret.
 */
#ifndef MPSK_KEY_PACKED_H
#define MPSK_KEY_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ssid.h"
#include "key/key.h"
#include "wpa/pmk.h"

#define MPSK_PACKED_PMKS_MAX 256

/* Pack a record; returns how many octets it takes. Where out is NULL, that is all it does. */
size_t mpsk_key_pack(uint8_t *out, mpsk_key_t const *key);

/*
 * Unpack it, for the SSID that it is for (not looked at where it is for any).
 * Texts, sites and MACs of the record lie in the packed octets, which must
 * outlive it; PSKs are copies, to be wiped. PMKs are left out, and so are the
 * fingerprints, but of PSKs that the store has sealed, whose sealed texts are
 * left out too. Returns how many octets it takes.
 */
size_t mpsk_key_unpack(mpsk_key_t *key, uint8_t *packed, mpsk_ssid_t const *ssid);

/* Make the fingerprints that a record that was unpacked lacks. */
void mpsk_key_fingerprints(mpsk_key_t *key);

/* Its id, alone. */
char const *mpsk_key_packed_id(uint8_t const *packed);

/* Whether it is for any SSID. */
bool mpsk_key_packed_any_ssid(uint8_t const *packed);

/* The PMK that was packed for an SSID, a secret; false where there is none. */
bool mpsk_key_packed_pmk(uint8_t *packed, mpsk_ssid_t const *ssid, wpa_pmk_t *pmk);

#endif
