/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/request.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "radius/hide.h"

#define USER_LEN	(2 * MPSK_MAC_LEN)
#define STATION_ID_LEN	(3 * MPSK_MAC_LEN - 1)

static char const connect_info[] = "CONNECT 11Mbps 802.11b";
static uint8_t const port_type_80211[] = { 0, 0, 0, 19 };

/* AA-BB-CC-DD-EE-FF, as RFC 3580, 3.20 has it. */
static void station_id_print(char out[static STATION_ID_LEN + 1], mpsk_mac_t const *mac)
{
	uint8_t const *o = mac->octets;

	snprintf(out, STATION_ID_LEN + 1, "%02X-%02X-%02X-%02X-%02X-%02X", o[0], o[1], o[2], o[3], o[4], o[5]);
}

/* One attribute to append; those of one request stand in an array, so that one loop checks them all. */
typedef struct {
	radius_type_t	type;
	void const	*value;
	size_t		len;
} item_t;

static mpsk_status_t items_add(radius_packet_t *packet, item_t const *items, size_t n, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; status == MPSK_OK && i < n; i++) {
		if (!items[i].value) continue;
		status = radius_attribute_add(packet, items[i].type, items[i].value, items[i].len, err);
	}
	return status;
}

static dialect_t const *dialect_of(request_t const *request)
{
	return request->dialect ? request->dialect : &dialects[0];
}

/* User-Name, and its length. */
static size_t user_print(char out[static STATION_ID_LEN + 1], dialect_t const *dialect, mpsk_mac_t const *mac)
{
	if (dialect->user == DIALECT_USER_PLAIN) {
		mpsk_hex_encode(out, mac->octets, MPSK_MAC_LEN);
		return USER_LEN;
	}
	station_id_print(out, mac);
	for (char *p = out; *p; p++) if (*p == '-') *p = ':';
	return STATION_ID_LEN;
}

mpsk_status_t request_user_add(radius_packet_t *packet, request_t const *request, mpsk_error_t *err)
{
	char user[STATION_ID_LEN + 1];
	size_t len = user_print(user, dialect_of(request), &request->mac);

	return radius_attribute_add(packet, RADIUS_USER_NAME, user, len, err);
}

mpsk_status_t request_place_add(radius_packet_t *packet, request_t const *request, bool of_station,
				mpsk_error_t *err)
{
	char calling[STATION_ID_LEN + 1], called[STATION_ID_LEN + 1 + MPSK_SSID_MAX];
	size_t called_len = STATION_ID_LEN + (dialect_of(request)->no_ssid ? 0 : 1u + request->ssid.len);
	item_t const items[] = {
		{ RADIUS_NAS_IP_ADDRESS, request->nas_address_len == 4 ? request->nas_address : NULL, 4 },
		{ RADIUS_NAS_IPV6_ADDRESS, request->nas_address_len == 16 ? request->nas_address : NULL, 16 },
		{ RADIUS_NAS_IDENTIFIER, request->nas_id, strlen(request->nas_id) },
		{ RADIUS_CALLED_STATION_ID, called, called_len },
		{ RADIUS_NAS_PORT_TYPE, port_type_80211, sizeof(port_type_80211) },
		{ RADIUS_CALLING_STATION_ID, of_station ? calling : NULL, STATION_ID_LEN },
	};

	station_id_print(calling, &request->mac);
	station_id_print(called, &request->bssid);
	called[STATION_ID_LEN] = ':';
	memcpy(called + STATION_ID_LEN + 1, request->ssid.octets, request->ssid.len);
	return items_add(packet, items, sizeof(items) / sizeof(items[0]), err);
}

mpsk_status_t request_build(radius_packet_t *packet, request_t const *request, radius_secret_t const *secret,
			    uint8_t id, uint8_t const authenticator[static RADIUS_AUTHENTICATOR_LEN],
			    mpsk_error_t *err)
{
	dialect_t const *dialect = dialect_of(request);
	char user[STATION_ID_LEN + 1];
	uint8_t const service_type[] = { 0, 0, 0, (uint8_t) dialect->service_type };
	wpa_suite_t akm = request->suite ? 0 : request->bound_suite;
	uint8_t akm_suite[4];
	uint8_t password[RADIUS_HIDE_PASSWORD_MAX];
	size_t user_len = user_print(user, dialect, &request->mac), password_len;
	bool is_hostapd = dialect == &dialects[0];
	mpsk_status_t status;

	for (int i = 0; i < 4; i++) akm_suite[i] = (uint8_t) (akm >> (24 - 8 * i));
	status = radius_hide_password(password, &password_len, user,
				      dialect->user == DIALECT_USER_PLAIN ? user_len : 0, secret, authenticator);
	if (status != MPSK_OK) return mpsk_error_set(err, status, "libcrypto has no MD5, which RADIUS needs");

	item_t const user_items[] = {
		{ RADIUS_USER_NAME, user, user_len },
		{ RADIUS_USER_PASSWORD, password, password_len },
	};
	item_t const items[] = {
		{ RADIUS_CONNECT_INFO, is_hostapd ? connect_info : NULL, sizeof(connect_info) - 1 },
		{ RADIUS_SERVICE_TYPE, dialect->service_type ? service_type : NULL, sizeof(service_type) },
		{ RADIUS_WLAN_AKM_SUITE, akm ? akm_suite : NULL, sizeof(akm_suite) },
	};

	radius_request_begin(packet, RADIUS_ACCESS_REQUEST, id, authenticator);
	status = items_add(packet, user_items, sizeof(user_items) / sizeof(user_items[0]), err);
	if (status == MPSK_OK) status = request_place_add(packet, request, true, err);
	if (status == MPSK_OK) status = items_add(packet, items, sizeof(items) / sizeof(items[0]), err);
	if (status == MPSK_OK && request->suite && !dialect->unbound) {
		status = mpsk_error_set(err, MPSK_BAD, "%s relays no handshake: ask by MAC alone", dialect->name);
	} else if (status == MPSK_OK && request->suite) {
		status = dialect->unbound(packet, request, err);
	} else if (status == MPSK_OK && dialect->bound) {
		status = dialect->bound(packet, request, err);
	}
	if (status != MPSK_OK) return status;

	status = radius_request_sign(packet->octets, packet->len, secret);
	if (status != MPSK_OK) mpsk_error_set(err, status, "libcrypto has no HMAC-MD5, which RADIUS needs");
	return status;
}
