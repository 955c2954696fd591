/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TP-Link Omada: bound with MAC authentication, and unbound in two steps: a
 * request with the MAC alone, which has to be accepted before the access
 * point asks again with FindKey. The first step looks like any bound
 * request, so that only configuration can say that there are two.
 */
#include <string.h>

#include "base/secret.h"
#include "rlm_mpsk/dialect/dialect.h"
#include "rlm_mpsk/dialect/findkey.h"

#define FOUND_PMK	1
#define HEADER_LEN	2	/* counted in the length of a part */

static bool detect(dialect_request_t const *request)
{
	return dialect_request_has_vendor(request, DIALECT_TPLINK);
}

/* AA and SSID: those of FindKey, and from Called-Station-Id what it lacks. */
static mpsk_status_t read_place(dialect_request_t const *request, findkey_t const *findkey, mpsk_query_t *query,
				mpsk_error_t *err)
{
	findkey_part_t const *ssid = &findkey->parts[FINDKEY_SSID], *bssid = &findkey->parts[FINDKEY_BSSID];
	mpsk_error_t why = { .text = "" };
	mpsk_status_t status = dialect_request_bssid_ssid(request, &query->bssid, &query->ssid, &why);

	if (status != MPSK_OK && !(ssid->octets && bssid->octets)) {
		return mpsk_error_set(err, MPSK_BAD, "%s", why.text);
	}
	status = MPSK_OK;
	if (ssid->octets) {
		status = dialect_ssid_read(&query->ssid, "TPLink-Authentication-FindKey: part 3", ssid->octets,
					   ssid->len, err);
	}
	if (status != MPSK_OK || !bssid->octets) return status;
	return dialect_mac_read(&query->bssid, "TPLink-Authentication-FindKey: part 6", bssid->octets, bssid->len, err);
}

static mpsk_status_t read_handshake(dialect_request_t const *request, mpsk_query_t *query, mpsk_error_t *err)
{
	uint8_t const *octets;
	size_t len;
	findkey_t findkey;
	findkey_part_t const *frame = &findkey.parts[FINDKEY_EAPOL], *anonce = &findkey.parts[FINDKEY_ANONCE];
	mpsk_status_t status = dialect_request_octets(request, DIALECT_TPLINK_FIND_KEY, &octets, &len, err);

	if (status == MPSK_OK && (request->undecoded || !octets)) {
		status = mpsk_error_set(err, MPSK_BAD, "%s is malformed and could not be decoded",
					request->undecoded ? request->undecoded : "TPLink-Authentication-FindKey");
	}
	if (status == MPSK_OK) status = findkey_parse(&findkey, octets, len, err);
	if (status == MPSK_OK) status = read_place(request, &findkey, query, err);
	if (status != MPSK_OK) return status;

	if (!frame->octets || !anonce->octets) {
		return mpsk_error_set(err, MPSK_BAD, "TPLink-Authentication-FindKey: part %d is missing",
				      frame->octets ? FINDKEY_ANONCE : FINDKEY_EAPOL);
	}
	query->anonce = anonce->octets;
	query->anonce_len = anonce->len;
	query->frame = frame->octets;
	query->frame_len = frame->len;
	return MPSK_OK;
}

static mpsk_status_t read_request(dialect_request_t *request, mpsk_query_t *query, mpsk_error_t *err)
{
	mpsk_status_t status = dialect_request_mac(request, &query->mac, err);

	query->unbound = dialect_request_relays(request, DIALECT_TPLINK);
	if (status != MPSK_OK) return status;
	if (query->unbound) return read_handshake(request, query, err);
	return dialect_request_bssid_ssid(request, &query->bssid, &query->ssid, err);
}

/* The PMK, and the passphrase beside it. */
static mpsk_status_t write_found(dialect_reply_t const *reply, mpsk_outcome_t const *outcome)
{
	uint8_t value[HEADER_LEN + WPA_PMK_LEN] = { FOUND_PMK, sizeof(value) };
	mpsk_status_t status;

	memcpy(value + HEADER_LEN, outcome->pmk.octets, WPA_PMK_LEN);
	status = reply->octets(reply->uctx, DIALECT_TPLINK_FOUND_KEY, value, sizeof(value));
	mpsk_secret_wipe(value, sizeof(value));
	return status == MPSK_OK ? dialect_reply_tunnel_password(reply, outcome) : status;
}

dialect_style_t const dialect_style_foundkey = {
	.name = "foundkey",
	.needs_pmk = true,
	.write = write_found,
};

dialect_t const dialect_omada = {
	.name = "omada",
	.relay = DIALECT_TPLINK,
	.detect = detect,
	.read = read_request,
	.bound = &dialect_style_tunnel_password,
	.unbound = &dialect_style_foundkey,
};

dialect_t const dialect_omada_findkey = {
	.name = "omada-findkey",
	.relay = DIALECT_TPLINK,
	.read = read_request,
	.bound = &dialect_style_tunnel_password,
	.unbound = &dialect_style_foundkey,
	.two_steps = true,
};
