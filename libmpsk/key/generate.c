/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/generate.h"

#include <openssl/rand.h>

#include "base/secret.h"

/* Without 0 and o, 1 and l. 32 divides 256, so the low five bits of an octet draw without bias. */
static char const alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
_Static_assert(sizeof(alphabet) == 32 + 1, "five bits a character");

mpsk_status_t mpsk_passphrase_generate(wpa_psk_t *psk, size_t length, mpsk_error_t *err)
{
	uint8_t random[WPA_PASSPHRASE_MAX];
	mpsk_status_t status;

	if (length < WPA_PASSPHRASE_MIN || length > WPA_PASSPHRASE_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "a passphrase has %d to %d characters, not %zu",
				      WPA_PASSPHRASE_MIN, WPA_PASSPHRASE_MAX, length);
	}
	if (RAND_priv_bytes(random, (int) length) != 1) {
		mpsk_secret_wipe(random, sizeof(random));
		return mpsk_error_set(err, MPSK_ERR, "libcrypto has no random octets to give");
	}
	for (size_t i = 0; i < length; i++) random[i] = (uint8_t) alphabet[random[i] & 31];
	status = wpa_psk_set(psk, random, length, err);
	mpsk_secret_wipe(random, sizeof(random));
	return status;
}
