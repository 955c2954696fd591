/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "policy/internal.h"

static void text_copy(char *to, size_t size, char const *from)
{
	size_t len = from ? strnlen(from, size - 1) : 0;

	if (len > 0) memcpy(to, from, len);
	to[len] = '\0';
}

void mpsk_outcome_wipe(mpsk_outcome_t *outcome)
{
	mpsk_secret_wipe(outcome, offsetof(mpsk_outcome_t, others) + outcome->n_others * sizeof(outcome->others[0]));
}

void mpsk_outcome_refuse(mpsk_decision_t *decision, mpsk_reason_t reason, mpsk_key_t const *key)
{
	mpsk_outcome_t *outcome = decision->outcome;
	int64_t used = outcome->used, max = outcome->max;

	mpsk_outcome_wipe(outcome);
	outcome->reason = reason;
	outcome->used = used;
	outcome->max = max;
	if (key) {
		text_copy(outcome->id, sizeof(outcome->id), key->id);
		text_copy(outcome->name, sizeof(outcome->name), key->name);
	}
	text_copy(outcome->holder, sizeof(outcome->holder), reason == MPSK_REASON_NO_MATCH ? decision->holder : "");
	text_copy(outcome->detail, sizeof(outcome->detail), decision->detail.text);
}

/* The least of what limits a session; 0 is no limit. */
static int64_t sooner(int64_t a, int64_t b)
{
	if (a == 0 || b == 0) return a + b;
	return a < b ? a : b;
}

static int64_t until(int64_t end, int64_t now)
{
	return end == 0 ? 0 : end - now;
}

/* The claim may have set exp just now: the first use of a key does. */
static int64_t session_timeout(mpsk_decision_t const *decision, mpsk_candidate_t const *candidate,
			       mpsk_claim_result_t const *result)
{
	int64_t now = decision->query->now, timeout = decision->policy->config.session_timeout, end = 0;
	mpsk_key_t const *key = candidate->key;

	timeout = sooner(timeout, until(result->exp ? result->exp : key->exp, now));
	if (candidate->old) timeout = sooner(timeout, until(key->old_exp, now));
	if (mpsk_hours_within(&key->hours, now, &end)) timeout = sooner(timeout, until(end, now));
	return timeout;
}

void mpsk_outcome_accept(mpsk_decision_t *decision, mpsk_candidate_t const *candidate,
			 mpsk_claim_result_t const *result)
{
	mpsk_outcome_t *outcome = decision->outcome;
	mpsk_key_t const *key = candidate->key;

	mpsk_outcome_wipe(outcome);
	outcome->reason = decision->query->unbound ? MPSK_REASON_MATCHED : MPSK_REASON_BOUND;
	text_copy(outcome->id, sizeof(outcome->id), key->id);
	text_copy(outcome->name, sizeof(outcome->name), key->name);
	text_copy(outcome->role, sizeof(outcome->role), key->role);
	outcome->vlan = key->vlan_name ? mpsk_index_vlan(decision->reader, decision->site, key->vlan_name) : key->vlan;
	outcome->session_timeout = session_timeout(decision, candidate, result);
	outcome->psk = candidate->old ? key->old_psk : key->psk;
	outcome->has_pmk = candidate->pmk != NULL;
	if (candidate->pmk) {
		outcome->pmk = *candidate->pmk;
	} else if (decision->query->wants_pmk) {
		outcome->has_pmk = mpsk_index_pmk(decision->reader, &decision->query->ssid, key, &outcome->pmk);
	}
	outcome->is_new = result->is_new;
	outcome->evicted = result->evicted;
	if (result->evicted) text_copy(outcome->detail, sizeof(outcome->detail), decision->detail.text);
	outcome->used = result->used;
	outcome->max = result->max;
}
