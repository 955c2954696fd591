/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/request.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

static VALUE_PAIR *find(REQUEST *request, DICT_ATTR const *da)
{
	return fr_pair_find_by_da(request->packet->vps, da, TAG_ANY);
}

static bool read_mac(REQUEST *request, DICT_ATTR const *da, mpsk_mac_t *mac)
{
	VALUE_PAIR *vp = find(request, da);

	return vp && mpsk_mac_parse(mac, vp->vp_strvalue, vp->vp_length);
}

bool rlm_mpsk_request_is_mac_auth(rlm_mpsk_attributes_t const *attributes, REQUEST *request)
{
	mpsk_mac_t mac;

	return read_mac(request, attributes->user_name, &mac);
}

mpsk_status_t rlm_mpsk_request_mac(rlm_mpsk_attributes_t const *attributes, REQUEST *request, mpsk_mac_t *mac,
				   mpsk_error_t *err)
{
	if (read_mac(request, attributes->calling_station_id, mac)) return MPSK_OK;
	if (read_mac(request, attributes->user_name, mac)) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "neither Calling-Station-Id nor User-Name is a MAC address");
}

mpsk_status_t rlm_mpsk_request_bssid_ssid(rlm_mpsk_attributes_t const *attributes, REQUEST *request, mpsk_mac_t *bssid,
					  mpsk_ssid_t *ssid, mpsk_error_t *err)
{
	VALUE_PAIR *vp = find(request, attributes->called_station_id);
	char const *text;
	size_t mac_len;

	if (!vp) return mpsk_error_set(err, MPSK_BAD, "Called-Station-Id is missing: it should be BSSID:SSID");

	text = vp->vp_strvalue;
	mac_len = mpsk_mac_scan(bssid, text, vp->vp_length);
	if (!mac_len) {
		return mpsk_error_set(err, MPSK_BAD, "Called-Station-Id does not begin with a MAC address");
	}
	if (mac_len == vp->vp_length || isalnum((unsigned char) text[mac_len])) {
		return mpsk_error_set(err, MPSK_BAD, "Called-Station-Id holds no SSID: it should be BSSID:SSID");
	}
	if (!mpsk_ssid_set(ssid, text + mac_len + 1, vp->vp_length - mac_len - 1)) {
		return mpsk_error_set(err, MPSK_BAD, "Called-Station-Id holds an SSID of %zu octets, over %d",
				      vp->vp_length - mac_len - 1, MPSK_SSID_MAX);
	}
	return MPSK_OK;
}

mpsk_status_t rlm_mpsk_request_octets(REQUEST *request, DICT_ATTR const *da, uint8_t const **octets, size_t *len,
				      mpsk_error_t *err)
{
	VALUE_PAIR *vp = find(request, da);

	*octets = NULL;
	*len = 0;
	if (!vp) return MPSK_OK;
	if (fr_pair_find_by_da(vp->next, da, TAG_ANY)) {
		return mpsk_error_set(err, MPSK_BAD, "%s stands more than once", da->name);
	}
	*octets = vp->vp_octets;
	*len = vp->vp_length;
	return MPSK_OK;
}

void rlm_mpsk_request_nas(rlm_mpsk_attributes_t const *attributes, REQUEST *request, char nas[static MPSK_ID_MAX + 1])
{
	VALUE_PAIR *vp = find(request, attributes->nas_identifier);

	if (vp && mpsk_id_valid(vp->vp_strvalue, vp->vp_length)) {
		memcpy(nas, vp->vp_strvalue, vp->vp_length);
		nas[vp->vp_length] = '\0';
		return;
	}
	vp = find(request, attributes->nas_ip_address);
	if (vp) {
		inet_ntop(AF_INET, &vp->vp_ipaddr, nas, MPSK_ID_MAX + 1);
		return;
	}
	nas[0] = '\0';
	inet_ntop(request->packet->src_ipaddr.af, &request->packet->src_ipaddr.ipaddr, nas, MPSK_ID_MAX + 1);
}
