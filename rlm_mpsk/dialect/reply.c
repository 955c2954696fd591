/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/dialect/reply.h"

#include <stdio.h>
#include <string.h>

#define TUNNEL_TYPE_VLAN	13	/* RFC 3580, 3.31 */
#define TUNNEL_MEDIUM_IEEE_802	6

static dialect_style_t const *const styles[] = {
	&dialect_style_tunnel_password,
	&dialect_style_ruckus_dpsk,
	&dialect_style_ruckus_mppe,
	&dialect_style_cisco,
	&dialect_style_aruba,
	&dialect_style_mikrotik,
	&dialect_style_huawei,
	&dialect_style_lancom,
	&dialect_style_foundkey,
};

dialect_style_t const *dialect_style_find(char const *name)
{
	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		if (strcmp(styles[i]->name, name) == 0) return styles[i];
	}
	return NULL;
}

mpsk_status_t dialect_reply_vlan(dialect_reply_t const *reply, mpsk_outcome_t const *outcome)
{
	char text[sizeof("65535")];
	int len;

	if (!outcome->vlan) return MPSK_OK;
	len = snprintf(text, sizeof(text), "%u", outcome->vlan);
	if (reply->number(reply->uctx, DIALECT_TUNNEL_TYPE, TUNNEL_TYPE_VLAN) != MPSK_OK ||
	    reply->number(reply->uctx, DIALECT_TUNNEL_MEDIUM_TYPE, TUNNEL_MEDIUM_IEEE_802) != MPSK_OK) {
		return MPSK_ERR;
	}
	return reply->octets(reply->uctx, DIALECT_TUNNEL_PRIVATE_GROUP_ID, text, (size_t) len);
}

mpsk_status_t dialect_reply_psk(dialect_reply_t const *reply, dialect_attribute_t attribute,
				mpsk_outcome_t const *outcome)
{
	mpsk_status_t status = reply->octets(reply->uctx, attribute, outcome->psk.octets, outcome->psk.len);

	return status == MPSK_OK ? dialect_reply_vlan(reply, outcome) : status;
}

mpsk_status_t dialect_reply_tunnel_password(dialect_reply_t const *reply, mpsk_outcome_t const *outcome)
{
	/* hostapd tries the last one first. */
	for (size_t i = outcome->n_others; i > 0; i--) {
		wpa_psk_t const *psk = &outcome->others[i - 1];

		if (reply->octets(reply->uctx, DIALECT_TUNNEL_PASSWORD, psk->octets, psk->len) != MPSK_OK) {
			return MPSK_ERR;
		}
	}
	return dialect_reply_psk(reply, DIALECT_TUNNEL_PASSWORD, outcome);
}

mpsk_status_t dialect_reply_interim(dialect_reply_t const *reply, uint32_t seconds)
{
	return seconds ? reply->number(reply->uctx, DIALECT_ACCT_INTERIM_INTERVAL, seconds) : MPSK_OK;
}

mpsk_status_t dialect_reply_common(dialect_reply_t const *reply, mpsk_outcome_t const *outcome, bool session_timeout)
{
	size_t len = strlen(outcome->name);

	if (session_timeout && outcome->session_timeout) {
		int64_t seconds = outcome->session_timeout;

		if (seconds > UINT32_MAX) seconds = UINT32_MAX;
		if (reply->number(reply->uctx, DIALECT_SESSION_TIMEOUT, (uint32_t) seconds) != MPSK_OK) {
			return MPSK_ERR;
		}
	}
	if (!len) return MPSK_OK;	/* of several keys, nobody knows whose it is */
	if (reply->octets(reply->uctx, DIALECT_USER_NAME, outcome->name, len) != MPSK_OK) return MPSK_ERR;
	return reply->octets(reply->uctx, DIALECT_CUI, outcome->name, len);
}

dialect_style_t const dialect_style_tunnel_password = {
	.name = "tunnel-password",
	.write = dialect_reply_tunnel_password,
};
