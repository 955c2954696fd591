/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/standing.h"

#include <string.h>

#include "key/vlans.h"

static bool is_disabled(mpsk_session_t const *session, mpsk_key_t const *key, mpsk_standing_facts_t const *facts)
{
	(void) session;
	(void) facts;
	return !key->enabled;
}

static bool is_early(mpsk_session_t const *session, mpsk_key_t const *key, mpsk_standing_facts_t const *facts)
{
	(void) session;
	return facts->now < key->nbf;
}

static bool is_expired(mpsk_session_t const *session, mpsk_key_t const *key, mpsk_standing_facts_t const *facts)
{
	(void) session;
	return key->exp && facts->now >= key->exp;
}

static bool is_outside_hours(mpsk_session_t const *session, mpsk_key_t const *key, mpsk_standing_facts_t const *facts)
{
	int64_t until;

	(void) session;
	return key->hours.n && !mpsk_hours_within(&key->hours, facts->now, &until);
}

/* Sealing gives the psk field another fingerprint, and the passphrase is the same: mpsk_key_is_print() knows. */
static bool is_of_another_psk(mpsk_session_t const *session, mpsk_key_t const *key, mpsk_standing_facts_t const *facts)
{
	bool in_grace = key->old_psk.len && (!key->old_exp || facts->now < key->old_exp);

	if (!session->print[0] || mpsk_key_is_print(key, session->print, key->fingerprint)) return false;
	return !in_grace || !mpsk_key_is_print(key, session->print, key->old_fingerprint);
}

static bool is_on_another_ssid(mpsk_session_t const *session, mpsk_key_t const *key, mpsk_standing_facts_t const *facts)
{
	(void) facts;
	return session->ssid.len && !mpsk_key_has_ssid(key, &session->ssid);
}

static bool is_elsewhere(mpsk_session_t const *session, mpsk_key_t const *key, mpsk_standing_facts_t const *facts)
{
	(void) facts;
	return session->site[0] && !mpsk_key_has_site(key, session->site);
}

static bool is_other_device(mpsk_session_t const *session, mpsk_key_t const *key, mpsk_standing_facts_t const *facts)
{
	bool listed = key->usage == MPSK_USAGE_MACS || (key->usage == MPSK_USAGE_SINGLE && key->n_macs > 0);

	(void) facts;
	return listed && !mpsk_key_has_mac(key, &session->mac);
}

static bool is_forgotten(mpsk_session_t const *session, mpsk_key_t const *key, mpsk_standing_facts_t const *facts)
{
	(void) key;
	return !facts->known && session->print[0];
}

static bool is_in_another_vlan(mpsk_session_t const *session, mpsk_key_t const *key, mpsk_standing_facts_t const *facts)
{
	if (!key->vlan_name) return session->vlan != key->vlan;
	return facts->vlans && session->vlan != mpsk_vlans_find(facts->vlans, key->vlan_name);
}

static bool is_in_another_role(mpsk_session_t const *session, mpsk_key_t const *key, mpsk_standing_facts_t const *facts)
{
	(void) facts;
	return strcmp(session->role, key->role ? key->role : "") != 0;
}

static struct {
	char const	*name;
	char const	*text;
	/* Whether it stands against the session; NULL: not for a rule to say. */
	bool		(*is)(mpsk_session_t const *session, mpsk_key_t const *key, mpsk_standing_facts_t const *facts);
} const rows[] = {
	[MPSK_STANDING_STAYS] = { "STAYS", "it may stay", NULL },
	[MPSK_STANDING_GONE] = { "GONE", "there is no such key any more", NULL },
	[MPSK_STANDING_DISABLED] = { "DISABLED", "the key is disabled", is_disabled },
	[MPSK_STANDING_NOT_YET] = { "NOT_YET", "the key is not valid yet", is_early },
	[MPSK_STANDING_EXPIRED] = { "EXPIRED", "the key has expired", is_expired },
	[MPSK_STANDING_OUTSIDE_HOURS] = { "OUTSIDE_HOURS", "the key's hours are over", is_outside_hours },
	[MPSK_STANDING_PASSPHRASE] = { "PASSPHRASE", "the passphrase is another one", is_of_another_psk },
	[MPSK_STANDING_WRONG_SSID] = { "WRONG_SSID", "the key is for another SSID", is_on_another_ssid },
	[MPSK_STANDING_WRONG_SITE] = { "WRONG_SITE", "the key is for other sites", is_elsewhere },
	[MPSK_STANDING_WRONG_MAC] = { "WRONG_MAC", "the key is for other devices", is_other_device },
	[MPSK_STANDING_FORGOTTEN] = { "FORGOTTEN", "the device is none of the key's", is_forgotten },
	[MPSK_STANDING_VLAN] = { "VLAN", "the key's VLAN is another one", is_in_another_vlan },
	[MPSK_STANDING_ROLE] = { "ROLE", "the key's role is another one", is_in_another_role },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

mpsk_standing_t mpsk_standing_of(mpsk_session_t const *session, mpsk_key_t const *key,
				 mpsk_standing_facts_t const *facts)
{
	if (!key) return MPSK_STANDING_GONE;
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].is && rows[i].is(session, key, facts)) return (mpsk_standing_t) i;
	}
	return MPSK_STANDING_STAYS;
}

char const *mpsk_standing_name(mpsk_standing_t standing)
{
	return rows[standing].name;
}

char const *mpsk_standing_text(mpsk_standing_t standing)
{
	return rows[standing].text;
}
