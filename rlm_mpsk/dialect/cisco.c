/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cisco: iPSK of the 9800 (bound, with MAC authentication bypass) and EasyPSK
 * (unbound). What EasyPSK relays stands in AV pairs, as raw octets behind
 * the `=`; a frame too long for one pair comes in several, in their order.
 */
#include <string.h>

#include "base/secret.h"
#include "rlm_mpsk/dialect/avpair.h"
#include "rlm_mpsk/dialect/dialect.h"

static char const name[] = "Cisco-AVPair";

/* What the pairs of one request hold; a value that is absent has no octets. */
typedef struct {
	dialect_avpair_value_t	ssid;
	dialect_avpair_value_t	bssid;
	dialect_avpair_value_t	anonce;
	dialect_avpair_value_t	frame;	/* put together */
} pairs_t;

/* Those that may stand once. */
static struct {
	char const	*name;
	size_t		offset;
} const singles[] = {
	{ "cisco-wlan-ssid", offsetof(pairs_t, ssid) },
	{ "cisco-bssid", offsetof(pairs_t, bssid) },
	{ "cisco-anonce", offsetof(pairs_t, anonce) },
};

static bool detect(dialect_request_t const *request)
{
	return dialect_request_has_vendor(request, DIALECT_CISCO);
}

static mpsk_status_t take_single(pairs_t *pairs, dialect_avpair_t const *pair, mpsk_error_t *err)
{
	for (size_t i = 0; i < sizeof(singles) / sizeof(singles[0]); i++) {
		dialect_avpair_value_t *place = (void *) ((char *) pairs + singles[i].offset);
		dialect_avpair_value_t value = dialect_avpair_value(singles[i].name, pair->octets, pair->len);

		if (!value.octets) continue;
		if (place->octets) {
			return mpsk_error_set(err, MPSK_BAD, "%s %s stands more than once", name, singles[i].name);
		}
		*place = value;
	}
	return MPSK_OK;
}

static mpsk_status_t take_fragment(pairs_t *pairs, dialect_request_t *request, dialect_avpair_t const *pair,
				   mpsk_error_t *err)
{
	dialect_avpair_value_t value = dialect_avpair_value("cisco-8021x-data", pair->octets, pair->len);

	if (!value.octets) return MPSK_OK;
	if (value.len > sizeof(request->joined) - pairs->frame.len) {
		return mpsk_error_set(err, MPSK_BAD, "%s cisco-8021x-data has over %zu octets", name,
				      sizeof(request->joined));
	}
	memcpy(request->joined + pairs->frame.len, value.octets, value.len);
	pairs->frame.octets = request->joined;
	pairs->frame.len += value.len;
	return MPSK_OK;
}

static mpsk_status_t take_all(pairs_t *pairs, dialect_request_t *request, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	memset(pairs, 0, sizeof(*pairs));
	if (request->n_avpairs > DIALECT_AVPAIRS_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "%s stands %zu times, over %d", name, request->n_avpairs,
				      DIALECT_AVPAIRS_MAX);
	}
	for (size_t i = 0; status == MPSK_OK && i < request->n_avpairs; i++) {
		status = take_single(pairs, &request->avpairs[i], err);
		if (status == MPSK_OK) status = take_fragment(pairs, request, &request->avpairs[i], err);
	}
	return status;
}

/* AA and SSID: Called-Station-Id's, unless pairs say otherwise. */
static mpsk_status_t read_place(dialect_request_t const *request, pairs_t const *pairs, mpsk_query_t *query,
				mpsk_error_t *err)
{
	bool whole = pairs->ssid.octets && pairs->bssid.octets;
	mpsk_error_t why = { .text = "" };
	mpsk_status_t status = dialect_request_bssid_ssid(request, &query->bssid, &query->ssid, &why);

	/* Without the radio's MAC there is no handshake to check, but a device that is known is let in. */
	if (status != MPSK_OK && !whole && (query->unbound || !pairs->ssid.octets)) {
		return mpsk_error_set(err, MPSK_BAD, "%s", why.text);
	}
	status = MPSK_OK;
	if (pairs->ssid.octets) {
		status = dialect_ssid_read(&query->ssid, "Cisco-AVPair cisco-wlan-ssid", pairs->ssid.octets,
					   pairs->ssid.len, err);
	}
	if (status != MPSK_OK || !pairs->bssid.octets) return status;
	return dialect_mac_read(&query->bssid, "Cisco-AVPair cisco-bssid", pairs->bssid.octets, pairs->bssid.len, err);
}

static mpsk_status_t read_handshake(dialect_request_t const *request, pairs_t const *pairs, mpsk_query_t *query,
				    mpsk_error_t *err)
{
	if (request->undecoded) {
		return mpsk_error_set(err, MPSK_BAD, "%s is malformed and could not be decoded", request->undecoded);
	}
	if (!pairs->anonce.octets) return mpsk_error_set(err, MPSK_BAD, "%s cisco-anonce is missing", name);
	if (!pairs->frame.octets) return mpsk_error_set(err, MPSK_BAD, "%s cisco-8021x-data is missing", name);
	query->anonce = pairs->anonce.octets;
	query->anonce_len = pairs->anonce.len;
	query->frame = pairs->frame.octets;
	query->frame_len = pairs->frame.len;
	return MPSK_OK;
}

static mpsk_status_t read_request(dialect_request_t *request, mpsk_query_t *query, mpsk_error_t *err)
{
	pairs_t pairs;
	mpsk_status_t status = dialect_request_mac(request, &query->mac, err);

	query->unbound = dialect_request_relays(request, DIALECT_CISCO);
	if (status == MPSK_OK) status = take_all(&pairs, request, err);
	if (status == MPSK_OK) status = read_place(request, &pairs, query, err);
	if (status == MPSK_OK && query->unbound) status = read_handshake(request, &pairs, query, err);
	return status;
}

static mpsk_status_t write_reply(dialect_reply_t const *reply, mpsk_outcome_t const *outcome)
{
	static char const ascii[] = "psk-mode=ascii", hex[] = "psk-mode=hex", label[] = "psk=";
	bool is_pmk = wpa_psk_is_pmk(&outcome->psk);
	char const *mode = is_pmk ? hex : ascii;
	uint8_t pair[sizeof(label) + WPA_PSK_MAX];
	size_t len = sizeof(label) - 1;
	mpsk_status_t status = reply->octets(reply->uctx, DIALECT_CISCO_AVPAIR, mode, strlen(mode));

	if (status != MPSK_OK) return status;
	memcpy(pair, label, len);
	memcpy(pair + len, outcome->psk.octets, outcome->psk.len);
	status = reply->octets(reply->uctx, DIALECT_CISCO_AVPAIR, pair, len + outcome->psk.len);
	mpsk_secret_wipe(pair, sizeof(pair));
	return status == MPSK_OK ? dialect_reply_vlan(reply, outcome) : status;
}

dialect_style_t const dialect_style_cisco = {
	.name = "cisco",
	.write = write_reply,
};

dialect_t const dialect_cisco = {
	.name = "cisco",
	.relay = DIALECT_CISCO,
	.detect = detect,
	.read = read_request,
	.bound = &dialect_style_cisco,
	.unbound = &dialect_style_cisco,
};
