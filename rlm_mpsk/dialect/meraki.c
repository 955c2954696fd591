/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Meraki iPSK (bound, with MAC authentication) and Easy PSK (unbound): the
 * handshake in the parts of Meraki-IPSK. The answer is Tunnel-Password.
 */
#include "rlm_mpsk/dialect/dialect.h"

static dialect_layout_t const layout = {
	.anonce = DIALECT_MERAKI_ANONCE,
	.frame = DIALECT_MERAKI_EAPOL,
	.ssid = DIALECT_MERAKI_SSID,
	.bssid = DIALECT_MERAKI_BSSID,
	.mac = DIALECT_ATTRIBUTE_MAX,
};

static bool detect(dialect_request_t const *request)
{
	return dialect_request_has_vendor(request, DIALECT_MERAKI);
}

static mpsk_status_t read_request(dialect_request_t *request, mpsk_query_t *query, mpsk_error_t *err)
{
	return dialect_request_read(request, &layout, query, err);
}

dialect_t const dialect_meraki = {
	.name = "meraki",
	.relay = DIALECT_MERAKI,
	.detect = detect,
	.read = read_request,
	.bound = &dialect_style_tunnel_password,
	.unbound = &dialect_style_tunnel_password,
};
