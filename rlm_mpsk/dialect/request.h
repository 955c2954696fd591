/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A request as dialects read it: the attributes of the table, each once, by
 * its place there, and what dialects have in common when they read.
 */
#ifndef RLM_MPSK_DIALECT_REQUEST_H
#define RLM_MPSK_DIALECT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "policy/policy.h"
#include "rlm_mpsk/dialect/attribute.h"
#include "wpa/eapol_key.h"

#define DIALECT_AVPAIRS_MAX 64	/* a packet of 4096 octets has no room for more that matter */

/* Octets are the server's, and borrowed. */
typedef struct {
	uint8_t const	*octets;
	size_t		len;
	unsigned	n;		/* how often it stands in the request; octets are the first one's */
} dialect_value_t;

typedef struct {
	uint8_t const	*octets;
	size_t		len;
} dialect_avpair_t;

typedef struct {
	dialect_value_t		values[DIALECT_ATTRIBUTE_MAX];
	uint32_t		vendors;	/* bits by dialect_vendor_t: those of which any attribute is there */
	uint32_t		relayed;	/* those whose part of a handshake is there, whole or not */
	char const		*undecoded;	/* the name of one that the server could not decode, or NULL */
	size_t			n_avpairs;	/* as they came, though only so many are kept */
	dialect_avpair_t	avpairs[DIALECT_AVPAIRS_MAX];
	uint8_t			joined[WPA_FRAME_MAX];	/* where a frame that came in parts is put together */
} dialect_request_t;

void dialect_request_begin(dialect_request_t *request);

/* An attribute, in the order of the packet. */
void dialect_request_add(dialect_request_t *request, dialect_attribute_t attribute, void const *octets, size_t len);

/* An attribute of a vendor that has no row. */
static inline void dialect_request_add_vendor(dialect_request_t *request, dialect_vendor_t vendor)
{
	request->vendors |= 1u << vendor;
}

/*
 * An attribute that the server could not decode, or not as deep as it
 * should go. It may have been half of a handshake, and must not make an
 * unbound request look like a bound one. The name is borrowed.
 */
void dialect_request_add_undecoded(dialect_request_t *request, dialect_vendor_t vendor, char const *name);

static inline bool dialect_request_has(dialect_request_t const *request, dialect_attribute_t attribute)
{
	return request->values[attribute].n > 0;
}

static inline bool dialect_request_has_vendor(dialect_request_t const *request, dialect_vendor_t vendor)
{
	return request->vendors & 1u << vendor;
}

static inline bool dialect_request_relays(dialect_request_t const *request, dialect_vendor_t vendor)
{
	return request->relayed & 1u << vendor;
}

/* Whether User-Name is a MAC address: MAC authentication. */
bool dialect_request_is_mac_auth(dialect_request_t const *request);

/* SPA: Calling-Station-Id first, then User-Name. BAD where neither is a MAC. */
mpsk_status_t dialect_request_mac(dialect_request_t const *request, mpsk_mac_t *mac, mpsk_error_t *err);

/*
 * AA and SSID from Called-Station-Id, `AA-BB-CC-DD-EE-FF:SSID` (RFC 3580, 3.20):
 * the SSID is every octet after the separator that follows the MAC, for it
 * may hold separators itself. BAD where one of them is not there.
 */
mpsk_status_t dialect_request_bssid_ssid(dialect_request_t const *request, mpsk_mac_t *bssid, mpsk_ssid_t *ssid,
					 mpsk_error_t *err);

/*
 * The octets of an attribute, NULL and 0 where it is absent. BAD where it
 * stands more than once, for then nobody can say which one is meant.
 */
mpsk_status_t dialect_request_octets(dialect_request_t const *request, dialect_attribute_t attribute,
				     uint8_t const **octets, size_t *len, mpsk_error_t *err);

/*
 * Whether the station is to come by SAE, which WLAN-AKM-Suite tells (RFC 7268,
 * 2.16); where it is absent, *by_sae is false. BAD, with a text, where it
 * is malformed.
 */
mpsk_status_t dialect_request_by_sae(dialect_request_t const *request, bool *by_sae, mpsk_error_t *err);

/* Where an access point puts what it relays. A part of DIALECT_ATTRIBUTE_MAX is in Called- or Calling-Station-Id. */
typedef struct {
	dialect_attribute_t	anonce;
	dialect_attribute_t	frame;
	dialect_attribute_t	ssid;
	dialect_attribute_t	bssid;
	dialect_attribute_t	mac;	/* a last resort, after Calling-Station-Id and User-Name */
} dialect_layout_t;

/* Read all of a query but its site and NAS: BAD, with a text that names the attribute, where one is malformed. */
mpsk_status_t dialect_request_read(dialect_request_t const *request, dialect_layout_t const *layout,
				   mpsk_query_t *query, mpsk_error_t *err);

/* The same of a dialect that relays nothing. */
mpsk_status_t dialect_request_read_bound(dialect_request_t *request, mpsk_query_t *query, mpsk_error_t *err);

/* A MAC of six octets, or of text. BAD, with a text that names it, for anything else. */
mpsk_status_t dialect_mac_read(mpsk_mac_t *mac, char const *name, uint8_t const *octets, size_t len,
			       mpsk_error_t *err);

/* An SSID of up to 32 octets. */
mpsk_status_t dialect_ssid_read(mpsk_ssid_t *ssid, char const *name, uint8_t const *octets, size_t len,
				mpsk_error_t *err);

#endif
