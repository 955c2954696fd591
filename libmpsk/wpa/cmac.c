/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/cmac.h"

#include <pthread.h>
#include <stdbool.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/secret.h"

/*
 * Copied for each MAC, for to name the cipher to a new context makes libcrypto look it up under its
 * locks. It must have had a key to be copied, so it has one of zeros. It lasts as long as the process.
 */
static EVP_MAC_CTX *model;
static pthread_once_t model_once = PTHREAD_ONCE_INIT;

static void model_make(void)
{
	static uint8_t const key[WPA_CMAC_KEY_LEN];
	static char cipher[] = "AES-128-CBC";
	OSSL_PARAM const params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_CMAC, NULL);

	if (mac) model = EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac);
	if (!model || EVP_MAC_init(model, key, sizeof(key), params)) return;
	EVP_MAC_CTX_free(model);
	model = NULL;
}

mpsk_status_t wpa_cmac(uint8_t out[static WPA_CMAC_LEN], uint8_t const key[static WPA_CMAC_KEY_LEN], void const *octets,
		       size_t len)
{
	EVP_MAC_CTX *ctx = NULL;
	size_t out_len;
	bool made;

	pthread_once(&model_once, model_make);
	if (model) ctx = EVP_MAC_CTX_dup(model);
	made = ctx && EVP_MAC_init(ctx, key, WPA_CMAC_KEY_LEN, NULL) && EVP_MAC_update(ctx, octets, len) &&
	       EVP_MAC_final(ctx, out, &out_len, WPA_CMAC_LEN);
	if (!made) mpsk_secret_wipe(out, WPA_CMAC_LEN);
	EVP_MAC_CTX_free(ctx);
	return made ? MPSK_OK : MPSK_ERR;
}
