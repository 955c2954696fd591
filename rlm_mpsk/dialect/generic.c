/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any other access point that authenticates MACs against RADIUS and takes
 * its PSK from Tunnel-Password: the last one asked, and every MAC
 * authentication is its own.
 */
#include "rlm_mpsk/dialect/dialect.h"

static bool detect(dialect_request_t const *request)
{
	(void) request;
	return true;
}

dialect_t const dialect_generic = {
	.name = "generic",
	.detect = detect,
	.read = dialect_request_read_bound,
	.bound = &dialect_style_tunnel_password,
	.unbound = &dialect_style_tunnel_password,
};
