/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Juniper Mist with PSKs from RADIUS: MAC for both User-Name and password, and
 * nothing by which it could be told from others, so that only configuration
 * can name it. Tunnel-Password or Cisco's AV pair, as the WLAN is set up: the
 * style `cisco` is for the latter.
 */
#include "rlm_mpsk/dialect/dialect.h"

dialect_t const dialect_mist = {
	.name = "mist",
	.read = dialect_request_read_bound,
	.bound = &dialect_style_tunnel_password,
	.unbound = &dialect_style_tunnel_password,
};
