/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/snapshot_seal.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/secret.h"

#define LABEL		"mpsk1|snapshot|"
#define LABEL_LEN	(sizeof(LABEL) - 1)
#define NONCE_LEN	12
#define NUMBER_LEN	8

/* Zeros, and the chunk's number in network order: no two chunks of one key have the same. */
static void nonce_make(uint8_t nonce[static NONCE_LEN], uint64_t number)
{
	memset(nonce, 0, NONCE_LEN);
	for (size_t i = 0; i < NUMBER_LEN; i++) nonce[NONCE_LEN - 1 - i] = (uint8_t) (number >> 8 * i);
}

bool mpsk_snapshot_seal_init(mpsk_snapshot_seal_t *seal, mpsk_kek_t const *kek,
			     uint8_t const header[static MPSK_SNAPSHOT_HEADER_LEN])
{
	uint8_t salted[LABEL_LEN + MPSK_SNAPSHOT_SALT_LEN];
	unsigned int n = 0;

	memcpy(seal->header, header, sizeof(seal->header));
	seal->chunks = 0;
	memcpy(salted, LABEL, LABEL_LEN);
	memcpy(salted + LABEL_LEN, header + MPSK_SNAPSHOT_HEADER_LEN - MPSK_SNAPSHOT_SALT_LEN, MPSK_SNAPSHOT_SALT_LEN);
	return HMAC(EVP_sha256(), kek->octets, MPSK_KEK_LEN, salted, sizeof(salted), seal->key, &n) &&
	       n == sizeof(seal->key);
}

bool mpsk_snapshot_seal_close(mpsk_snapshot_seal_t *seal, uint8_t *out, uint8_t const *octets, size_t len, bool last)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t nonce[NONCE_LEN], is_last = last;
	int n;
	bool closed;

	nonce_make(nonce, seal->chunks++);
	closed = ctx && EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, seal->key, nonce) == 1 &&
		EVP_EncryptUpdate(ctx, NULL, &n, seal->header, sizeof(seal->header)) == 1 &&
		EVP_EncryptUpdate(ctx, NULL, &n, &is_last, 1) == 1 &&
		EVP_EncryptUpdate(ctx, out, &n, octets, (int) len) == 1 && EVP_EncryptFinal_ex(ctx, out + n, &n) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, MPSK_SNAPSHOT_TAG_LEN, out + len) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return closed;
}

bool mpsk_snapshot_seal_open(mpsk_snapshot_seal_t *seal, uint8_t *out, uint8_t const *box, size_t len, bool last)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t nonce[NONCE_LEN], tag[MPSK_SNAPSHOT_TAG_LEN], is_last = last;
	int n;
	bool opened;

	nonce_make(nonce, seal->chunks++);
	memcpy(tag, box + len, sizeof(tag));
	opened = ctx && EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, seal->key, nonce) == 1 &&
		EVP_DecryptUpdate(ctx, NULL, &n, seal->header, sizeof(seal->header)) == 1 &&
		EVP_DecryptUpdate(ctx, NULL, &n, &is_last, 1) == 1 &&
		EVP_DecryptUpdate(ctx, out, &n, box, (int) len) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, MPSK_SNAPSHOT_TAG_LEN, tag) == 1 &&
		EVP_DecryptFinal_ex(ctx, out + n, &n) == 1;
	EVP_CIPHER_CTX_free(ctx);
	if (!opened) mpsk_secret_wipe(out, len);
	return opened;
}
