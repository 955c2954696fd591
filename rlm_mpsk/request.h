/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What dialects have in common when they read a request.
 */
#ifndef RLM_MPSK_REQUEST_H
#define RLM_MPSK_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlm_mpsk/instance.h"

/* Whether User-Name is a MAC address: MAC authentication. */
bool rlm_mpsk_request_is_mac_auth(rlm_mpsk_attributes_t const *attributes, REQUEST *request);

/* SPA: Calling-Station-Id first, then User-Name. BAD where neither is a MAC. */
mpsk_status_t rlm_mpsk_request_mac(rlm_mpsk_attributes_t const *attributes, REQUEST *request, mpsk_mac_t *mac,
				   mpsk_error_t *err);

/*
 * AA and SSID from Called-Station-Id, `AA-BB-CC-DD-EE-FF:SSID` (RFC 3580, 3.20):
 * the SSID is every octet after the separator that follows the MAC, for it
 * may hold separators itself. BAD where one of them is not there.
 */
mpsk_status_t rlm_mpsk_request_bssid_ssid(rlm_mpsk_attributes_t const *attributes, REQUEST *request, mpsk_mac_t *bssid,
					  mpsk_ssid_t *ssid, mpsk_error_t *err);

/*
 * The octets of an attribute, NULL and 0 where it is absent. BAD where it
 * stands more than once, for then nobody can say which one is meant.
 */
mpsk_status_t rlm_mpsk_request_octets(REQUEST *request, DICT_ATTR const *da, uint8_t const **octets, size_t *len,
				      mpsk_error_t *err);

/*
 * The id that mpsk:cfg:nas:<id> goes by: NAS-Identifier where it is an id,
 * else NAS-IP-Address, else the address that the request came from.
 */
void rlm_mpsk_request_nas(rlm_mpsk_attributes_t const *attributes, REQUEST *request, char nas[static MPSK_ID_MAX + 1]);

#endif
