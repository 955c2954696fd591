/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KDF-Hash-Length of IEEE 802.11-2020, 12.7.1.6.2: block i of its output is
 * HMAC-Hash(key, i || label || context || Length), i from 1; i and Length
 * are 16 bits, little-endian.
 */
#ifndef MPSK_WPA_KDF_H
#define MPSK_WPA_KDF_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "wpa/hmac.h"

typedef struct {
	char const	*name;	/* libcrypto's */
	size_t		len;
} wpa_kdf_hash_t;

extern wpa_kdf_hash_t const wpa_kdf_sha256, wpa_kdf_sha384;

/* A derivation, but for its key. */
typedef struct {
	wpa_kdf_hash_t const	*hash;
	char const		*label;
	uint8_t const		*context;
	size_t			context_len;
	uint16_t		bits;		/* Length: hashed in, so a longer output has another start */
} wpa_kdf_t;

/*
 * What block i hashes after the key: for whoever computes it for many keys.
 * Returns its length, 0 where label and context do not fit.
 */
#define WPA_KDF_MESSAGE_MAX 128
size_t wpa_kdf_message(uint8_t out[static WPA_KDF_MESSAGE_MAX], wpa_kdf_t const *kdf, uint16_t i);

/* Block i alone: hash->len octets. ERR, and zero, where libcrypto fails. */
mpsk_status_t wpa_kdf_block(uint8_t out[static WPA_HMAC_MAX], wpa_kdf_t const *kdf, uint16_t i, uint8_t const *key,
			    size_t key_len);

/* The first out_len octets. ERR, and zero, where libcrypto fails or bits are fewer. */
mpsk_status_t wpa_kdf(uint8_t *out, size_t out_len, wpa_kdf_t const *kdf, uint8_t const *key, size_t key_len);

#endif
