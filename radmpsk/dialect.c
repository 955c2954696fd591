/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/dialect.h"

#include <stdio.h>
#include <string.h>

#include "radmpsk/keys.h"
#include "radmpsk/request.h"
#include "wpa/eapol_key.h"

#define CISCO		9
#define HUAWEI		2011
#define LANCOM		2356
#define FREERADIUS	11344
#define TPLINK		11863
#define FORTINET	12356
#define ARUBA		14823
#define RUCKUS		25053
#define MERAKI		29671
#define UBIQUITI	41112
#define ELEVEN		52970

#define CALL_CHECK	10	/* Service-Type of MAC authentication: RFC 2865, 5.6 */
#define CIPHER_AES	4	/* as Ruckus counts */

/* The value of one vendor's attribute, made of parts: type, length with its own two octets, value. */
typedef struct {
	size_t	len;
	uint8_t	octets[RADIUS_VENDOR_MAX];
} parts_t;

typedef struct {
	uint8_t		type;
	void const	*value;
	size_t		len;
} part_t;

static mpsk_status_t parts_add(radius_packet_t *packet, uint32_t vendor, uint8_t type, part_t const *all, size_t n,
			       mpsk_error_t *err)
{
	parts_t parts = { .len = 0 };

	for (size_t i = 0; i < n; i++) {
		if (all[i].len + 2 > sizeof(parts.octets) - parts.len) {
			return mpsk_error_set(err, MPSK_BAD, "RADIUS attribute 26.%u.%u: its parts have over %d octets",
					      vendor, type, RADIUS_VENDOR_MAX);
		}
		parts.octets[parts.len++] = all[i].type;
		parts.octets[parts.len++] = (uint8_t) (all[i].len + 2);
		memcpy(parts.octets + parts.len, all[i].value, all[i].len);
		parts.len += all[i].len;
	}
	return radius_vendor_add(packet, vendor, type, parts.octets, parts.len, err);
}

#define PARTS_ADD(_packet, _vendor, _type, _parts, _err) \
	parts_add(_packet, _vendor, _type, _parts, sizeof(_parts) / sizeof((_parts)[0]), _err)

static void suite_put(uint8_t out[static 4], wpa_suite_t suite)
{
	for (int i = 0; i < 4; i++) out[i] = (uint8_t) (suite >> (24 - 8 * i));
}

static mpsk_status_t hostapd_unbound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	uint8_t suite[4];
	mpsk_status_t status;

	suite_put(suite, request->suite);
	status = radius_attribute_add(packet, RADIUS_WLAN_AKM_SUITE, suite, sizeof(suite), err);
	if (status != MPSK_OK) return status;
	status = radius_long_vendor_add(packet, RADIUS_LONG_EXTENDED_5, FREERADIUS, 1, request->anonce,
					WPA_NONCE_LEN, err);
	if (status != MPSK_OK) return status;
	return radius_long_vendor_add(packet, RADIUS_LONG_EXTENDED_5, FREERADIUS, 2, request->frame,
				      request->frame_len, err);
}

static mpsk_status_t ruckus_bound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	return radius_vendor_add(packet, RUCKUS, 3, request->ssid.octets, request->ssid.len, err);
}

static mpsk_status_t ruckus_unbound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	uint8_t const cipher = CIPHER_AES;
	uint8_t suite[4];
	part_t const parts[] = {
		{ 1, suite, sizeof(suite) },
		{ 2, &cipher, 1 },
		{ 3, request->anonce, WPA_NONCE_LEN },
		{ 4, request->frame, request->frame_len },
	};
	mpsk_status_t status = ruckus_bound(packet, request, err);

	suite_put(suite, request->suite);
	if (status == MPSK_OK) {
		status = radius_vendor_add(packet, RUCKUS, 14, request->bssid.octets, MPSK_MAC_LEN, err);
	}
	if (status == MPSK_OK) {
		status = radius_vendor_add(packet, RUCKUS, 135, request->ssid.octets, request->ssid.len, err);
	}
	return status == MPSK_OK ? PARTS_ADD(packet, RUCKUS, 153, parts, err) : status;
}

