/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/hmac.h"

#include <pthread.h>
#include <stdbool.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/secret.h"

/* Fetched once: a fetch takes locks and costs as much as a short HMAC itself. It lasts as long as the process. */
static EVP_MAC *hmac;
static pthread_once_t hmac_once = PTHREAD_ONCE_INIT;

static void hmac_fetch(void)
{
	hmac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL);
}

static bool hmac_run(EVP_MAC_CTX *ctx, uint8_t out[static WPA_HMAC_MAX], char const *digest, uint8_t const *key,
		     size_t key_len, wpa_part_t const *parts, size_t n_parts)
{
	/* OSSL_PARAM has no const; libcrypto only reads the name. */
	OSSL_PARAM const params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *) digest, 0),
		OSSL_PARAM_construct_end(),
	};
	size_t out_len;

	if (!EVP_MAC_init(ctx, key, key_len, params)) return false;
	for (size_t i = 0; i < n_parts; i++) {
		if (!EVP_MAC_update(ctx, parts[i].octets, parts[i].len)) return false;
	}
	return EVP_MAC_final(ctx, out, &out_len, WPA_HMAC_MAX);
}

mpsk_status_t wpa_hmac(uint8_t out[static WPA_HMAC_MAX], char const *digest, uint8_t const *key, size_t key_len,
		       wpa_part_t const *parts, size_t n_parts)
{
	EVP_MAC_CTX *ctx = NULL;
	mpsk_status_t status = MPSK_ERR;

	pthread_once(&hmac_once, hmac_fetch);
	if (hmac) ctx = EVP_MAC_CTX_new(hmac);
	if (ctx && hmac_run(ctx, out, digest, key, key_len, parts, n_parts)) status = MPSK_OK;
	if (status != MPSK_OK) mpsk_secret_wipe(out, WPA_HMAC_MAX);
	EVP_MAC_CTX_free(ctx);
	return status;
}
