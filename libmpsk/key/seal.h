/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secrets at rest: `enc1:<KEK id>:<base64>` in the place of a PSK, of the PMK
 * in a pmk: field, or of the secret shared with a NAS.
 *
 * Behind the base64 stand a nonce of 12 octets, the ciphertext and a tag of
 * 16, of AES-256-GCM (NIST SP 800-38D). What it belongs to is authenticated
 * with it, so that no sealed value can be moved to another key or NAS.
 */
#ifndef MPSK_KEY_SEAL_H
#define MPSK_KEY_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ssid.h"
#include "base/status.h"
#include "key/base64.h"
#include "key/keyring.h"
#include "wpa/pmk.h"

#define MPSK_SEAL_PREFIX	"enc1:"
#define MPSK_SEAL_NONCE_LEN	12
#define MPSK_SEAL_TAG_LEN	16
#define MPSK_SEAL_PLAIN_MAX	128	/* a NAS's secret: a PSK has WPA_PSK_MAX at most */
#define MPSK_SEAL_MAX \
	(sizeof(MPSK_SEAL_PREFIX) - 1 + MPSK_KEK_ID_MAX + 1 + \
	 MPSK_BASE64_LEN(MPSK_SEAL_NONCE_LEN + MPSK_SEAL_PLAIN_MAX + MPSK_SEAL_TAG_LEN) + 1)

/* Whether a value says that it is sealed. No PSK may begin so. */
bool mpsk_seal_is(char const *value, size_t len);

/* Whether it says that this KEK sealed it. */
bool mpsk_seal_is_by(mpsk_kek_t const *kek, char const *value, size_t len);

/*
 * Seal a PSK of this key, for the fields psk and old_psk alike, so that a
 * rotation can move it. Writes text and a NUL, returns its length; 0 where
 * libcrypto fails.
 */
size_t mpsk_seal_psk(char out[static MPSK_SEAL_MAX], mpsk_keyring_t const *keyring, char const *id,
		     wpa_psk_t const *psk);

/*
 * Open one; the result need not be a valid PSK: out holds *len octets of
 * MPSK_SEAL_PLAIN_MAX at most. keyring may be NULL. MISS where no KEK of the
 * id is there, BAD where it is malformed or was not sealed for this key, ERR
 * where libcrypto fails; each with a text.
 */
mpsk_status_t mpsk_unseal_psk(uint8_t out[static MPSK_SEAL_PLAIN_MAX], size_t *len, mpsk_keyring_t const *keyring,
			      char const *id, char const *value, size_t value_len, mpsk_error_t *err);

/* The same for the PMK of a key's pmk: field; digest is the field's, MPSK_PMK_DIGEST_LEN hex digits in lower case. */
size_t mpsk_seal_pmk(char out[static MPSK_SEAL_MAX], mpsk_keyring_t const *keyring, char const *id,
		     mpsk_ssid_t const *ssid, char const *digest, wpa_pmk_t const *pmk);
mpsk_status_t mpsk_unseal_pmk(wpa_pmk_t *pmk, mpsk_keyring_t const *keyring, char const *id, mpsk_ssid_t const *ssid,
			      char const *digest, char const *value, size_t value_len, mpsk_error_t *err);

/* The same for the secret shared with the NAS of an id, 1 to MPSK_SEAL_PLAIN_MAX octets. */
size_t mpsk_seal_nas(char out[static MPSK_SEAL_MAX], mpsk_keyring_t const *keyring, char const *id,
		     uint8_t const *secret, size_t len);
mpsk_status_t mpsk_unseal_nas(uint8_t out[static MPSK_SEAL_PLAIN_MAX], size_t *len, mpsk_keyring_t const *keyring,
			      char const *id, char const *value, size_t value_len, mpsk_error_t *err);

#endif
