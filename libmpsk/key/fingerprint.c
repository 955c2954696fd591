/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "base/hex.h"
#include "key/key.h"
#include "wpa/digest.h"

void mpsk_key_fingerprint(char out[static MPSK_FINGERPRINT_LEN + 1], void const *psk, size_t len)
{
	uint8_t digest[SHA_DIGEST_LENGTH];

	out[0] = '\0';
	if (EVP_Digest(psk, len, digest, NULL, wpa_digest("SHA1"), NULL) == 1) {
		mpsk_hex_encode(out, digest, sizeof(digest));
	}
}
