/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/hmac.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/secret.h"
#include "wpa/digest.h"

#define BLOCK_LEN_MAX	128	/* of SHA-384 */
#define INNER		0x36
#define OUTER		0x5c

/* What the two hashes of HMAC work with. */
typedef struct {
	EVP_MD_CTX	*ctx;
	EVP_MD const	*md;
	size_t		block_len;
	uint8_t		pad[BLOCK_LEN_MAX];	/* the key, XOR INNER or OUTER */
} hmac_t;

/* The key as one block of the digest. */
static bool key_take(hmac_t *hmac, uint8_t const *key, size_t key_len)
{
	memset(hmac->pad, 0, sizeof(hmac->pad));
	if (key_len > hmac->block_len) return EVP_Digest(key, key_len, hmac->pad, NULL, hmac->md, NULL);
	if (key_len) memcpy(hmac->pad, key, key_len);
	return true;
}

static bool hash(hmac_t *hmac, uint8_t out[static WPA_HMAC_MAX], uint8_t mask, wpa_part_t const *parts, size_t n_parts)
{
	/* To the end of the longest block, whatever this digest's is: many octets at a time then. */
	for (size_t i = 0; i < sizeof(hmac->pad); i++) hmac->pad[i] ^= mask;
	if (!EVP_DigestInit_ex2(hmac->ctx, hmac->md, NULL)) return false;
	if (!EVP_DigestUpdate(hmac->ctx, hmac->pad, hmac->block_len)) return false;
	for (size_t i = 0; i < n_parts; i++) {
		if (!EVP_DigestUpdate(hmac->ctx, parts[i].octets, parts[i].len)) return false;
	}
	return EVP_DigestFinal_ex(hmac->ctx, out, NULL);
}

static bool hmac_run(hmac_t *hmac, uint8_t out[static WPA_HMAC_MAX], uint8_t const *key, size_t key_len,
		     wpa_part_t const *parts, size_t n_parts)
{
	uint8_t inner[WPA_HMAC_MAX];
	wpa_part_t const inner_part = { inner, (size_t) EVP_MD_get_size(hmac->md) };
	bool done = key_take(hmac, key, key_len) && hash(hmac, inner, INNER, parts, n_parts) &&
		    hash(hmac, out, INNER ^ OUTER, &inner_part, 1);

	mpsk_secret_wipe(inner, sizeof(inner));
	return done;
}

/* On digests of our own: libcrypto's HMAC looks its digest up anew each time, at three times the cost of all this. */
mpsk_status_t wpa_hmac(uint8_t out[static WPA_HMAC_MAX], char const *digest, uint8_t const *key, size_t key_len,
		       wpa_part_t const *parts, size_t n_parts)
{
	hmac_t hmac = { .md = wpa_digest(digest) };
	mpsk_status_t status = MPSK_ERR;

	if (hmac.md) hmac.ctx = EVP_MD_CTX_new();
	if (hmac.ctx) {
		hmac.block_len = (size_t) EVP_MD_get_block_size(hmac.md);
		if (hmac_run(&hmac, out, key, key_len, parts, n_parts)) status = MPSK_OK;
	}
	if (status != MPSK_OK) mpsk_secret_wipe(out, WPA_HMAC_MAX);
	EVP_MD_CTX_free(hmac.ctx);
	mpsk_secret_wipe(&hmac, sizeof(hmac));
	return status;
}
