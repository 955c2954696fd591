/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/hash.h"

#include <stdbool.h>

#include <openssl/evp.h>

#include "base/secret.h"
#include "wpa/digest.h"

static bool hash_run(EVP_MD_CTX *ctx, uint8_t out[static WPA_HMAC_MAX], EVP_MD const *md, wpa_part_t const *parts,
		     size_t n_parts)
{
	if (!EVP_DigestInit_ex2(ctx, md, NULL)) return false;
	for (size_t i = 0; i < n_parts; i++) {
		if (!EVP_DigestUpdate(ctx, parts[i].octets, parts[i].len)) return false;
	}
	return EVP_DigestFinal_ex(ctx, out, NULL);
}

mpsk_status_t wpa_hash(uint8_t out[static WPA_HMAC_MAX], char const *digest, wpa_part_t const *parts, size_t n_parts)
{
	EVP_MD const *md = wpa_digest(digest);
	EVP_MD_CTX *ctx = md ? EVP_MD_CTX_new() : NULL;
	mpsk_status_t status = ctx && hash_run(ctx, out, md, parts, n_parts) ? MPSK_OK : MPSK_ERR;

	if (status != MPSK_OK) mpsk_secret_wipe(out, WPA_HMAC_MAX);
	EVP_MD_CTX_free(ctx);
	return status;
}
