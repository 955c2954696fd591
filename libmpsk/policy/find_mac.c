/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "policy/internal.h"

#define LISTED_MAX	8

/* Claim a key by the MAC alone. False where it is not the device's after all, and the next way is to be tried. */
static bool key_claim(mpsk_decision_t *decision, mpsk_key_t const *key, mpsk_claim_op_t op, mpsk_refusal_t *first)
{
	mpsk_candidate_t const candidate = { .key = key, .op = op };
	mpsk_reason_t reason;

	/* To touch it again is of no use; to claim it, where its MAC is listed, is. */
	if (op == MPSK_CLAIM_TOUCH && strcmp(decision->disowned, key->id) == 0) return false;
	if (!mpsk_refusal_pass(decision, &candidate, first)) return false;
	reason = mpsk_claim_candidate(decision, &candidate);
	if (reason != MPSK_REASON_UNKNOWN_MAC && reason != mpsk_check_nobody(decision)) return true;
	strncpy(decision->disowned, key->id, sizeof(decision->disowned) - 1);
	if (strcmp(decision->binding.id, key->id) == 0) {
		mpsk_bindings_drop(decision->policy->bindings, &decision->query->mac, &decision->query->ssid);
		decision->binding = (mpsk_binding_t) { .id = "" };
	}
	return false;
}

/* Claim the key of an id, where it is for this SSID. */
static bool id_claim(mpsk_decision_t *decision, char const *id, mpsk_refusal_t *first)
{
	mpsk_key_t key;
	bool claimed;

	if (!mpsk_index_key(decision->reader, id, &key)) return false;
	claimed = mpsk_key_has_ssid(&key, &decision->query->ssid) &&
		  key_claim(decision, &key, MPSK_CLAIM_TOUCH, first);
	mpsk_secret_wipe(&key, sizeof(key));
	return claimed;
}

static bool by_binding(mpsk_decision_t *decision, mpsk_refusal_t *first)
{
	char id[MPSK_ID_MAX + 1];

	/* A copy: a claim that fails takes the binding away. */
	memcpy(id, decision->binding.id, sizeof(id));
	return id[0] && id_claim(decision, id, first);
}

static bool by_hint(mpsk_decision_t *decision, mpsk_refusal_t *first)
{
	mpsk_policy_store_t const *store = &decision->policy->store;
	mpsk_query_t const *query = decision->query;
	char id[MPSK_ID_MAX + 1] = "";
	mpsk_error_t err = { .text = "" };

	/* A key that is the device's and may not be used is the answer; a hint could only name it again. */
	if (first->id) return false;
	switch (store->hint_get(store->uctx, &query->mac, &query->ssid, id, &err)) {
	case MPSK_OK:
		return id_claim(decision, id, first);
	case MPSK_AGAIN:
	case MPSK_ERR:
		decision->detail = err;
		mpsk_outcome_refuse(decision, MPSK_REASON_STORE_DOWN, NULL);
		return true;
	default:
		return false;
	}
}

/*
 * Its devices may come back; a MAC that it lists may come for the first
 * time. Of several keys the hint knows the last: when each saw the device
 * is noted once a minute at most.
 */
static bool by_registration(mpsk_decision_t *decision, mpsk_refusal_t *first)
{
	mpsk_query_t const *query = decision->query;
	mpsk_key_t keys[LISTED_MAX];
	bool claimed = false;
	size_t n = mpsk_index_by_mac(decision->reader, &query->ssid, &query->mac, keys, LISTED_MAX);

	if (n > 1) claimed = by_hint(decision, first);
	for (size_t i = 0; !claimed && i < n; i++) {
		bool listed = mpsk_key_has_whole_mac(&keys[i], &query->mac);

		claimed = key_claim(decision, &keys[i], listed ? MPSK_CLAIM_CLAIM : MPSK_CLAIM_TOUCH, first);
	}
	mpsk_secret_wipe(keys, n * sizeof(keys[0]));
	return claimed;
}

void mpsk_find_by_mac(mpsk_decision_t *decision)
{
	static bool (*const ways[])(mpsk_decision_t *decision, mpsk_refusal_t *first) = {
		by_binding, by_registration, by_hint
	};
	mpsk_refusal_t first = { .id = NULL };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (ways[i](decision, &first)) return;
	}
	if (!first.id && mpsk_candidates_offer(decision, &first)) return;
	mpsk_refusal_tell(decision, &first);
}
