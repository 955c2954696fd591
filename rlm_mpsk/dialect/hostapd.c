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
#include "rlm_mpsk/reply.h"
#include "rlm_mpsk/request.h"

#define EXTENDED_5	245	/* RFC 6929, where both attributes lie: 245.26.11344.1 and .2 */
#define FREERADIUS	11344

/*
 * An attribute that the server could not decode, or not as deep as it should
 * go, reaches us raw. It may have been half of a handshake, and must not
 * make an unbound request look like a bound one.
 */
static bool is_undecoded(DICT_ATTR const *da)
{
	unsigned int vendor = da->vendor % FR_MAX_VENDOR;

	if (!da->flags.is_unknown) return false;
	if (!da->vendor) return da->attr == EXTENDED_5;
	return da->vendor / FR_MAX_VENDOR == EXTENDED_5 && (!vendor || vendor == FREERADIUS);
}

static VALUE_PAIR *find_undecoded(REQUEST *request)
{
	for (VALUE_PAIR *vp = request->packet->vps; vp; vp = vp->next) {
		if (is_undecoded(vp->da)) return vp;
	}
	return NULL;
}

static bool is_unbound(rlm_mpsk_attributes_t const *attributes, REQUEST *request)
{
	VALUE_PAIR *vps = request->packet->vps;

	return fr_pair_find_by_da(vps, attributes->anonce, TAG_ANY) ||
	       fr_pair_find_by_da(vps, attributes->eapol_key_msg, TAG_ANY) ||
	       find_undecoded(request);
}

static bool detect(rlm_mpsk_attributes_t const *attributes, REQUEST *request)
{
	if (fr_pair_find_by_da(request->packet->vps, attributes->eap_message, TAG_ANY)) return false;
	return is_unbound(attributes, request) || rlm_mpsk_request_is_mac_auth(attributes, request);
}

static mpsk_status_t read_handshake(rlm_mpsk_attributes_t const *attributes, REQUEST *request, mpsk_query_t *query,
				    mpsk_error_t *err)
{
	VALUE_PAIR *undecoded = find_undecoded(request);
	mpsk_status_t status;

	query->unbound = true;
	if (undecoded) {
		return mpsk_error_set(err, MPSK_BAD, "%s is malformed and could not be decoded", undecoded->da->name);
	}
	status = rlm_mpsk_request_octets(request, attributes->anonce, &query->anonce, &query->anonce_len, err);
	if (status != MPSK_OK) return status;
	if (!query->anonce) return mpsk_error_set(err, MPSK_BAD, "%s is missing", attributes->anonce->name);

	status = rlm_mpsk_request_octets(request, attributes->eapol_key_msg, &query->frame, &query->frame_len, err);
	if (status != MPSK_OK) return status;
	if (!query->frame) return mpsk_error_set(err, MPSK_BAD, "%s is missing", attributes->eapol_key_msg->name);
	return MPSK_OK;
}

static mpsk_status_t read_request(rlm_mpsk_attributes_t const *attributes, REQUEST *request, mpsk_query_t *query,
				  mpsk_error_t *err)
{
	mpsk_status_t status = rlm_mpsk_request_mac(attributes, request, &query->mac, err);

	if (status != MPSK_OK) return status;
	status = rlm_mpsk_request_bssid_ssid(attributes, request, &query->bssid, &query->ssid, err);
	if (status != MPSK_OK) return status;
	return is_unbound(attributes, request) ? read_handshake(attributes, request, query, err) : MPSK_OK;
}

static mpsk_status_t write_reply(rlm_mpsk_attributes_t const *attributes, REQUEST *request,
				 mpsk_outcome_t const *outcome)
{
	mpsk_status_t status = rlm_mpsk_reply_octets(request, attributes->tunnel_password,
						     outcome->psk.octets, outcome->psk.len);

	if (status != MPSK_OK) return status;
	return rlm_mpsk_reply_common(attributes, request, outcome);
}

rlm_mpsk_dialect_t const rlm_mpsk_dialect_hostapd = {
	.name = "hostapd",
	.detect = detect,
	.read = read_request,
	.write = write_reply,
};
