/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/dialect/attribute.h"

#define HIDDEN	.hidden = true
#define RELAYED	.relayed = true
#define KEY	.is_key = true
#define ROW(_id, _name, _vendor, _number, _sub, _type, ...) \
	[DIALECT_ ## _id] = { \
		.name = _name, .vendor = DIALECT_ ## _vendor, .number = _number, .sub = _sub, \
		.type = DIALECT_ ## _type, __VA_ARGS__ \
	}

/* A row of each of the tables that they are made for. Most of what a request has is of these. */
#define RFC_ROWS \
	ROW(USER_NAME, "User-Name", RFC, 1, 0, STRING), \
	ROW(USER_PASSWORD, "User-Password", RFC, 2, 0, STRING), \
	ROW(NAS_IP_ADDRESS, "NAS-IP-Address", RFC, 4, 0, INTEGER), \
	ROW(SERVICE_TYPE, "Service-Type", RFC, 6, 0, INTEGER), \
	ROW(SESSION_TIMEOUT, "Session-Timeout", RFC, 27, 0, INTEGER), \
	ROW(CALLED_STATION_ID, "Called-Station-Id", RFC, 30, 0, STRING), \
	ROW(CALLING_STATION_ID, "Calling-Station-Id", RFC, 31, 0, STRING), \
	ROW(NAS_IDENTIFIER, "NAS-Identifier", RFC, 32, 0, STRING), \
	ROW(ACCT_STATUS_TYPE, "Acct-Status-Type", RFC, 40, 0, INTEGER), \
	ROW(ACCT_DELAY_TIME, "Acct-Delay-Time", RFC, 41, 0, INTEGER), \
	ROW(ACCT_INPUT_OCTETS, "Acct-Input-Octets", RFC, 42, 0, INTEGER), \
	ROW(ACCT_OUTPUT_OCTETS, "Acct-Output-Octets", RFC, 43, 0, INTEGER), \
	ROW(ACCT_SESSION_ID, "Acct-Session-Id", RFC, 44, 0, STRING), \
	ROW(ACCT_SESSION_TIME, "Acct-Session-Time", RFC, 46, 0, INTEGER), \
	ROW(ACCT_TERMINATE_CAUSE, "Acct-Terminate-Cause", RFC, 49, 0, INTEGER), \
	ROW(ACCT_INPUT_GIGAWORDS, "Acct-Input-Gigawords", RFC, 52, 0, INTEGER), \
	ROW(ACCT_OUTPUT_GIGAWORDS, "Acct-Output-Gigawords", RFC, 53, 0, INTEGER), \
	ROW(EVENT_TIMESTAMP, "Event-Timestamp", RFC, 55, 0, INTEGER), \
	ROW(TUNNEL_TYPE, "Tunnel-Type", RFC, 64, 0, INTEGER), \
	ROW(TUNNEL_MEDIUM_TYPE, "Tunnel-Medium-Type", RFC, 65, 0, INTEGER), \
	ROW(TUNNEL_PASSWORD, "Tunnel-Password", RFC, 69, 0, STRING, HIDDEN), \
	ROW(EAP_MESSAGE, "EAP-Message", RFC, 79, 0, OCTETS), \
	ROW(MESSAGE_AUTHENTICATOR, "Message-Authenticator", RFC, 80, 0, OCTETS), \
	ROW(TUNNEL_PRIVATE_GROUP_ID, "Tunnel-Private-Group-Id", RFC, 81, 0, STRING), \
	ROW(ACCT_INTERIM_INTERVAL, "Acct-Interim-Interval", RFC, 85, 0, INTEGER), \
	ROW(CUI, "Chargeable-User-Identity", RFC, 89, 0, OCTETS), \
	ROW(WLAN_AKM_SUITE, "WLAN-AKM-Suite", RFC, 188, 0, INTEGER)

