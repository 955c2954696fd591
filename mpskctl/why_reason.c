/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "why.h"

ctl_why_reason_t const ctl_why_reasons[] = {
	{ "BOUND", "It is known, or registered, as a device of this key.", NULL },
	{ "MATCHED", "It has the passphrase of this key.", NULL },
	{ "PROVISIONAL", "It has the passphrase of this key and is new to it. Redis did not answer, so it was let on "
	  "for the time being, and counts once Redis is back.",
	  "See to Redis: `mpskctl ping`, and then `mpskctl doctor`." },
	{ "CANDIDATES", "Nobody knows this device, and the access point was given keys to try.",
	  "Where it does not come on, its key is none of these: `mpskctl device add ID {mac}` makes it a device of its "
	  "own key." },
	{ "FIRST_STEP", "The access point was let go on without a key: it asks again with the handshake.",
	  "Where nothing follows, the device has given up: most have stored a wrong passphrase then." },
	{ "NO_MATCH", "It has the passphrase of no key on this network: it was typed wrong, or its key is gone, for "
	  "another SSID or of another organisation, or has another passphrase by now.",
	  "Compare what is typed into the device with `mpskctl key show ID --show-psk`; `mpskctl key list --ssid "
	  "{ssid}` lists the keys of this network, and `mpskctl key list --rotating` those that were changed." },
	{ "UNKNOWN_MAC", "The access point tells the MAC alone, and no key has this one as a device.",
	  "`mpskctl device add ID {mac}` makes it a device of a key; or let the access point relay the handshake. A "
	  "device with a random MAC has to keep to one on this network." },
	{ "SAE_UNKNOWN", "The device joins by WPA3, which shows no server its passphrase, and no key has its MAC.",
	  "`mpskctl device add ID {mac}` makes it a device of a key; or let it join by WPA2 once." },
	{ "EXPIRED", "The key has expired, or the passphrase is the one before a rotation, whose grace is over.",
	  "`mpskctl key edit {key} --expires +90d` gives the key more time; of an old passphrase, type the present one "
	  "into the device." },
	{ "NOT_YET", "The key is not valid yet.", "Wait, or `mpskctl key edit {key} --unset nbf`." },
	{ "DISABLED", "Somebody disabled the key.",
	  "`mpskctl key enable {key}` lets it on again; `mpskctl log --key {key}` tells who disabled it." },
	{ "CAP_REACHED", "The key has as many devices as it may, and this one is new to it.",
	  "`mpskctl device list {key}` lists them. `mpskctl device forget {key} MAC` makes room, and `mpskctl key edit "
	  "{key} --max N` lets more on." },
	{ "CONCURRENT_CAP", "As many devices of the key are on the network as may be at a time.",
	  "Switch one of them off, or `mpskctl key edit {key} --concurrent N` lets more on." },
	{ "WRONG_MAC", "The key is for listed devices, and this is none of them.",
	  "`mpskctl key edit {key} --macs LIST` sets the list, with {mac} in it." },
	{ "WRONG_SITE", "The key is for other sites than that of this access point, or nobody knows where that stands.",
	  "`mpskctl key edit {key} --site LIST` sets the key's sites, and `mpskctl nas set {nas} --site SITE` that of "
	  "the access point." },
	{ "NO_VLAN", "The key names its VLAN, and the site of this access point gives that name no number.",
	  "Give it one in the field `vlans` of mpsk:cfg:site:{site}, or `mpskctl key edit {key} --vlan N`." },
	{ "NO_PASSPHRASE", "The key is 64 hex digits, of which WPA3 can make nothing.",
	  "`mpskctl key rotate {key}` gives it a passphrase; or let the device join by WPA2." },
	{ "OUTSIDE_HOURS", "The key does not work at this hour.",
	  "`mpskctl key show {key}` shows its hours; `mpskctl key edit {key} --hours HOURS` sets them." },
	{ "BAD_FRAME", "The handshake that the access point relayed is incomplete or malformed.",
	  "See to the software of the access point {nas}; it may ask by MAC alone until then." },
	{ "UNSUPPORTED_AKM", "The device and the access point agreed on a way of authentication that has no passphrase "
	  "of its own for each device.",
	  "Set the network to WPA2-PSK, or to another one of those that docs/explanation/decision.md lists." },
	{ "MLD_UNKNOWN", "It came by Wi-Fi 7 multi-link, and no key fits: the passphrase is wrong, or the access "
	  "point's address is one that it does not tell.",
	  "Try without multi-link (802.11be MLO) on this network, and then the passphrase." },
	{ "RATE_LIMITED", "Too many wrong passphrases came, from this device or through this access point, and some "
	  "are not looked at for a while.",
	  "Wait as long as it says; see which devices try with `mpskctl watch --nas {nas} --past 100`." },
	{ "STORE_DOWN", "Redis did not answer, and a device that is new cannot be counted without it.",
	  "See to Redis: `mpskctl ping`, and then `mpskctl doctor`." },
	{ "NOT_READY", "The server was reading its keys, or had not derived all of them yet.",
	  "It is let on by itself at a later attempt; `mpskctl key derive` spares the servers the work." },
	/* Of the store alone. */
	{ "GONE", "There is no such key any more.", "`mpskctl log --key {key}` tells who deleted it." },
	{ "MALFORMED", "The key has a field that breaks its rule, so no server lets it on.",
	  "Correct the field: `mpskctl key edit {key}`, or --unset it." },
	{ NULL, NULL, NULL }
};

static ctl_why_reason_t const unknown = {
	"UNKNOWN", "This mpskctl does not know of this reason: the server is of another version.", NULL
};

ctl_why_reason_t const *ctl_why_reason(char const *name, size_t len)
{
	for (ctl_why_reason_t const *reason = ctl_why_reasons; reason->name; reason++)
		if (strlen(reason->name) == len && memcmp(reason->name, name, len) == 0) return reason;
	return &unknown;
}

/* What a shell takes as it is, for people copy the cures: an SSID is of anybody's choice. */
static bool is_plain(char const *value)
{
	static char const plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-";

	return value && *value && *value != '-' && !value[strspn(value, plain)];
}

/* The value that stands for a name in braces, or the word for what a person has to put there. */
static char const *value_of(char const *name, size_t len, ctl_why_case_t const *of)
{
	struct {
		char const *name, *value, *none;
	} const values[] = {
		{ "key", of->key, "ID" }, { "mac", of->mac, "MAC" }, { "nas", of->nas, "NAS" },
		{ "ssid", of->ssid, "SSID" }, { "site", of->site, "SITE" },
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (strlen(values[i].name) != len || memcmp(values[i].name, name, len) != 0) continue;
		return is_plain(values[i].value) ? values[i].value : values[i].none;
	}
	return "?";
}

char *ctl_why_text(TALLOC_CTX *ctx, char const *text, ctl_why_case_t const *of)
{
	char *out = ctl_need(talloc_strdup(ctx, ""));

	while (*text) {
		size_t plain = strcspn(text, "{"), name = strcspn(text + plain, "}");

		out = ctl_need(talloc_strndup_append_buffer(out, text, plain));
		text += plain;
		if (!*text) break;
		out = ctl_need(talloc_strdup_append_buffer(out, value_of(text + 1, name - 1, of)));
		text += name + (text[name] ? 1 : 0);
	}
	return out;
}
