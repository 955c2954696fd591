/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hash over a message in parts, by libcrypto.
 */
#ifndef MPSK_WPA_HASH_H
#define MPSK_WPA_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "wpa/hmac.h"

/*
 * The digest of the parts in their order, by "SHA256" or "SHA384". Safe in
 * any number of threads. ERR where libcrypto fails; out is then zero.
 */
mpsk_status_t wpa_hash(uint8_t out[static WPA_HMAC_MAX], char const *digest, wpa_part_t const *parts, size_t n_parts);

#endif
