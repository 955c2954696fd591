/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/reason.h"

#include <stddef.h>

#define ROW(_name, _accept, _text) \
	[MPSK_REASON_ ## _name] = { .name = #_name, .accept = _accept, .text = _text }

static mpsk_reason_info_t const reasons[] = {
	ROW(BOUND, true, "The device is known, or registered, as one of this key."),
	ROW(MATCHED, true, "The key's PSK made the handshake."),
	ROW(PROVISIONAL, true, "Let in while the store is away; the claim is made when it is back."),
	ROW(CANDIDATES, true, "The device is not known; the access point may try these keys."),
	ROW(FIRST_STEP, true, "The access point was let go on, without a key: it asks again with the handshake."),
	ROW(NO_MATCH, false,
	    "No key of this SSID made the handshake: the passphrase is wrong, or its key is not in the store."),
	ROW(UNKNOWN_MAC, false,
	    "No key is known for this MAC: register it in a key's macs, or let the access point relay the handshake."),
	ROW(SAE_UNKNOWN, false,
	    "No key is known for this MAC, and WPA3 (SAE) shows no server which passphrase the device has: register it "
	    "in a key's macs, or let it join by WPA2 once."),
	ROW(EXPIRED, false, "The key, or its old passphrase, has expired: set exp (or old_exp) to a later time."),
	ROW(NOT_YET, false, "The key is not valid yet: see nbf."),
	ROW(DISABLED, false, "The key is disabled: set enabled to 1."),
	ROW(CAP_REACHED, false, "The key has as many devices as it may: raise max, or forget a device."),
	ROW(CONCURRENT_CAP, false, "The key has as many devices online as it may: raise concurrent."),
	ROW(WRONG_MAC, false, "The key is not for this device: add its MAC to macs."),
	ROW(WRONG_SITE, false, "The key is not for the site of this access point: add it to the key's site."),
	ROW(NO_VLAN, false,
	    "The key's VLAN is a name that the site of this access point gives no number: set vlans of mpsk:cfg:site."),
	ROW(NO_PASSPHRASE, false,
	    "The key is a PMK of 64 hex digits, of which WPA3 (SAE) can make nothing: give it a passphrase."),
	ROW(OUTSIDE_HOURS, false, "The key does not work at this hour: see hours."),
	ROW(BAD_FRAME, false, "The handshake that was relayed is incomplete or malformed: the detail names the part."),
	ROW(UNSUPPORTED_AKM, false, "The station chose a way of authentication that is not supported."),
	ROW(MLD_UNKNOWN, false,
	    "No key of this SSID made the handshake of a multi-link (Wi-Fi 7) device: the passphrase is wrong, or the "
	    "access point's MLD address, which it does not tell, is not its BSSID: switch multi-link off on it."),
	ROW(RATE_LIMITED, false, "Too much is searched for: the detail names the limit, and for how long it refuses."),
	ROW(STORE_DOWN, false, "The store does not answer, so nothing can be claimed: see to Redis."),
	ROW(NOT_READY, false, "The keys are still being loaded or derived: the answer comes with a later attempt."),
};

_Static_assert(sizeof(reasons) / sizeof(reasons[0]) == MPSK_REASON_MAX, "a row for each reason");

mpsk_reason_info_t const *mpsk_reason(mpsk_reason_t reason)
{
	static mpsk_reason_info_t const unknown = { .name = "UNKNOWN", .text = "There is no such reason." };

	return (size_t) reason < MPSK_REASON_MAX ? &reasons[reason] : &unknown;
}
