/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions that AKM rows are made of.
 */
#ifndef MPSK_WPA_PRF_H
#define MPSK_WPA_PRF_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "wpa/akm.h"

/*
 * PRF-n of IEEE 802.11-2020, 12.7.1.2: out_len octets of
 * HMAC-SHA1(key, label || 0 || data || counter). ERR where libcrypto fails.
 */
mpsk_status_t wpa_prf_sha1(uint8_t *out, size_t out_len, uint8_t const *key, size_t key_len, char const *label,
			   uint8_t const *data, size_t data_len);

/* The label of every PTK but FT's: 12.7.1.3. */
#define WPA_PTK_LABEL "Pairwise key expansion"

/* min(AA, SPA) || max(AA, SPA) || min(ANonce, SNonce) || max(ANonce, SNonce): 12.7.1.3. */
#define WPA_CONTEXT_LEN (2 * MPSK_MAC_LEN + 2 * WPA_NONCE_LEN)
void wpa_context_print(uint8_t out[static WPA_CONTEXT_LEN], wpa_context_t const *context);

#endif
