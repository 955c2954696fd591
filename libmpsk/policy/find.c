/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "policy/internal.h"

#define HITS_MAX	8
#define LISTED_MAX	8

/* What has been found wrong with keys so far: the first of them is told. */
typedef struct {
	mpsk_reason_t		reason;
	mpsk_key_t const	*key;	/* NULL: none yet */
	mpsk_error_t		detail;
} refusal_t;

/* Whether a candidate passes; else keep its reason, if it is the first. A key of another organisation is none. */
static bool candidate_pass(mpsk_decision_t *decision, mpsk_candidate_t const *candidate, refusal_t *first)
{
	mpsk_reason_t reason = mpsk_check_candidate(decision, candidate);

	if (mpsk_reason(reason)->accept) return true;
	if (!first->key && reason != MPSK_REASON_NO_MATCH) {
		*first = (refusal_t) { .reason = reason, .key = candidate->key, .detail = decision->detail };
	}
	return false;
}

static void refuse(mpsk_decision_t *decision, refusal_t const *first)
{
	if (!first->key) {
		mpsk_outcome_refuse(decision, mpsk_check_nobody(decision), NULL);
		return;
	}
	decision->detail = first->detail;
	mpsk_outcome_refuse(decision, first->reason, first->key);
}

/* Read what was relayed. The reason where it cannot be used, else MATCHED. */
static mpsk_reason_t handshake_take(mpsk_decision_t *decision)
{
	mpsk_query_t const *query = decision->query;
	wpa_relayed_t const relayed = {
		.aa = query->bssid, .spa = query->mac, .ssid = query->ssid,
		.anonce = query->anonce, .anonce_len = query->anonce_len,
		.frame = query->frame, .frame_len = query->frame_len,
	};

	if (!query->anonce || query->anonce_len == 0) {
		(void) mpsk_error_set(&decision->detail, MPSK_BAD, "ANonce: absent");
		return MPSK_REASON_BAD_FRAME;
	}
	if (!query->frame || query->frame_len == 0) {
		(void) mpsk_error_set(&decision->detail, MPSK_BAD, "EAPOL-Key: absent");
		return MPSK_REASON_BAD_FRAME;
	}
	switch (wpa_handshake_set(&decision->hs, &relayed, &decision->detail)) {
	case MPSK_OK:
		return MPSK_REASON_MATCHED;
	case MPSK_MISS:
		return MPSK_REASON_UNSUPPORTED_AKM;
	default:
		return MPSK_REASON_BAD_FRAME;
	}
}

/* Scan, and claim the first hit that passes. False where none did: first says why. */
static bool scan_and_claim(mpsk_decision_t *decision, char const *hint, refusal_t *first, size_t *missing)
{
	mpsk_index_hit_t hits[HITS_MAX];
	size_t n = mpsk_index_scan(decision->reader, &decision->query->ssid, &decision->hs, hint, hits, HITS_MAX,
				   missing);

	for (size_t i = 0; i < n; i++) {
		mpsk_candidate_t const candidate = {
			.key = hits[i].key, .pmk = hits[i].pmk, .old = hits[i].old, .op = MPSK_CLAIM_CLAIM
		};

		if (!candidate_pass(decision, &candidate, first)) continue;
		(void) mpsk_claim_candidate(decision, &candidate);
		return true;
	}
	return false;
}

/* What a person who looks for the reason would ask first. */
static void no_match_explain(mpsk_decision_t *decision)
{
	mpsk_query_t const *query = decision->query;
	mpsk_key_t const *key;

	if (decision->detail.text[0]) return;	/* a key of another organisation said so already */
	if (!mpsk_index_has_ssid(decision->reader, &query->ssid)) {
		(void) mpsk_error_set(&decision->detail, MPSK_MISS, "no key is for this SSID");
	} else if (mpsk_index_by_mac(decision->reader, &query->ssid, &query->mac, &key, 1) == 1) {
		(void) mpsk_error_set(&decision->detail, MPSK_MISS,
				      "the MAC is a device of key %s, whose passphrase it is not", key->id);
	}
}

