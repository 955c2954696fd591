/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ruckus, bound (SmartZone's external DPSK) and unbound (Unleashed, Ruckus One,
 * vSZ): the handshake in the parts of Ruckus-DPSK-Params.
 *
 * It wants PMKs: bound in Ruckus-DPSK, behind an octet of zero; unbound in
 * MS-MPPE-Recv-Key, which is hidden on its way.
 */
#include <string.h>

#include "base/secret.h"
#include "rlm_mpsk/dialect/dialect.h"

static dialect_layout_t const layout = {
	.anonce = DIALECT_RUCKUS_ANONCE,
	.frame = DIALECT_RUCKUS_EAPOL,
	.ssid = DIALECT_RUCKUS_SSID,
	.bssid = DIALECT_RUCKUS_BSSID,
	.mac = DIALECT_ATTRIBUTE_MAX,
};

static bool detect(dialect_request_t const *request)
{
	return dialect_request_has_vendor(request, DIALECT_RUCKUS);
}

static mpsk_status_t read_request(dialect_request_t *request, mpsk_query_t *query, mpsk_error_t *err)
{
	return dialect_request_read(request, &layout, query, err);
}

static mpsk_status_t write_dpsk(dialect_reply_t const *reply, mpsk_outcome_t const *outcome)
{
	uint8_t value[1 + WPA_PMK_LEN] = { 0 };
	mpsk_status_t status;

	memcpy(value + 1, outcome->pmk.octets, WPA_PMK_LEN);
	status = reply->octets(reply->uctx, DIALECT_RUCKUS_DPSK, value, sizeof(value));
	mpsk_secret_wipe(value, sizeof(value));
	return status == MPSK_OK ? dialect_reply_vlan(reply, outcome) : status;
}

static mpsk_status_t write_mppe(dialect_reply_t const *reply, mpsk_outcome_t const *outcome)
{
	mpsk_status_t status = reply->octets(reply->uctx, DIALECT_MPPE_RECV_KEY, outcome->pmk.octets, WPA_PMK_LEN);

	return status == MPSK_OK ? dialect_reply_vlan(reply, outcome) : status;
}

dialect_style_t const dialect_style_ruckus_dpsk = {
	.name = "ruckus-dpsk",
	.needs_pmk = true,
	.write = write_dpsk,
};

dialect_style_t const dialect_style_ruckus_mppe = {
	.name = "ruckus-mppe",
	.needs_pmk = true,
	.write = write_mppe,
};

dialect_t const dialect_ruckus = {
	.name = "ruckus",
	.relay = DIALECT_RUCKUS,
	.detect = detect,
	.read = read_request,
	.bound = &dialect_style_ruckus_dpsk,
	.unbound = &dialect_style_ruckus_mppe,
};
