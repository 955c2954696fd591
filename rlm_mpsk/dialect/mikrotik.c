/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MikroTik: MAC authentication with the MAC as XX:XX:XX:XX:XX:XX and, unless
 * it is told otherwise, an empty password. The PSK and the VLAN go back in
 * its own attributes.
 */
#include <string.h>

#include "rlm_mpsk/dialect/dialect.h"

#define VLAN_TYPE_802_1Q 0

static bool detect(dialect_request_t const *request)
{
	dialect_value_t const *user = &request->values[DIALECT_USER_NAME];
	dialect_value_t const *password = &request->values[DIALECT_USER_PASSWORD];

	if (dialect_request_has_vendor(request, DIALECT_MIKROTIK)) return true;
	return password->n && !password->len && memchr(user->octets, ':', user->len);
}

static mpsk_status_t write_reply(dialect_reply_t const *reply, mpsk_outcome_t const *outcome)
{
	mpsk_status_t status = reply->octets(reply->uctx, DIALECT_MIKROTIK_PSK, outcome->psk.octets, outcome->psk.len);

	if (status != MPSK_OK || !outcome->vlan) return status;
	status = reply->number(reply->uctx, DIALECT_MIKROTIK_VLAN, outcome->vlan);
	if (status != MPSK_OK) return status;
	return reply->number(reply->uctx, DIALECT_MIKROTIK_VLAN_TYPE, VLAN_TYPE_802_1Q);
}

dialect_style_t const dialect_style_mikrotik = {
	.name = "mikrotik",
	.write = write_reply,
};

dialect_t const dialect_mikrotik = {
	.name = "mikrotik",
	.detect = detect,
	.read = dialect_request_read_bound,
	.bound = &dialect_style_mikrotik,
	.unbound = &dialect_style_mikrotik,
};
