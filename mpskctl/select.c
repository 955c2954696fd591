/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "select.h"

#include <string.h>

#include "fields.h"
#include "record.h"
#include "when.h"

enum {
	OPT_SSID = 0x500,
	OPT_SITE,
	OPT_ROLE,
	OPT_ORG,
	OPT_NAME,
	OPT_TAG,
	OPT_STATE,
	OPT_EXPIRING,
	OPT_ROTATING,
	OPT_OLD_PSK_IN_USE
};

static struct argp_option const options[] = {
	{ .name = "ssid", .key = OPT_SSID, .arg = "SSID",
	  .doc = "Keys that are good on this SSID; '*': those for every SSID" },
	{ .name = "site", .key = OPT_SITE, .arg = "SITE",
	  .doc = "Keys that are good at this site; '*': those for every site" },
	{ .name = "role", .key = OPT_ROLE, .arg = "ROLE", .doc = "Keys of this role" },
	{ .name = "org", .key = OPT_ORG, .arg = "ORG", .doc = "Keys of this organisation" },
	{ .name = "name", .key = OPT_NAME, .arg = "TEXT", .doc = "Keys whose name holds TEXT, in upper or lower case" },
	{ .name = "tag", .key = OPT_TAG, .arg = "TAG", .doc = "Keys that have this tag" },
	{ .name = "state", .key = OPT_STATE, .arg = "STATE",
	  .doc = "Keys of this state: enabled, disabled, expired or 'not yet'" },
	{ .name = "expiring-within", .key = OPT_EXPIRING, .arg = "DURATION",
	  .doc = "Keys that are valid and expire within 14d, 12h, ..." },
	{ .name = "rotating", .key = OPT_ROTATING, .doc = "Keys whose old passphrase is still taken" },
	{ .name = "old-psk-in-use", .key = OPT_OLD_PSK_IN_USE,
	  .doc = "Those of them with which a device came by the old passphrase since it is the old one" },
	{ 0 }
};

void ctl_select_within(ctl_select_t *select, char const *option, char const *text, struct argp_state *state)
{
	mpsk_error_t err = { "" };
	int64_t seconds;

	if (ctl_when_duration(&seconds, text, &err) != MPSK_OK)
		ctl_stop(state, CTL_INVALID, "--%s: %s", option, err.text);
	if (!seconds) ctl_stop(state, CTL_INVALID, "--%s: expected a duration: 14d, 12h, ...", option);
	select->any = true;
	select->expiring = select->ctl->now + seconds;
}

static void ssid_take(ctl_select_t *select, char const *text, struct argp_state *state)
{
	mpsk_error_t err = { "" };

	select->ssid_text = text;
	if (ctl_fields_ssid(&select->ssid, text, &err) != MPSK_OK) ctl_stop(state, CTL_INVALID, "--ssid: %s", err.text);
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	ctl_select_t *select = state->input;

	switch (key) {
	case OPT_SSID:
		ssid_take(select, arg, state);
		break;

	case OPT_SITE:
		select->site = arg;
		break;

	case OPT_ROLE:
		select->role = arg;
		break;

	case OPT_ORG:
		select->org = arg;
		break;

	case OPT_NAME:
		select->name = arg;
		break;

	case OPT_TAG:
		select->tag = arg;
		break;

	case OPT_STATE:
		if (!ctl_record_is_state(arg)) ctl_stop(state, CTL_INVALID, "--state: '%s' is no state of a key", arg);
		select->state = arg;
		break;

	case OPT_EXPIRING:
		ctl_select_within(select, "expiring-within", arg, state);
		break;

	case OPT_ROTATING:
		select->rotating = true;
		break;

	case OPT_OLD_PSK_IN_USE:
		select->rotating = select->old_used = true;
		break;

	default:
		return ARGP_ERR_UNKNOWN;
	}
	select->any = true;
	return 0;
}

struct argp const ctl_select_argp = { .options = options, .parser = parse_opt };

bool ctl_select_has_tag(mpsk_key_t const *key, char const *tag)
{
	char const *own = key->tags;

	for (size_t i = 0; i < key->n_tags; i++, own = mpsk_key_site_next(own)) if (strcmp(own, tag) == 0) return true;
	return false;
}

static bool is_expiring(mpsk_key_t const *key, int64_t now, int64_t before)
{
	return key->enabled && key->exp > now && key->exp <= before;
}

bool ctl_select_key(ctl_select_t const *select, mpsk_key_t const *key)
{
	bool every_ssid = select->ssid_text && strcmp(select->ssid_text, "*") == 0;
	bool every_site = select->site && strcmp(select->site, "*") == 0;

	if (every_ssid && !key->any_ssid) return false;
	if (select->ssid_text && !every_ssid && !mpsk_key_has_ssid(key, &select->ssid)) return false;
	if (every_site && key->sites) return false;
	if (select->site && !every_site && !mpsk_key_has_site(key, select->site)) return false;
	if (select->role && strcmp(select->role, key->role ? key->role : "") != 0) return false;
	if (select->org && strcmp(select->org, key->org) != 0) return false;
	if (select->tag && !ctl_select_has_tag(key, select->tag)) return false;
	if (select->state && strcmp(select->state, ctl_record_state(key, select->ctl->now)) != 0) return false;
	if (select->expiring && !is_expiring(key, select->ctl->now, select->expiring)) return false;
	if (select->rotating && !ctl_record_rotating(key, select->ctl->now)) return false;
	if (select->old_used && !key->old_used) return false;
	return !select->name || strcasestr(key->name, select->name);
}