/* `name=value`, whatever octets the value has. */
static mpsk_status_t avpair_add(radius_packet_t *packet, char const *name, void const *value, size_t len,
				mpsk_error_t *err)
{
	uint8_t pair[RADIUS_VENDOR_MAX];
	size_t name_len = strlen(name);

	if (name_len + 1 + len > sizeof(pair)) {
		return mpsk_error_set(err, MPSK_BAD, "Cisco-AVPair %s of %zu octets does not fit", name, len);
	}
	memcpy(pair, name, name_len);
	pair[name_len] = '=';
	memcpy(pair + name_len + 1, value, len);
	return radius_vendor_add(packet, CISCO, 1, pair, name_len + 1 + len, err);
}

static mpsk_status_t cisco_bound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	static char const service[] = "Call Check", method[] = "mab";
	mpsk_status_t status = avpair_add(packet, "service-type", service, sizeof(service) - 1, err);

	if (status == MPSK_OK) status = avpair_add(packet, "method", method, sizeof(method) - 1, err);
	if (status != MPSK_OK) return status;
	return avpair_add(packet, "cisco-wlan-ssid", request->ssid.octets, request->ssid.len, err);
}

/* The frame in two pairs, as one that is too long for one pair comes. */
static mpsk_status_t cisco_unbound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	uint8_t const *o = request->bssid.octets;
	size_t half = request->frame_len / 2;
	char bssid[MPSK_MAC_TEXT_MAX];
	mpsk_status_t status = cisco_bound(packet, request, err);

	snprintf(bssid, sizeof(bssid), "%02x-%02x-%02x-%02x-%02x-%02x", o[0], o[1], o[2], o[3], o[4], o[5]);
	if (status == MPSK_OK) status = avpair_add(packet, "cisco-bssid", bssid, sizeof(bssid) - 1, err);
	if (status == MPSK_OK) status = avpair_add(packet, "cisco-anonce", request->anonce, WPA_NONCE_LEN, err);
	if (status == MPSK_OK) status = avpair_add(packet, "cisco-8021x-data", request->frame, half, err);
	if (status != MPSK_OK) return status;
	return avpair_add(packet, "cisco-8021x-data", request->frame + half, request->frame_len - half, err);
}

static mpsk_status_t meraki_bound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	return radius_vendor_add(packet, MERAKI, 1, request->nas_id, strlen(request->nas_id), err);
}

static mpsk_status_t meraki_unbound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	part_t const parts[] = {
		{ 1, request->anonce, WPA_NONCE_LEN },
		{ 2, request->frame, request->frame_len },
		{ 3, request->bssid.octets, MPSK_MAC_LEN },
		{ 4, request->bssid.octets, MPSK_MAC_LEN },
		{ 5, request->ssid.octets, request->ssid.len },
	};

	return PARTS_ADD(packet, MERAKI, 5, parts, err);
}

static mpsk_status_t eleven_unbound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	part_t const parts[] = {
		{ 1, request->frame, request->frame_len },
		{ 2, request->anonce, WPA_NONCE_LEN },
		{ 3, request->ssid.octets, request->ssid.len },
		{ 4, request->bssid.octets, MPSK_MAC_LEN },
		{ 5, request->mac.octets, MPSK_MAC_LEN },
	};

	return PARTS_ADD(packet, ELEVEN, 3, parts, err);
}

static mpsk_status_t omada_unbound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	part_t const parts[] = {
		{ 1, request->frame, request->frame_len },
		{ 2, request->anonce, WPA_NONCE_LEN },
		{ 3, request->ssid.octets, request->ssid.len },
		{ 4, request->bssid.octets, MPSK_MAC_LEN },
		{ 6, request->bssid.octets, MPSK_MAC_LEN },
	};

	return PARTS_ADD(packet, TPLINK, 3, parts, err);
}

static mpsk_status_t aruba_bound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	return radius_vendor_add(packet, ARUBA, 5, request->ssid.octets, request->ssid.len, err);
}

static mpsk_status_t huawei_bound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	static char const product[] = "AP";

	(void) request;
	return radius_vendor_add(packet, HUAWEI, 255, product, sizeof(product) - 1, err);
}

static mpsk_status_t lancom_bound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	return radius_vendor_add(packet, LANCOM, 16, request->nas_id, strlen(request->nas_id), err);
}

static mpsk_status_t fortinet_bound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	return radius_vendor_add(packet, FORTINET, 7, request->ssid.octets, request->ssid.len, err);
}

