/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/kdf.h"

#include <string.h>

#include "base/secret.h"

wpa_kdf_hash_t const wpa_kdf_sha256 = { "SHA256", 32 }, wpa_kdf_sha384 = { "SHA384", 48 };

static uint8_t *le16_put(uint8_t *p, uint16_t value)
{
	*p++ = (uint8_t) value;
	*p++ = (uint8_t) (value >> 8);
	return p;
}

size_t wpa_kdf_message(uint8_t out[static WPA_KDF_MESSAGE_MAX], wpa_kdf_t const *kdf, uint16_t i)
{
	size_t label_len = strlen(kdf->label), len = 2 + label_len + kdf->context_len + 2;
	uint8_t *p = out;

	if (len > WPA_KDF_MESSAGE_MAX) return 0;
	p = le16_put(p, i);
	memcpy(p, kdf->label, label_len);	/* without its NUL, unlike PRF-n */
	p += label_len;
	if (kdf->context_len) memcpy(p, kdf->context, kdf->context_len);
	le16_put(p + kdf->context_len, kdf->bits);
	return len;
}

mpsk_status_t wpa_kdf_block(uint8_t out[static WPA_HMAC_MAX], wpa_kdf_t const *kdf, uint16_t i, uint8_t const *key,
			    size_t key_len)
{
	uint8_t message[WPA_KDF_MESSAGE_MAX];
	size_t len = wpa_kdf_message(message, kdf, i);

	if (len > 0) return wpa_hmac(out, kdf->hash->name, key, key_len, &(wpa_part_t) { message, len }, 1);
	memset(out, 0, WPA_HMAC_MAX);
	return MPSK_ERR;
}

mpsk_status_t wpa_kdf(uint8_t *out, size_t out_len, wpa_kdf_t const *kdf, uint8_t const *key, size_t key_len)
{
	uint8_t block[WPA_HMAC_MAX] = { 0 };
	size_t hash_len = kdf->hash->len;
	mpsk_status_t status = 8 * out_len > kdf->bits ? MPSK_ERR : MPSK_OK;
	uint16_t i = 1;

	for (size_t done = 0; status == MPSK_OK && done < out_len; done += hash_len) {
		size_t n = out_len - done < hash_len ? out_len - done : hash_len;

		status = wpa_kdf_block(block, kdf, i++, key, key_len);
		memcpy(out + done, block, n);
	}
	if (status != MPSK_OK) mpsk_secret_wipe(out, out_len);
	mpsk_secret_wipe(block, sizeof(block));
	return status;
}
