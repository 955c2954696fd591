/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ubiquiti UniFi: MAC authentication, the PSK in Tunnel-Password.
 */
#include "rlm_mpsk/dialect/dialect.h"

static bool detect(dialect_request_t const *request)
{
	return dialect_request_has_vendor(request, DIALECT_UBIQUITI);
}

dialect_t const dialect_unifi = {
	.name = "unifi",
	.detect = detect,
	.read = dialect_request_read_bound,
	.bound = &dialect_style_tunnel_password,
	.unbound = &dialect_style_tunnel_password,
};