dialect_attribute_info_t const dialect_attributes[DIALECT_ATTRIBUTE_MAX] = {
	RFC_ROWS,
	ROW(FREERADIUS_ANONCE, "FreeRADIUS-802.1X-Anonce", FREERADIUS, 1, 0, OCTETS, RELAYED),
	ROW(FREERADIUS_EAPOL, "FreeRADIUS-802.1X-EAPoL-Key-Msg", FREERADIUS, 2, 0, OCTETS, RELAYED),
	/* It relays a handshake where its text says so: request.c. */
	ROW(CISCO_AVPAIR, "Cisco-AVPair", CISCO, 1, 0, STRING),
	ROW(MPPE_RECV_KEY, "MS-MPPE-Recv-Key", MICROSOFT, 17, 0, OCTETS, HIDDEN),
	ROW(HUAWEI_DPSK_INFO, "Huawei-DPSK-Info", HUAWEI, 206, 0, STRING, KEY),
	ROW(LANCOM_PASSPHRASE, "LCS-WPA-Passphrase", LANCOM, 6, 0, STRING, KEY),
	ROW(TPLINK_FIND_KEY, "TPLink-Authentication-FindKey", TPLINK, 3, 0, OCTETS, RELAYED),
	ROW(TPLINK_FOUND_KEY, "TPLink-Authentication-FoundKey", TPLINK, 4, 0, OCTETS, KEY),
	ROW(ARUBA_ESSID, "Aruba-Essid-Name", ARUBA, 5, 0, STRING),
	ROW(ARUBA_PASSPHRASE, "Aruba-MPSK-Passphrase", ARUBA, 44, 0, OCTETS, HIDDEN),
	ROW(ARUBA_KEY_NAME, "Aruba-MPSK-Key-Name", ARUBA, 62, 0, STRING),
	ROW(MIKROTIK_PSK, "Mikrotik-Wireless-PSK", MIKROTIK, 16, 0, STRING, KEY),
	ROW(MIKROTIK_VLAN, "Mikrotik-Wireless-VLANID", MIKROTIK, 26, 0, INTEGER),
	ROW(MIKROTIK_VLAN_TYPE, "Mikrotik-Wireless-VLANIDtype", MIKROTIK, 27, 0, INTEGER),
	ROW(RUCKUS_SSID, "Ruckus-SSID", RUCKUS, 3, 0, STRING),
	ROW(RUCKUS_BSSID, "Ruckus-BSSID", RUCKUS, 14, 0, OCTETS),
	ROW(RUCKUS_DPSK, "Ruckus-DPSK", RUCKUS, 142, 0, OCTETS, KEY),
	ROW(RUCKUS_PARAMS, "Ruckus-DPSK-Params", RUCKUS, 153, 0, TLV, RELAYED),
	ROW(RUCKUS_AKM, "Ruckus-DPSK-AKM-Suite", RUCKUS, 153, 1, OCTETS, RELAYED),
	ROW(RUCKUS_CIPHER, "Ruckus-DPSK-Cipher", RUCKUS, 153, 2, BYTE, RELAYED),
	ROW(RUCKUS_ANONCE, "Ruckus-DPSK-Anonce", RUCKUS, 153, 3, OCTETS, RELAYED),
	ROW(RUCKUS_EAPOL, "Ruckus-DPSK-EAPOL-Key-Frame", RUCKUS, 153, 4, OCTETS, RELAYED),
	ROW(MERAKI_IPSK, "Meraki-IPSK", MERAKI, 5, 0, TLV, RELAYED),
	ROW(MERAKI_ANONCE, "Meraki-IPSK-Anonce", MERAKI, 5, 1, OCTETS, RELAYED),
	ROW(MERAKI_EAPOL, "Meraki-IPSK-EAPOL", MERAKI, 5, 2, OCTETS, RELAYED),
	ROW(MERAKI_BSSID, "Meraki-IPSK-BSSID", MERAKI, 5, 3, OCTETS, RELAYED),
	ROW(MERAKI_AP_MAC, "Meraki-IPSK-AP-MAC", MERAKI, 5, 4, OCTETS, RELAYED),
	ROW(MERAKI_SSID, "Meraki-IPSK-SSID", MERAKI, 5, 5, STRING, RELAYED),
	ROW(ELEVEN_FIND_KEY, "Eleven-Authentication-Find-Key", ELEVEN, 3, 0, TLV, RELAYED),
	ROW(ELEVEN_EAPOL, "Eleven-EAPOL-Frame-2", ELEVEN, 3, 1, OCTETS, RELAYED),
	ROW(ELEVEN_ANONCE, "Eleven-EAPOL-Anonce", ELEVEN, 3, 2, OCTETS, RELAYED),
	ROW(ELEVEN_SSID, "Eleven-EAPOL-SSID", ELEVEN, 3, 3, STRING, RELAYED),
	ROW(ELEVEN_AP_MAC, "Eleven-EAPOL-APMAC", ELEVEN, 3, 4, OCTETS, RELAYED),
	ROW(ELEVEN_STA_MAC, "Eleven-EAPOL-STMAC", ELEVEN, 3, 5, OCTETS, RELAYED),
};

