/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HMAC (RFC 2104) over a message in parts, by libcrypto.
 */
#ifndef MPSK_WPA_HMAC_H
#define MPSK_WPA_HMAC_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define WPA_HMAC_MAX 64	/* at least the longest of these digests */

typedef struct {
	void const	*octets;
	size_t		len;
} wpa_part_t;

/*
 * The HMAC of the parts in their order; digest is "SHA1", "MD5", "SHA256" or
 * "SHA384". Safe in any number of threads. ERR where libcrypto fails; out is
 * then zero.
 */
mpsk_status_t wpa_hmac(uint8_t out[static WPA_HMAC_MAX], char const *digest, uint8_t const *key, size_t key_len,
		       wpa_part_t const *parts, size_t n_parts);

#endif
