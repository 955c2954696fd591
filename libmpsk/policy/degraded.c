/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/internal.h"
#include "store/journal.h"

/* Nothing was told to the store, so of used and max only what this server knows. */
static mpsk_reason_t grant(mpsk_decision_t *decision, mpsk_candidate_t const *candidate, size_t used, int64_t max)
{
	mpsk_claim_result_t const result = { .code = MPSK_CLAIM_OK, .used = (int64_t) used, .max = max };

	mpsk_claim_bind(decision, candidate, 0);
	mpsk_outcome_accept(decision, candidate, &result);
	return decision->outcome->reason;
}

static mpsk_reason_t refuse(mpsk_decision_t *decision, mpsk_candidate_t const *candidate, mpsk_reason_t reason)
{
	mpsk_outcome_refuse(decision, reason, candidate->key);
	return reason;
}

/* Whether the device is the key's, as far as is known here: what the store granted last it may not have told yet. */
static bool is_known(mpsk_decision_t *decision, mpsk_claim_t const *claim)
{
	mpsk_journal_t *journal = decision->policy->journal;

	return mpsk_index_knows(decision->reader, claim->id, &claim->mac) ||
	       (journal && mpsk_journal_find(journal, claim->id, &claim->mac, claim->now) == MPSK_JOURNAL_GRANTED);
}

/* A device that is new to the key: one may come in on trust, and is claimed when the store is back. */
static mpsk_reason_t defer(mpsk_decision_t *decision, mpsk_candidate_t const *candidate, mpsk_claim_t const *claim,
			   mpsk_error_t const *why)
{
	mpsk_policy_config_t const *config = &decision->policy->config;
	mpsk_journal_t *journal = decision->policy->journal;
	int64_t max = candidate->key->max == MPSK_LIMIT_DEFAULT ? claim->default_max : candidate->key->max;
	size_t used = mpsk_index_devices(decision->reader, claim->id);
	bool again = mpsk_journal_find(journal, claim->id, &claim->mac, claim->now) == MPSK_JOURNAL_DEFERRED;

	if (candidate->key->usage == MPSK_USAGE_SINGLE) max = 1;
	if (!again) used += mpsk_journal_deferred(journal, claim->id);
	if (max != 0 && !again && used >= (size_t) max) {
		(void) mpsk_error_set(&decision->detail, MPSK_OK, "%zu of %lld devices, as far as is known here: %s",
				      used, (long long) max, why->text);
		return refuse(decision, candidate, MPSK_REASON_CAP_REACHED);
	}
	if (mpsk_journal_defer(journal, claim, config->degraded_new) != MPSK_OK) {
		(void) mpsk_error_set(&decision->detail, MPSK_AGAIN,
				      "new, and the key has as many provisional devices as it may: %s", why->text);
		return refuse(decision, candidate, MPSK_REASON_STORE_DOWN);
	}
	(void) grant(decision, candidate, used, max);
	decision->outcome->reason = MPSK_REASON_PROVISIONAL;
	return MPSK_REASON_PROVISIONAL;
}

mpsk_reason_t mpsk_claim_degraded(mpsk_decision_t *decision, mpsk_candidate_t const *candidate,
				  mpsk_claim_t const *claim, mpsk_error_t const *why)
{
	mpsk_policy_t const *policy = decision->policy;

	if (is_known(decision, claim)) return grant(decision, candidate, 0, 0);
	decision->detail = *why;
	/* To touch is to say that the device is the key's already: nothing here says so. */
	if (claim->op != MPSK_CLAIM_CLAIM || !policy->journal || decision->query->age > policy->config.stale_max) {
		return refuse(decision, candidate, MPSK_REASON_STORE_DOWN);
	}
	return defer(decision, candidate, claim, why);
}
