/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ElevenOS: the handshake in the parts of Eleven-Authentication-Find-Key. The
 * answer is Cisco's.
 */
#include "rlm_mpsk/dialect/dialect.h"

static dialect_layout_t const layout = {
	.anonce = DIALECT_ELEVEN_ANONCE,
	.frame = DIALECT_ELEVEN_EAPOL,
	.ssid = DIALECT_ELEVEN_SSID,
	.bssid = DIALECT_ELEVEN_AP_MAC,
	.mac = DIALECT_ELEVEN_STA_MAC,
};

static bool detect(dialect_request_t const *request)
{
	return dialect_request_has_vendor(request, DIALECT_ELEVEN);
}

static mpsk_status_t read_request(dialect_request_t *request, mpsk_query_t *query, mpsk_error_t *err)
{
	return dialect_request_read(request, &layout, query, err);
}

dialect_t const dialect_eleven = {
	.name = "eleven",
	.relay = DIALECT_ELEVEN,
	.detect = detect,
	.read = read_request,
	.bound = &dialect_style_cisco,
	.unbound = &dialect_style_cisco,
};
