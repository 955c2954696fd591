/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/policy.h"

#include <string.h>

#include "base/secret.h"
#include "policy/internal.h"

/* Where the access point stands, and what this server saw of the device. */
static void surroundings_set(mpsk_decision_t *decision)
{
	mpsk_query_t const *query = decision->query;

	decision->nas = mpsk_index_nas(decision->reader, query->nas);
	decision->site = query->site ? query->site : decision->nas ? decision->nas->site : "";
	if (!mpsk_bindings_get(decision->policy->bindings, &query->mac, &query->ssid, &decision->binding)) {
		decision->binding = (mpsk_binding_t) { .id = "" };
	}
}

/* All but the message 2 at its end, which is larger than all the rest, and no secret: it was on the air. */
#define DECISION_HEAD	offsetof(mpsk_decision_t, hs.frame)

void mpsk_policy_decide(mpsk_policy_t const *policy, mpsk_query_t const *query, mpsk_outcome_t *outcome)
{
	mpsk_decision_t decision;

	memset(&decision, 0, DECISION_HEAD);
	decision.policy = policy;
	decision.query = query;
	decision.outcome = outcome;
	memset(outcome, 0, offsetof(mpsk_outcome_t, others));
	if (!mpsk_index_ready(policy->index)) {
		(void) mpsk_error_set(&decision.detail, MPSK_AGAIN, "no load of the keys has ended yet");
		mpsk_outcome_refuse(&decision, MPSK_REASON_NOT_READY, NULL);
		return;
	}
	decision.reader = mpsk_index_enter(policy->index);
	surroundings_set(&decision);
	if (query->unbound) {
		mpsk_find_by_handshake(&decision);
	} else {
		mpsk_find_by_mac(&decision);
	}
	outcome->scan_ns = mpsk_index_spent_ns(decision.reader);
	mpsk_index_leave(decision.reader);
	mpsk_secret_wipe(&decision, DECISION_HEAD);
}
