/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How RADIUS hides passwords: RFC 2865, 5.2 and RFC 2868, 3.5.
 */
#ifndef MPSK_RADIUS_HIDE_H
#define MPSK_RADIUS_HIDE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "radius/packet.h"

#define RADIUS_HIDE_PASSWORD_MAX	128
#define RADIUS_HIDE_TUNNEL_MAX		250	/* a value of 253 octets less tag and salt */
#define RADIUS_HIDE_SALTED_MAX		251	/* less salt */

/*
 * Hide a password of up to 128 octets; out_len becomes its length rounded up
 * to 16. BAD for a longer one, ERR where libcrypto fails.
 */
mpsk_status_t radius_hide_password(uint8_t out[static RADIUS_HIDE_PASSWORD_MAX], size_t *out_len, void const *password,
				   size_t len, radius_secret_t const *secret,
				   uint8_t const authenticator[static RADIUS_AUTHENTICATOR_LEN]);

/*
 * Read the value of a Tunnel-Password (tag, salt, string); authenticator is
 * the request's. BAD, with a text, where its length or the length within is
 * wrong, as it is when the secret is; out is then wiped.
 */
mpsk_status_t radius_hide_tunnel_read(uint8_t out[static RADIUS_HIDE_TUNNEL_MAX], size_t *out_len,
				      uint8_t const *value, size_t len, radius_secret_t const *secret,
				      uint8_t const authenticator[static RADIUS_AUTHENTICATOR_LEN],
				      mpsk_error_t *err);

/* The same of a value without a tag (RFC 2548, 2.4.2), of an attribute of that name. */
mpsk_status_t radius_hide_salted_read(uint8_t out[static RADIUS_HIDE_SALTED_MAX], size_t *out_len, char const *name,
				      uint8_t const *value, size_t len, radius_secret_t const *secret,
				      uint8_t const authenticator[static RADIUS_AUTHENTICATOR_LEN], mpsk_error_t *err);

#endif
