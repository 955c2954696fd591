/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AES-128-CMAC (RFC 4493), by libcrypto.
 */
#ifndef MPSK_WPA_CMAC_H
#define MPSK_WPA_CMAC_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define WPA_CMAC_LEN		16
#define WPA_CMAC_KEY_LEN	16

/* Safe in any number of threads. ERR where libcrypto fails; out is then zero. */
mpsk_status_t wpa_cmac(uint8_t out[static WPA_CMAC_LEN], uint8_t const key[static WPA_CMAC_KEY_LEN], void const *octets,
		       size_t len);

#endif
