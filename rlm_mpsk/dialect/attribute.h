/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The attributes of access points that dialects read and write: one row
 * each, by which the server's pairs are known, whatever its dictionary calls
 * them, and from which a dictionary that lacks one is completed.
 *
 * Nothing in this folder sees the server: pairs go in as octets, and the
 * reply comes out as octets.
 */
#ifndef RLM_MPSK_DIALECT_ATTRIBUTE_H
#define RLM_MPSK_DIALECT_ATTRIBUTE_H

#include <stdbool.h>
#include <stdint.h>

#define DIALECT_EXTENDED_5 245u	/* RFC 6929: the space of 245.26.<vendor>.<number> */

/* Whose attribute it is. Vendors of which nothing but their presence counts are among them. */
typedef enum {
	DIALECT_RFC = 0,
	DIALECT_FREERADIUS,	/* in 245.26 */
	DIALECT_CISCO,
	DIALECT_MICROSOFT,
	DIALECT_HUAWEI,
	DIALECT_LANCOM,
	DIALECT_TPLINK,
	DIALECT_FORTINET,
	DIALECT_ARUBA,
	DIALECT_MIKROTIK,
	DIALECT_RUCKUS,
	DIALECT_MERAKI,
	DIALECT_UBIQUITI,
	DIALECT_ELEVEN,
	DIALECT_VENDOR_MAX
} dialect_vendor_t;

typedef enum {
	DIALECT_USER_NAME = 0,
	DIALECT_USER_PASSWORD,
	DIALECT_NAS_IP_ADDRESS,
	DIALECT_SERVICE_TYPE,
	DIALECT_SESSION_TIMEOUT,
	DIALECT_CALLED_STATION_ID,
	DIALECT_CALLING_STATION_ID,
	DIALECT_NAS_IDENTIFIER,
	DIALECT_ACCT_STATUS_TYPE,
	DIALECT_ACCT_DELAY_TIME,
	DIALECT_ACCT_INPUT_OCTETS,
	DIALECT_ACCT_OUTPUT_OCTETS,
	DIALECT_ACCT_SESSION_ID,
	DIALECT_ACCT_SESSION_TIME,
	DIALECT_ACCT_TERMINATE_CAUSE,
	DIALECT_ACCT_INPUT_GIGAWORDS,
	DIALECT_ACCT_OUTPUT_GIGAWORDS,
	DIALECT_EVENT_TIMESTAMP,
	DIALECT_TUNNEL_TYPE,
	DIALECT_TUNNEL_MEDIUM_TYPE,
	DIALECT_TUNNEL_PASSWORD,
	DIALECT_EAP_MESSAGE,
	DIALECT_MESSAGE_AUTHENTICATOR,
	DIALECT_TUNNEL_PRIVATE_GROUP_ID,
	DIALECT_ACCT_INTERIM_INTERVAL,
	DIALECT_CUI,
	DIALECT_WLAN_AKM_SUITE,
	DIALECT_FREERADIUS_ANONCE,
	DIALECT_FREERADIUS_EAPOL,
	DIALECT_CISCO_AVPAIR,
	DIALECT_MPPE_RECV_KEY,
	DIALECT_HUAWEI_DPSK_INFO,
	DIALECT_LANCOM_PASSPHRASE,
	DIALECT_TPLINK_FIND_KEY,
	DIALECT_TPLINK_FOUND_KEY,
	DIALECT_ARUBA_ESSID,
	DIALECT_ARUBA_PASSPHRASE,
	DIALECT_ARUBA_KEY_NAME,
	DIALECT_MIKROTIK_PSK,
	DIALECT_MIKROTIK_VLAN,
	DIALECT_MIKROTIK_VLAN_TYPE,
	DIALECT_RUCKUS_SSID,
	DIALECT_RUCKUS_BSSID,
	DIALECT_RUCKUS_DPSK,
	DIALECT_RUCKUS_PARAMS,
	DIALECT_RUCKUS_AKM,
	DIALECT_RUCKUS_CIPHER,
	DIALECT_RUCKUS_ANONCE,
	DIALECT_RUCKUS_EAPOL,
	DIALECT_MERAKI_IPSK,
	DIALECT_MERAKI_ANONCE,
	DIALECT_MERAKI_EAPOL,
	DIALECT_MERAKI_BSSID,
	DIALECT_MERAKI_AP_MAC,
	DIALECT_MERAKI_SSID,
	DIALECT_ELEVEN_FIND_KEY,
	DIALECT_ELEVEN_EAPOL,
	DIALECT_ELEVEN_ANONCE,
	DIALECT_ELEVEN_SSID,
	DIALECT_ELEVEN_AP_MAC,
	DIALECT_ELEVEN_STA_MAC,
	DIALECT_ATTRIBUTE_MAX
} dialect_attribute_t;

typedef enum {
	DIALECT_STRING = 0,
	DIALECT_OCTETS,
	DIALECT_INTEGER,	/* of four octets, or an address */
	DIALECT_BYTE,
	DIALECT_TLV
} dialect_type_t;

typedef struct {
	char const		*name;		/* as FreeRADIUS calls it, or the vendor where it does not */
	dialect_vendor_t	vendor;
	uint8_t			number;
	uint8_t			sub;		/* within a TLV; 0: it is none's part */
	dialect_type_t		type;
	bool			hidden;		/* as Tunnel-Password is: RFC 2868, 3.5 */
	bool			relayed;	/* part of a handshake: whoever sends it relays one */
	bool			is_key;		/* carries a PSK or PMK, in clear */
} dialect_attribute_info_t;

extern dialect_attribute_info_t const dialect_attributes[DIALECT_ATTRIBUTE_MAX];

typedef struct {
	char const	*name;		/* as FreeRADIUS calls it */
	uint32_t	number;		/* SMI private enterprise code; 0: none */
	/* Of its rows, which stand together in the order of their numbers; DIALECT_ATTRIBUTE_MAX: it has none. */
	uint8_t		first;
} dialect_vendor_info_t;

extern dialect_vendor_info_t const dialect_vendors[DIALECT_VENDOR_MAX];

/* The vendor of an enterprise code; DIALECT_RFC where it is none of those here. */
dialect_vendor_t dialect_vendor_find(uint32_t number);

/* The attribute of a vendor by number and part (0: none); DIALECT_ATTRIBUTE_MAX where it is none of these. */
dialect_attribute_t dialect_attribute_find(dialect_vendor_t vendor, uint32_t number, uint32_t sub);

#endif