#undef ROW
#define ROW(_id, _name, _vendor, _number, ...) [_number] = DIALECT_ ## _id + 1

/* The place of a number's row, from 1; 0: it has none. */
static uint8_t const rfc_places[UINT8_MAX + 1] = { RFC_ROWS };

dialect_vendor_info_t const dialect_vendors[DIALECT_VENDOR_MAX] = {
	[DIALECT_RFC] = { "", 0, DIALECT_USER_NAME },
	[DIALECT_FREERADIUS] = { "FreeRADIUS", 11344, DIALECT_FREERADIUS_ANONCE },
	[DIALECT_CISCO] = { "Cisco", 9, DIALECT_CISCO_AVPAIR },
	[DIALECT_MICROSOFT] = { "Microsoft", 311, DIALECT_MPPE_RECV_KEY },
	[DIALECT_HUAWEI] = { "Huawei", 2011, DIALECT_HUAWEI_DPSK_INFO },
	[DIALECT_LANCOM] = { "Lancom", 2356, DIALECT_LANCOM_PASSPHRASE },
	[DIALECT_TPLINK] = { "TPLink", 11863, DIALECT_TPLINK_FIND_KEY },
	[DIALECT_FORTINET] = { "Fortinet", 12356, DIALECT_ATTRIBUTE_MAX },
	[DIALECT_ARUBA] = { "Aruba", 14823, DIALECT_ARUBA_ESSID },
	[DIALECT_MIKROTIK] = { "Mikrotik", 14988, DIALECT_MIKROTIK_PSK },
	[DIALECT_RUCKUS] = { "Ruckus", 25053, DIALECT_RUCKUS_SSID },
	[DIALECT_MERAKI] = { "Meraki", 29671, DIALECT_MERAKI_IPSK },
	[DIALECT_UBIQUITI] = { "Ubiquiti", 41112, DIALECT_ATTRIBUTE_MAX },
	[DIALECT_ELEVEN] = { "Eleven", 52970, DIALECT_ELEVEN_FIND_KEY },
};

dialect_vendor_t dialect_vendor_find(uint32_t number)
{
	for (unsigned i = DIALECT_RFC + 1; i < DIALECT_VENDOR_MAX; i++) {
		if (dialect_vendors[i].number == number) return (dialect_vendor_t) i;
	}
	return DIALECT_RFC;
}

dialect_attribute_t dialect_attribute_find(dialect_vendor_t vendor, uint32_t number, uint32_t sub)
{
	if (vendor == DIALECT_RFC) {
		bool found = number <= UINT8_MAX && sub == 0 && rfc_places[number];

		return found ? (dialect_attribute_t) (rfc_places[number] - 1) : DIALECT_ATTRIBUTE_MAX;
	}
	for (unsigned i = dialect_vendors[vendor].first; i < DIALECT_ATTRIBUTE_MAX; i++) {
		dialect_attribute_info_t const *row = &dialect_attributes[i];

		if (row->vendor != vendor || row->number > number) break;
		if (row->number == number && row->sub == sub) return (dialect_attribute_t) i;
	}
	return DIALECT_ATTRIBUTE_MAX;
}
