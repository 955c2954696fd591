/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an access point is offered for a MAC that nobody knows: a key that
 * is for all such devices, or several that it may try. Nobody can say yet
 * which of them is the device's, so nothing is claimed.
 */
#include <stdio.h>

#include "base/secret.h"
#include "policy/internal.h"

static bool is_full(mpsk_decision_t const *decision, mpsk_key_t const *key, size_t devices)
{
	int64_t max = key->usage == MPSK_USAGE_SINGLE ? 1 : key->max;

	if (max == MPSK_LIMIT_DEFAULT) max = decision->policy->config.default_max;
	return max > 0 && devices >= (size_t) max;
}

/* One reply has one VLAN and one role, whichever key the device turns out to hold: those that have any stay out. */
static bool fits(void *uctx, mpsk_key_t const *key, size_t devices)
{
	mpsk_decision_t *decision = uctx;
	mpsk_candidate_t const candidate = { .key = key, .op = MPSK_CLAIM_CLAIM };

	if (key->vlan || key->vlan_name || key->role || is_full(decision, key, devices)) return false;
	return mpsk_reason(mpsk_check_candidate(decision, &candidate))->accept;
}

static int64_t sooner(int64_t timeout, mpsk_key_t const *key, int64_t now)
{
	int64_t left = key->exp - now;

	return key->exp && (!timeout || left < timeout) ? left : timeout;
}

/* Which of the keys is the likeliest that SAE can use too, for it takes the last passphrase and knows no PMK. */
static size_t likeliest(mpsk_key_t const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!wpa_psk_is_pmk(&keys[i].psk)) return i;
	}
	return 0;
}

/* Take up to max keys of the SSID. SAE takes one alone, so there it is all or none: any of several would be a guess. */
static size_t offers_take(mpsk_decision_t *decision, mpsk_key_t keys[static MPSK_OFFERS_MAX], size_t max)
{
	bool by_sae = decision->query->by_sae;
	size_t n = mpsk_index_offers(decision->reader, &decision->query->ssid, fits, decision, keys, by_sae ? 2 : max);

	decision->detail.text[0] = '\0';
	if (!by_sae || n < 2) return n;
	mpsk_secret_wipe(keys, n * sizeof(keys[0]));
	(void) mpsk_error_set(&decision->detail, MPSK_OK, "it may be one of several keys, and SAE tries one alone");
	return 0;
}

static bool offer_several(mpsk_decision_t *decision, size_t max)
{
	mpsk_outcome_t *outcome = decision->outcome;
	mpsk_key_t keys[MPSK_OFFERS_MAX];
	size_t n = offers_take(decision, keys, max), best = likeliest(keys, n);

	if (n == 0) return false;
	mpsk_outcome_wipe(outcome);
	outcome->reason = MPSK_REASON_CANDIDATES;
	outcome->psk = keys[best].psk;
	outcome->session_timeout = decision->policy->config.session_timeout;
	for (size_t i = 0; i < n; i++) {
		if (i != best) outcome->others[outcome->n_others++] = keys[i].psk;
		outcome->session_timeout = sooner(outcome->session_timeout, &keys[i], decision->query->now);
	}
	(void) snprintf(outcome->detail, sizeof(outcome->detail), "%zu keys", n);
	/* Where it is the only one, a session shows that the device holds it; then accounting is to name it. */
	if (n == 1) (void) snprintf(outcome->name, sizeof(outcome->name), "%s", keys[0].name);
	mpsk_secret_wipe(keys, n * sizeof(keys[0]));
	return true;
}

static bool offer_one(mpsk_decision_t *decision, mpsk_refusal_t *first)
{
	static mpsk_claim_result_t const unclaimed = { .code = MPSK_CLAIM_OK };
	mpsk_key_t key;
	mpsk_candidate_t const candidate = { .key = &key, .op = MPSK_CLAIM_CLAIM };
	bool offered;

	if (!mpsk_index_key(decision->reader, decision->policy->config.unknown_key, &key)) return false;
	offered = mpsk_key_has_ssid(&key, &decision->query->ssid) && mpsk_refusal_pass(decision, &candidate, first);
	if (offered) {
		mpsk_outcome_accept(decision, &candidate, &unclaimed);
		decision->outcome->reason = MPSK_REASON_CANDIDATES;
	}
	mpsk_secret_wipe(&key, sizeof(key));
	return offered;
}

bool mpsk_candidates_offer(mpsk_decision_t *decision, mpsk_refusal_t *first)
{
	mpsk_policy_config_t const *config = &decision->policy->config;

	switch (config->unknown) {
	case MPSK_UNKNOWN_KEY:
		return offer_one(decision, first);
	case MPSK_UNKNOWN_CANDIDATES:
		return decision->query->tries_several && offer_several(decision, config->max_candidates);
	case MPSK_UNKNOWN_REJECT:
		break;
	}
	return false;
}
