/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/hash.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/secret.h"

/* Fetched once, for a fetch takes locks; they last as long as the process. */
static struct {
	char const	*name;
	EVP_MD		*md;
} digests[] = { { "SHA256", NULL }, { "SHA384", NULL } };
static pthread_once_t digests_once = PTHREAD_ONCE_INIT;

#define N_DIGESTS (sizeof(digests) / sizeof(digests[0]))

static void digests_fetch(void)
{
	for (size_t i = 0; i < N_DIGESTS; i++) digests[i].md = EVP_MD_fetch(NULL, digests[i].name, NULL);
}

static EVP_MD const *digest_find(char const *name)
{
	pthread_once(&digests_once, digests_fetch);
	for (size_t i = 0; i < N_DIGESTS; i++) if (strcmp(digests[i].name, name) == 0) return digests[i].md;
	return NULL;
}

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
	EVP_MD const *md = digest_find(digest);
	EVP_MD_CTX *ctx = md ? EVP_MD_CTX_new() : NULL;
	mpsk_status_t status = ctx && hash_run(ctx, out, md, parts, n_parts) ? MPSK_OK : MPSK_ERR;

	if (status != MPSK_OK) mpsk_secret_wipe(out, WPA_HMAC_MAX);
	EVP_MD_CTX_free(ctx);
	return status;
}
