/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "policy/internal.h"

mpsk_reason_t mpsk_check_nobody(mpsk_decision_t const *decision)
{
	if (!decision->query->unbound) {
		return decision->query->by_sae ? MPSK_REASON_SAE_UNKNOWN : MPSK_REASON_UNKNOWN_MAC;
	}
	return decision->hs.is_mlo ? MPSK_REASON_MLD_UNKNOWN : MPSK_REASON_NO_MATCH;
}

static bool in_grace(mpsk_key_t const *key, int64_t now)
{
	return key->old_exp == 0 || now < key->old_exp;
}

/* Each rule returns whether the candidate breaks it, and may say more. */

static bool is_foreign(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	char const *org = candidate->key->org, *own = decision->nas ? decision->nas->org : "";

	if (!org[0] || !own[0] || strcmp(org, own) == 0) return false;
	(void) mpsk_error_set(&decision->detail, MPSK_OK, "the key is of %s and NAS %s of %s", org,
			      decision->query->nas, own);
	return true;
}

static bool is_disabled(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	(void) decision;
	return !candidate->key->enabled;
}

static bool is_early(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	return decision->query->now < candidate->key->nbf;
}

static bool is_expired(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	return candidate->key->exp != 0 && decision->query->now >= candidate->key->exp;
}

static bool is_outside_hours(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	mpsk_hours_t const *hours = &candidate->key->hours;
	char clock[MPSK_HOURS_CLOCK_MAX];
	int64_t until;

	if (hours->n == 0 || mpsk_hours_within(hours, decision->query->now, &until)) return false;
	(void) mpsk_error_set(&decision->detail, MPSK_OK, "it is %s in %s",
			      mpsk_hours_clock(clock, hours, decision->query->now), mpsk_zone_name(hours->zone));
	return true;
}

static bool is_elsewhere(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	char const *nas = decision->query->nas;

	if (mpsk_key_has_site(candidate->key, decision->site)) return false;
	if (decision->query->site) {
		(void) mpsk_error_set(&decision->detail, MPSK_OK, "the request is from site '%s'", decision->site);
	} else if (!nas[0]) {
		(void) mpsk_error_set(&decision->detail, MPSK_OK, "the request names no NAS, so its site is not known");
	} else if (!decision->nas) {
		(void) mpsk_error_set(&decision->detail, MPSK_OK,
				      "the site of NAS %s is not known: mpsk:cfg:nas:%s is not set", nas, nas);
	} else if (!decision->site[0]) {
		(void) mpsk_error_set(&decision->detail, MPSK_OK,
				      "the site of NAS %s is not known: mpsk:cfg:nas:%s has no site", nas, nas);
	} else {
		(void) mpsk_error_set(&decision->detail, MPSK_OK, "NAS %s is at site '%s'", nas, decision->site);
	}
	return true;
}

static bool is_other_device(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	mpsk_key_t const *key = candidate->key;
	bool listed = key->usage == MPSK_USAGE_MACS || (key->usage == MPSK_USAGE_SINGLE && key->n_macs > 0);
	char text[MPSK_MAC_TEXT_MAX];

	if (!listed || mpsk_key_has_mac(key, &decision->query->mac)) return false;
	(void) mpsk_error_set(&decision->detail, MPSK_OK, "%s is not in macs",
			      mpsk_mac_print(text, &decision->query->mac));
	return true;
}

static bool is_past_grace(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	if (!candidate->old || in_grace(candidate->key, decision->query->now)) return false;
	(void) mpsk_error_set(&decision->detail, MPSK_OK, "the old passphrase, whose grace has ended");
	return true;
}

/* Without its VLAN a device would come into the access point's own. */
static bool is_without_vlan(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	char const *name = candidate->key->vlan_name;

	if (!name || mpsk_index_vlan(decision->reader, decision->site, name)) return false;
	if (decision->site[0]) {
		(void) mpsk_error_set(&decision->detail, MPSK_OK, "mpsk:cfg:site:%s gives VLAN '%s' no number",
				      decision->site, name);
	} else {
		(void) mpsk_error_set(&decision->detail, MPSK_OK, "VLAN '%s' has its number at a site, and that of "
				      "NAS %s is not known", name, decision->query->nas);
	}
	return true;
}

static bool is_without_passphrase(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	mpsk_query_t const *query = decision->query;

	return !query->unbound && query->by_sae && wpa_psk_is_pmk(&candidate->key->psk);
}

/* In the order in which they count. A key of another organisation is no hit at all, so it comes first. */
static struct {
	bool		(*breaks)(mpsk_decision_t *decision, mpsk_candidate_t const *candidate);
	mpsk_reason_t	reason;
} const rules[] = {
	{ is_foreign, MPSK_REASON_NO_MATCH },
	{ is_disabled, MPSK_REASON_DISABLED },
	{ is_early, MPSK_REASON_NOT_YET },
	{ is_expired, MPSK_REASON_EXPIRED },
	{ is_outside_hours, MPSK_REASON_OUTSIDE_HOURS },
	{ is_elsewhere, MPSK_REASON_WRONG_SITE },
	{ is_other_device, MPSK_REASON_WRONG_MAC },
	{ is_past_grace, MPSK_REASON_EXPIRED },
	{ is_without_vlan, MPSK_REASON_NO_VLAN },
	{ is_without_passphrase, MPSK_REASON_NO_PASSPHRASE },
};

mpsk_reason_t mpsk_check_candidate(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	decision->detail.text[0] = '\0';
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rules[i].breaks(decision, candidate)) return rules[i].reason;
	}
	return MPSK_REASON_MATCHED;
}
