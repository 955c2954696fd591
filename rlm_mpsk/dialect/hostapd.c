/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostapd, OpenWrt, OpenWiFi, and whatever else asks with a MAC for both
 * User-Name and Calling-Station-Id.
 *
 * Bound (`macaddr_acl=2`, `wpa_psk_radius=1` or `2`): nothing but the MAC.
 * Unbound (`wpa_psk_radius=3`, hostapd 2.11 and later): ANonce and the
 * whole EAPOL-Key message 2 beside it, in FreeRADIUS's extended attributes.
 * The answer is Tunnel-Password either way.
 */
#include "rlm_mpsk/dialect/dialect.h"

static dialect_layout_t const layout = {
	.anonce = DIALECT_FREERADIUS_ANONCE,
	.frame = DIALECT_FREERADIUS_EAPOL,
	.ssid = DIALECT_ATTRIBUTE_MAX,
	.bssid = DIALECT_ATTRIBUTE_MAX,
	.mac = DIALECT_ATTRIBUTE_MAX,
};

/* It says of itself no more than it must. */
static bool detect(dialect_request_t const *request)
{
	return !dialect_request_has(request, DIALECT_SERVICE_TYPE);
}

static mpsk_status_t read_request(dialect_request_t *request, mpsk_query_t *query, mpsk_error_t *err)
{
	return dialect_request_read(request, &layout, query, err);
}

dialect_t const dialect_hostapd = {
	.name = "hostapd",
	.relay = DIALECT_FREERADIUS,
	.detect = detect,
	.read = read_request,
	.bound = &dialect_style_tunnel_password,
	.unbound = &dialect_style_tunnel_password,
	.tries_several = true,
};
