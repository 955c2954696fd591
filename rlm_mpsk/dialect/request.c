/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/dialect/request.h"

#include <ctype.h>
#include <string.h>

#include "rlm_mpsk/dialect/avpair.h"
#include "wpa/akm.h"

void dialect_request_begin(dialect_request_t *request)
{
	/* All but the two buffers at its end, which are read as far as they were written. */
	memset(request, 0, offsetof(dialect_request_t, avpairs));
}

void dialect_request_add(dialect_request_t *request, dialect_attribute_t attribute, void const *octets, size_t len)
{
	dialect_attribute_info_t const *row = &dialect_attributes[attribute];
	dialect_value_t *value = &request->values[attribute];

	if (value->n++ == 0) {
		value->octets = octets;
		value->len = len;
	}
	request->vendors |= 1u << row->vendor;
	if (row->relayed) request->relayed |= 1u << row->vendor;
	if (attribute != DIALECT_CISCO_AVPAIR) return;

	if (dialect_avpair_is_relayed(octets, len)) request->relayed |= 1u << row->vendor;
	if (request->n_avpairs < DIALECT_AVPAIRS_MAX) {
		request->avpairs[request->n_avpairs] = (dialect_avpair_t) { .octets = octets, .len = len };
	}
	request->n_avpairs++;
}

void dialect_request_add_undecoded(dialect_request_t *request, dialect_vendor_t vendor, char const *name)
{
	request->vendors |= 1u << vendor;
	request->relayed |= 1u << vendor;
	request->undecoded = name;
}

static bool text_mac(dialect_request_t const *request, dialect_attribute_t attribute, mpsk_mac_t *mac)
{
	dialect_value_t const *value = &request->values[attribute];

	return value->n > 0 && mpsk_mac_parse(mac, (char const *) value->octets, value->len);
}

bool dialect_request_is_mac_auth(dialect_request_t const *request)
{
	mpsk_mac_t mac;

	return text_mac(request, DIALECT_USER_NAME, &mac);
}

mpsk_status_t dialect_request_mac(dialect_request_t const *request, mpsk_mac_t *mac, mpsk_error_t *err)
{
	if (text_mac(request, DIALECT_CALLING_STATION_ID, mac)) return MPSK_OK;
	if (text_mac(request, DIALECT_USER_NAME, mac)) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "neither Calling-Station-Id nor User-Name is a MAC address");
}

mpsk_status_t dialect_ssid_read(mpsk_ssid_t *ssid, char const *name, uint8_t const *octets, size_t len,
				mpsk_error_t *err)
{
	if (mpsk_ssid_set(ssid, octets, len)) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "%s holds an SSID of %zu octets, over %d", name, len, MPSK_SSID_MAX);
}

mpsk_status_t dialect_mac_read(mpsk_mac_t *mac, char const *name, uint8_t const *octets, size_t len,
			       mpsk_error_t *err)
{
	if (len == MPSK_MAC_LEN) {
		memcpy(mac->octets, octets, MPSK_MAC_LEN);
		return MPSK_OK;
	}
	if (len > 0 && mpsk_mac_parse(mac, (char const *) octets, len)) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "%s of %zu octets is no MAC address", name, len);
}

/* AA, from the start of Called-Station-Id; *rest is where what follows its text begins. */
static mpsk_status_t called_mac(dialect_request_t const *request, mpsk_mac_t *bssid, size_t *rest, mpsk_error_t *err)
{
	dialect_value_t const *value = &request->values[DIALECT_CALLED_STATION_ID];

	if (!value->n) return mpsk_error_set(err, MPSK_BAD, "Called-Station-Id is missing: it should be BSSID:SSID");

	*rest = value->len ? mpsk_mac_scan(bssid, (char const *) value->octets, value->len) : 0;
	if (*rest) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "Called-Station-Id does not begin with a MAC address");
}

mpsk_status_t dialect_request_bssid_ssid(dialect_request_t const *request, mpsk_mac_t *bssid, mpsk_ssid_t *ssid,
					 mpsk_error_t *err)
{
	dialect_value_t const *value = &request->values[DIALECT_CALLED_STATION_ID];
	size_t mac_len;
	mpsk_status_t status = called_mac(request, bssid, &mac_len, err);

	if (status != MPSK_OK) return status;
	if (mac_len == value->len || isalnum(value->octets[mac_len])) {
		return mpsk_error_set(err, MPSK_BAD, "Called-Station-Id holds no SSID: it should be BSSID:SSID");
	}
	return dialect_ssid_read(ssid, "Called-Station-Id", value->octets + mac_len + 1, value->len - mac_len - 1,
				 err);
}

mpsk_status_t dialect_request_octets(dialect_request_t const *request, dialect_attribute_t attribute,
				     uint8_t const **octets, size_t *len, mpsk_error_t *err)
{
	dialect_value_t const *value = &request->values[attribute];

	*octets = value->octets;
	*len = value->len;
	if (value->n <= 1) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "%s stands more than once", dialect_attributes[attribute].name);
}

