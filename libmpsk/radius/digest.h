/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MD5 over a message in parts: RADIUS is built on it (RFC 2865, section 3).
 */
#ifndef MPSK_RADIUS_DIGEST_H
#define MPSK_RADIUS_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "wpa/hmac.h"

#define RADIUS_DIGEST_LEN 16

/* ERR where libcrypto fails; out is then undefined. */
mpsk_status_t radius_digest_md5(uint8_t out[static RADIUS_DIGEST_LEN], wpa_part_t const *parts, size_t n_parts);

#endif
