/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/internal.h"

bool mpsk_refusal_pass(mpsk_decision_t *decision, mpsk_candidate_t const *candidate, mpsk_refusal_t *first)
{
	mpsk_reason_t reason = mpsk_check_candidate(decision, candidate);

	if (mpsk_reason(reason)->accept) return true;
	if (!first->id && reason != MPSK_REASON_NO_MATCH) {
		*first = (mpsk_refusal_t) { .reason = reason, .id = candidate->key->id, .name = candidate->key->name,
					   .detail = decision->detail };
	}
	return false;
}

void mpsk_refusal_tell(mpsk_decision_t *decision, mpsk_refusal_t const *first)
{
	mpsk_key_t const key = { .id = first->id, .name = first->name };

	if (!first->id) {
		mpsk_outcome_refuse(decision, mpsk_check_nobody(decision), NULL);
		return;
	}
	decision->detail = first->detail;
	mpsk_outcome_refuse(decision, first->reason, &key);
}
