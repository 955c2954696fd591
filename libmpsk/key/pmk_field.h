/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stored PMK: field `pmk:<ssid>` = the first 16 hex digits of the psk
 * field's SHA-1, ':', 64 hex digits of PMK, or the PMK sealed: see seal.h.
 */
#ifndef MPSK_KEY_PMK_FIELD_H
#define MPSK_KEY_PMK_FIELD_H

#include <stddef.h>

#include "base/ssid.h"
#include "base/status.h"
#include "key/key.h"
#include "key/seal.h"
#include "wpa/pmk.h"

#define MPSK_PMK_FIELD_PREFIX	"pmk:"
#define MPSK_PMK_DIGEST_LEN	16
#define MPSK_PMK_VALUE_LEN	(MPSK_PMK_DIGEST_LEN + 1 + 2 * WPA_PMK_LEN)
#define MPSK_PMK_NAME_MAX	(sizeof(MPSK_PMK_FIELD_PREFIX) - 1 + MPSK_SSID_MAX)

/* Write the field's name, which is no C string; returns its length. */
size_t mpsk_pmk_field_name(char out[static MPSK_PMK_NAME_MAX], mpsk_ssid_t const *ssid);

/* Write the field's value and a NUL. */
void mpsk_pmk_field_print(char out[static MPSK_PMK_VALUE_LEN + 1], char const *fingerprint, wpa_pmk_t const *pmk);

#define MPSK_PMK_SEALED_MAX	(MPSK_PMK_DIGEST_LEN + 1 + MPSK_SEAL_MAX)	/* with a NUL */

/* The same with the PMK sealed for a key's id; returns the length, 0 where libcrypto fails. */
size_t mpsk_pmk_field_seal(char out[static MPSK_PMK_SEALED_MAX], mpsk_keyring_t const *keyring, char const *id,
			   mpsk_ssid_t const *ssid, char const *fingerprint, wpa_pmk_t const *pmk);

/* What stands behind a value's digest, sealed or not; of *len 0 where it has none. */
char const *mpsk_pmk_field_secret(char const *value, size_t value_len, size_t *len);

/* Read a value, sealed or not, of a key that has its id and fingerprint. As below; BAD too where it does not open. */
mpsk_status_t mpsk_pmk_field_open(wpa_pmk_t *pmk, mpsk_keyring_t const *keyring, mpsk_key_t const *key,
				  mpsk_ssid_t const *ssid, char const *value, size_t len);

/* Read a value that is not sealed. MISS where its digest is of another psk, BAD where it is malformed. */
mpsk_status_t mpsk_pmk_field_parse(wpa_pmk_t *pmk, char const *fingerprint, char const *value, size_t len);

#endif