/* Of these makers nobody says which attributes a request holds, so it has one that no dictionary knows. */
static mpsk_status_t mark_add(radius_packet_t *packet, uint32_t vendor, mpsk_error_t *err)
{
	static char const mark[] = "AP";

	return radius_vendor_add(packet, vendor, 255, mark, sizeof(mark) - 1, err);
}

static mpsk_status_t omada_bound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	(void) request;
	return mark_add(packet, TPLINK, err);
}

static mpsk_status_t unifi_bound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	(void) request;
	return mark_add(packet, UBIQUITI, err);
}

static mpsk_status_t eleven_bound(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	(void) request;
	return mark_add(packet, ELEVEN, err);
}

#define TUNNEL_PASSWORD	KEYS_BIT(TUNNEL_PASSWORD)

dialect_t const dialects[] = {
	{ .name = "hostapd", .unbound = hostapd_unbound, .bound_keys = TUNNEL_PASSWORD,
	  .unbound_keys = TUNNEL_PASSWORD },
	{ .name = "generic", .service_type = CALL_CHECK, .bound_keys = TUNNEL_PASSWORD },
	{ .name = "ruckus", .bound = ruckus_bound, .unbound = ruckus_unbound, .bound_keys = KEYS_BIT(RUCKUS_DPSK),
	  .unbound_keys = KEYS_BIT(MPPE) },
	{ .name = "cisco", .service_type = CALL_CHECK, .bound = cisco_bound, .unbound = cisco_unbound,
	  .bound_keys = KEYS_BIT(CISCO), .unbound_keys = KEYS_BIT(CISCO) },
	{ .name = "meraki", .bound = meraki_bound, .unbound = meraki_unbound, .bound_keys = TUNNEL_PASSWORD,
	  .unbound_keys = TUNNEL_PASSWORD },
	{ .name = "aruba", .no_ssid = true, .service_type = CALL_CHECK, .bound = aruba_bound,
	  .bound_keys = KEYS_BIT(ARUBA) },
	{ .name = "mist", .service_type = CALL_CHECK, .bound_keys = TUNNEL_PASSWORD | KEYS_BIT(CISCO) },
	{ .name = "fortinet", .service_type = CALL_CHECK, .bound = fortinet_bound, .bound_keys = TUNNEL_PASSWORD },
	{ .name = "unifi", .service_type = CALL_CHECK, .bound = unifi_bound, .bound_keys = TUNNEL_PASSWORD },
	{ .name = "omada", .service_type = CALL_CHECK, .bound = omada_bound, .unbound = omada_unbound,
	  .bound_keys = TUNNEL_PASSWORD, .unbound_keys = KEYS_BIT(FOUND_KEY) },
	{ .name = "omada-findkey", .service_type = CALL_CHECK, .unbound = omada_unbound,
	  .bound_keys = TUNNEL_PASSWORD, .unbound_keys = KEYS_BIT(FOUND_KEY), .two_steps = true },
	{ .name = "eleven", .bound = eleven_bound, .unbound = eleven_unbound, .bound_keys = KEYS_BIT(CISCO),
	  .unbound_keys = KEYS_BIT(CISCO) },
	{ .name = "mikrotik", .user = DIALECT_USER_COLONS, .bound_keys = KEYS_BIT(MIKROTIK) },
	{ .name = "huawei", .service_type = CALL_CHECK, .bound = huawei_bound, .bound_keys = KEYS_BIT(HUAWEI) },
	{ .name = "lancom", .service_type = CALL_CHECK, .bound = lancom_bound, .bound_keys = KEYS_BIT(LANCOM) },
	{ .name = NULL },
};

unsigned dialect_keys(dialect_t const *dialect, bool bound, bool by_sae)
{
	static unsigned const pmks = KEYS_BIT(RUCKUS_DPSK) | KEYS_BIT(MPPE) | KEYS_BIT(FOUND_KEY);
	unsigned keys = bound ? dialect->bound_keys : dialect->unbound_keys;

	if (by_sae) keys &= ~pmks;
	return keys ? keys : TUNNEL_PASSWORD;
}

dialect_t const *dialect_find(char const *name)
{
	for (dialect_t const *row = dialects; row->name; row++) {
		if (strcmp(row->name, name) == 0) return row;
	}
	return NULL;
}
