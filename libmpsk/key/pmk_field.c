/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/pmk_field.h"

#include <string.h>
#include <strings.h>

#include "base/hex.h"
#include "base/secret.h"

#define PREFIX_LEN (sizeof(MPSK_PMK_FIELD_PREFIX) - 1)

size_t mpsk_pmk_field_name(char out[static MPSK_PMK_NAME_MAX], mpsk_ssid_t const *ssid)
{
	memcpy(out, MPSK_PMK_FIELD_PREFIX, PREFIX_LEN);
	memcpy(out + PREFIX_LEN, ssid->octets, ssid->len);
	return PREFIX_LEN + ssid->len;
}

void mpsk_pmk_field_print(char out[static MPSK_PMK_VALUE_LEN + 1], char const *fingerprint, wpa_pmk_t const *pmk)
{
	memcpy(out, fingerprint, MPSK_PMK_DIGEST_LEN);
	out[MPSK_PMK_DIGEST_LEN] = ':';
	mpsk_hex_encode(out + MPSK_PMK_DIGEST_LEN + 1, pmk->octets, WPA_PMK_LEN);
}

mpsk_status_t mpsk_pmk_field_parse(wpa_pmk_t *pmk, char const *fingerprint, char const *value, size_t len)
{
	uint8_t digest[MPSK_PMK_DIGEST_LEN / 2];

	if (len != MPSK_PMK_VALUE_LEN || value[MPSK_PMK_DIGEST_LEN] != ':' ||
	    !mpsk_hex_decode(digest, sizeof(digest), value, MPSK_PMK_DIGEST_LEN)) {
		return MPSK_BAD;
	}
	if (!mpsk_hex_decode(pmk->octets, WPA_PMK_LEN, value + MPSK_PMK_DIGEST_LEN + 1, 2 * WPA_PMK_LEN)) {
		mpsk_secret_wipe(pmk, sizeof(*pmk));
		return MPSK_BAD;
	}
	if (strncasecmp(fingerprint, value, MPSK_PMK_DIGEST_LEN) != 0) {
		mpsk_secret_wipe(pmk, sizeof(*pmk));
		return MPSK_MISS;
	}
	return MPSK_OK;
}

size_t mpsk_pmk_field_seal(char out[static MPSK_PMK_SEALED_MAX], mpsk_keyring_t const *keyring, char const *id,
			   mpsk_ssid_t const *ssid, char const *fingerprint, wpa_pmk_t const *pmk)
{
	size_t len = mpsk_seal_pmk(out + MPSK_PMK_DIGEST_LEN + 1, keyring, id, ssid, fingerprint, pmk);

	memcpy(out, fingerprint, MPSK_PMK_DIGEST_LEN);
	out[MPSK_PMK_DIGEST_LEN] = ':';
	return len > 0 ? MPSK_PMK_DIGEST_LEN + 1 + len : 0;
}

char const *mpsk_pmk_field_secret(char const *value, size_t value_len, size_t *len)
{
	bool has = value_len > MPSK_PMK_DIGEST_LEN && value[MPSK_PMK_DIGEST_LEN] == ':';

	*len = has ? value_len - MPSK_PMK_DIGEST_LEN - 1 : 0;
	return value + value_len - *len;
}

mpsk_status_t mpsk_pmk_field_open(wpa_pmk_t *pmk, mpsk_keyring_t const *keyring, mpsk_key_t const *key,
				  mpsk_ssid_t const *ssid, char const *value, size_t len)
{
	size_t sealed_len;
	char const *sealed = mpsk_pmk_field_secret(value, len, &sealed_len);

	if (!mpsk_seal_is(sealed, sealed_len)) return mpsk_pmk_field_parse(pmk, key->fingerprint, value, len);
	if (strncasecmp(key->fingerprint, value, MPSK_PMK_DIGEST_LEN) != 0) return MPSK_MISS;
	return mpsk_unseal_pmk(pmk, keyring, key->id, ssid, key->fingerprint, sealed, sealed_len, NULL) == MPSK_OK ?
	       MPSK_OK : MPSK_BAD;
}