mpsk_status_t dialect_request_by_sae(dialect_request_t const *request, bool *by_sae, mpsk_error_t *err)
{
	uint8_t const *octets;
	wpa_suite_t suite;
	size_t len;
	mpsk_status_t status = dialect_request_octets(request, DIALECT_WLAN_AKM_SUITE, &octets, &len, err);

	*by_sae = false;
	if (status != MPSK_OK || !octets) return status;
	if (len != sizeof(suite)) {
		return mpsk_error_set(err, MPSK_BAD, "WLAN-AKM-Suite has %zu octets, not 4", len);
	}
	memcpy(&suite, octets, sizeof(suite));	/* a number, as the server has decoded it */
	*by_sae = wpa_akm_sae_name(suite) != NULL;
	return MPSK_OK;
}

static bool is_there(dialect_request_t const *request, dialect_attribute_t attribute)
{
	return attribute < DIALECT_ATTRIBUTE_MAX && dialect_request_has(request, attribute);
}

static mpsk_status_t read_mac(dialect_request_t const *request, dialect_attribute_t other, mpsk_mac_t *mac,
			      mpsk_error_t *err)
{
	mpsk_status_t status = dialect_request_mac(request, mac, err);
	uint8_t const *octets;
	size_t len;

	if (status == MPSK_OK || !is_there(request, other)) return status;
	status = dialect_request_octets(request, other, &octets, &len, err);
	return status == MPSK_OK ? dialect_mac_read(mac, dialect_attributes[other].name, octets, len, err) : status;
}

/* AA and SSID from the vendor's own attributes, as far as it sent them; the rest from Called-Station-Id. */
static mpsk_status_t read_place(dialect_request_t const *request, dialect_layout_t const *layout,
				mpsk_query_t *query, mpsk_error_t *err)
{
	bool has_ssid = is_there(request, layout->ssid), has_bssid = is_there(request, layout->bssid);
	mpsk_status_t status = MPSK_OK;
	uint8_t const *octets;
	size_t len;

	if (!has_ssid) {
		status = dialect_request_bssid_ssid(request, &query->bssid, &query->ssid, err);
	} else if (!has_bssid && query->unbound) {
		status = called_mac(request, &query->bssid, &len, err);
	} else if (!has_bssid) {
		(void) called_mac(request, &query->bssid, &len, NULL);	/* only the log would miss it */
	}
	if (status == MPSK_OK && has_ssid) {
		status = dialect_request_octets(request, layout->ssid, &octets, &len, err);
		if (status == MPSK_OK) {
			status = dialect_ssid_read(&query->ssid, dialect_attributes[layout->ssid].name, octets, len,
						   err);
		}
	}
	if (status == MPSK_OK && has_bssid) {
		status = dialect_request_octets(request, layout->bssid, &octets, &len, err);
		if (status == MPSK_OK) {
			status = dialect_mac_read(&query->bssid, dialect_attributes[layout->bssid].name, octets, len,
						  err);
		}
	}
	return status;
}

static mpsk_status_t read_part(dialect_request_t const *request, dialect_attribute_t attribute,
			       uint8_t const **octets, size_t *len, mpsk_error_t *err)
{
	mpsk_status_t status = dialect_request_octets(request, attribute, octets, len, err);

	if (status != MPSK_OK || *octets) return status;
	return mpsk_error_set(err, MPSK_BAD, "%s is missing", dialect_attributes[attribute].name);
}

mpsk_status_t dialect_request_read(dialect_request_t const *request, dialect_layout_t const *layout,
				   mpsk_query_t *query, mpsk_error_t *err)
{
	mpsk_status_t status = read_mac(request, layout->mac, &query->mac, err);

	query->unbound = layout->frame < DIALECT_ATTRIBUTE_MAX &&
			 dialect_request_relays(request, dialect_attributes[layout->frame].vendor);
	if (status == MPSK_OK) status = read_place(request, layout, query, err);
	if (status != MPSK_OK || !query->unbound) return status;

	if (request->undecoded) {
		return mpsk_error_set(err, MPSK_BAD, "%s is malformed and could not be decoded", request->undecoded);
	}
	status = read_part(request, layout->anonce, &query->anonce, &query->anonce_len, err);
	if (status != MPSK_OK) return status;
	return read_part(request, layout->frame, &query->frame, &query->frame_len, err);
}

mpsk_status_t dialect_request_read_bound(dialect_request_t *request, mpsk_query_t *query, mpsk_error_t *err)
{
	mpsk_status_t status = dialect_request_mac(request, &query->mac, err);

	return status == MPSK_OK ? dialect_request_bssid_ssid(request, &query->bssid, &query->ssid, err) : status;
}
