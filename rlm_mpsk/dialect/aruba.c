/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Aruba MPSK: MAC authentication. The SSID stands in the vendor's attribute, for
 * Called-Station-Id need not hold it. The passphrase goes back in an attribute
 * that is hidden as Tunnel-Password is.
 */
#include <string.h>

#include "rlm_mpsk/dialect/dialect.h"

static dialect_layout_t const layout = {
	.anonce = DIALECT_ATTRIBUTE_MAX,
	.frame = DIALECT_ATTRIBUTE_MAX,
	.ssid = DIALECT_ARUBA_ESSID,
	.bssid = DIALECT_ATTRIBUTE_MAX,
	.mac = DIALECT_ATTRIBUTE_MAX,
};

static bool detect(dialect_request_t const *request)
{
	return dialect_request_has_vendor(request, DIALECT_ARUBA);
}

static mpsk_status_t read_request(dialect_request_t *request, mpsk_query_t *query, mpsk_error_t *err)
{
	return dialect_request_read(request, &layout, query, err);
}

static mpsk_status_t write_reply(dialect_reply_t const *reply, mpsk_outcome_t const *outcome)
{
	mpsk_status_t status = reply->octets(reply->uctx, DIALECT_ARUBA_KEY_NAME, outcome->name, strlen(outcome->name));

	return status == MPSK_OK ? dialect_reply_psk(reply, DIALECT_ARUBA_PASSPHRASE, outcome) : status;
}

dialect_style_t const dialect_style_aruba = {
	.name = "aruba",
	.write = write_reply,
};

dialect_t const dialect_aruba = {
	.name = "aruba",
	.detect = detect,
	.read = read_request,
	.bound = &dialect_style_aruba,
	.unbound = &dialect_style_aruba,
};
