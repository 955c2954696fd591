/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius/digest.h"

#include <stdbool.h>

#include <openssl/evp.h>

mpsk_status_t radius_digest_md5(uint8_t out[static RADIUS_DIGEST_LEN], wpa_part_t const *parts, size_t n_parts)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool done = ctx && EVP_DigestInit_ex(ctx, EVP_md5(), NULL);

	for (size_t i = 0; done && i < n_parts; i++) done = EVP_DigestUpdate(ctx, parts[i].octets, parts[i].len);
	if (done) done = EVP_DigestFinal_ex(ctx, out, NULL);
	EVP_MD_CTX_free(ctx);
	return done ? MPSK_OK : MPSK_ERR;
}