void mpsk_find_by_handshake(mpsk_decision_t *decision)
{
	refusal_t first = { .key = NULL };
	mpsk_reason_t reason = handshake_take(decision);
	char const *hint = decision->binding.id[0] ? decision->binding.id : NULL;
	size_t missing = 0;

	if (!mpsk_reason(reason)->accept) {
		mpsk_outcome_refuse(decision, reason, NULL);
		return;
	}
	/* A hint that fits hides the other keys with its PSK: where it does not pass, they get their turn. */
	if (scan_and_claim(decision, hint, &first, &missing)) return;
	if (hint) {
		first = (refusal_t) { .key = NULL };
		if (scan_and_claim(decision, NULL, &first, &missing)) return;
	}
	if (!first.key && missing > 0) {
		(void) mpsk_error_set(&decision->detail, MPSK_AGAIN,
				      "no match among the keys that are ready; %zu of this SSID are not derived yet",
				      missing);
		mpsk_outcome_refuse(decision, MPSK_REASON_NOT_READY, NULL);
		return;
	}
	no_match_explain(decision);
	refuse(decision, &first);
}

/* Claim a key by the MAC alone. False where it is not the device's after all, and the next way is to be tried. */
static bool key_claim(mpsk_decision_t *decision, mpsk_key_t const *key, mpsk_claim_op_t op, refusal_t *first)
{
	mpsk_candidate_t const candidate = { .key = key, .op = op };
	mpsk_reason_t reason;

	/* To touch it again is of no use; to claim it, where its MAC is listed, is. */
	if (op == MPSK_CLAIM_TOUCH && strcmp(decision->disowned, key->id) == 0) return false;
	if (!candidate_pass(decision, &candidate, first)) return false;
	reason = mpsk_claim_candidate(decision, &candidate);
	if (reason != MPSK_REASON_UNKNOWN_MAC) return true;
	strncpy(decision->disowned, key->id, sizeof(decision->disowned) - 1);
	if (strcmp(decision->binding.id, key->id) == 0) {
		mpsk_bindings_drop(decision->policy->bindings, &decision->query->mac, &decision->query->ssid);
		decision->binding = (mpsk_binding_t) { .id = "" };
	}
	return false;
}

/* The key of an id, where it is for this SSID. */
static mpsk_key_t const *key_of(mpsk_decision_t const *decision, char const *id)
{
	mpsk_key_t const *key = mpsk_index_key(decision->reader, id);

	return key && mpsk_key_has_ssid(key, &decision->query->ssid) ? key : NULL;
}

static bool by_binding(mpsk_decision_t *decision, refusal_t *first)
{
	mpsk_key_t const *key = decision->binding.id[0] ? key_of(decision, decision->binding.id) : NULL;

	return key && key_claim(decision, key, MPSK_CLAIM_TOUCH, first);
}

static bool by_hint(mpsk_decision_t *decision, refusal_t *first)
{
	mpsk_policy_store_t const *store = &decision->policy->store;
	mpsk_query_t const *query = decision->query;
	char id[MPSK_ID_MAX + 1] = "";
	mpsk_error_t err = { .text = "" };
	mpsk_key_t const *key;

	/* A key that is the device's and may not be used is the answer; a hint could only name it again. */
	if (first->key) return false;
	switch (store->hint_get(store->uctx, &query->mac, &query->ssid, id, &err)) {
	case MPSK_OK:
		key = key_of(decision, id);
		return key && key_claim(decision, key, MPSK_CLAIM_TOUCH, first);
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
static bool by_registration(mpsk_decision_t *decision, refusal_t *first)
{
	mpsk_query_t const *query = decision->query;
	mpsk_key_t const *keys[LISTED_MAX];
	size_t n = mpsk_index_by_mac(decision->reader, &query->ssid, &query->mac, keys, LISTED_MAX);

	if (n > 1 && by_hint(decision, first)) return true;
	for (size_t i = 0; i < n; i++) {
		bool listed = mpsk_key_has_whole_mac(keys[i], &query->mac);

		if (key_claim(decision, keys[i], listed ? MPSK_CLAIM_CLAIM : MPSK_CLAIM_TOUCH, first)) return true;
	}
	return false;
}

void mpsk_find_by_mac(mpsk_decision_t *decision)
{
	static bool (*const ways[])(mpsk_decision_t *decision, refusal_t *first) = {
		by_binding, by_registration, by_hint
	};
	refusal_t first = { .key = NULL };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (ways[i](decision, &first)) return;
	}
	refuse(decision, &first);
}
