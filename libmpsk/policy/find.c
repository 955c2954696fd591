/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "policy/internal.h"

#define HITS_MAX	8
#define LISTED_MAX	8

/* What has been found wrong with keys so far: the first of them is told. */
typedef struct {
	mpsk_reason_t		reason;
	char			*id, *name;	/* of the key; NULL: none yet */
	mpsk_error_t		detail;
} refusal_t;

/* Whether a candidate passes; else keep its reason, if it is the first. A key of another organisation is none. */
static bool candidate_pass(mpsk_decision_t *decision, mpsk_candidate_t const *candidate, refusal_t *first)
{
	mpsk_reason_t reason = mpsk_check_candidate(decision, candidate);

	if (mpsk_reason(reason)->accept) return true;
	if (!first->id && reason != MPSK_REASON_NO_MATCH) {
		*first = (refusal_t) { .reason = reason, .id = candidate->key->id, .name = candidate->key->name,
				      .detail = decision->detail };
	}
	return false;
}

static void refuse(mpsk_decision_t *decision, refusal_t const *first)
{
	mpsk_key_t const key = { .id = first->id, .name = first->name };

	if (!first->id) {
		mpsk_outcome_refuse(decision, mpsk_check_nobody(decision), NULL);
		return;
	}
	decision->detail = first->detail;
	mpsk_outcome_refuse(decision, first->reason, &key);
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

/* Claim the first hit that passes. False where none did: first says why. */
static bool hits_claim(mpsk_decision_t *decision, mpsk_index_hit_t *hits, size_t n, refusal_t *first)
{
	bool claimed = false;

	for (size_t i = 0; !claimed && i < n; i++) {
		mpsk_candidate_t const candidate = {
			.key = &hits[i].key, .pmk = &hits[i].pmk, .old = hits[i].old, .op = MPSK_CLAIM_CLAIM
		};

		claimed = candidate_pass(decision, &candidate, first);
		if (claimed) (void) mpsk_claim_candidate(decision, &candidate);
	}
	mpsk_secret_wipe(hits, n * sizeof(*hits));
	return claimed;
}

/* The key that the device held last. Where it fits and may not be used, others with its PSK get their turn. */
static bool by_last_key(mpsk_decision_t *decision)
{
	refusal_t ignored = { .id = NULL };
	mpsk_index_hit_t hit;

	return decision->binding.id[0] &&
	       mpsk_index_try(decision->reader, &decision->query->ssid, &decision->hs, decision->binding.id, &hit) &&
	       hits_claim(decision, &hit, 1, &ignored);
}

static bool by_scan(mpsk_decision_t *decision, refusal_t *first, size_t *missing)
{
	mpsk_index_hit_t hits[HITS_MAX];
	size_t n = mpsk_index_scan(decision->reader, &decision->query->ssid, &decision->hs, hits, HITS_MAX, missing);

	return hits_claim(decision, hits, n, first);
}

/* What a person who looks for the reason would ask first. */
static void no_match_explain(mpsk_decision_t *decision)
{
	mpsk_query_t const *query = decision->query;
	mpsk_key_t key;

	if (decision->detail.text[0]) return;	/* a key of another organisation said so already */
	if (!mpsk_index_has_ssid(decision->reader, &query->ssid)) {
		(void) mpsk_error_set(&decision->detail, MPSK_MISS, "no key is for this SSID");
	} else if (mpsk_index_by_mac(decision->reader, &query->ssid, &query->mac, &key, 1) == 1) {
		(void) mpsk_error_set(&decision->detail, MPSK_MISS,
				      "the MAC is a device of key %s, whose passphrase it is not", key.id);
		mpsk_secret_wipe(&key, sizeof(key));
	}
}

void mpsk_find_by_handshake(mpsk_decision_t *decision)
{
	refusal_t first = { .id = NULL };
	mpsk_reason_t reason = handshake_take(decision);
	size_t missing = 0;

	if (!mpsk_reason(reason)->accept) {
		mpsk_outcome_refuse(decision, reason, NULL);
		return;
	}
	if (by_last_key(decision) || by_scan(decision, &first, &missing)) return;
	if (!first.id && missing > 0) {
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

/* Claim the key of an id, where it is for this SSID. */
static bool id_claim(mpsk_decision_t *decision, char const *id, refusal_t *first)
{
	mpsk_key_t key;
	bool claimed;

	if (!mpsk_index_key(decision->reader, id, &key)) return false;
	claimed = mpsk_key_has_ssid(&key, &decision->query->ssid) &&
		  key_claim(decision, &key, MPSK_CLAIM_TOUCH, first);
	mpsk_secret_wipe(&key, sizeof(key));
	return claimed;
}

static bool by_binding(mpsk_decision_t *decision, refusal_t *first)
{
	char id[MPSK_ID_MAX + 1];

	/* A copy: a claim that fails takes the binding away. */
	memcpy(id, decision->binding.id, sizeof(id));
	return id[0] && id_claim(decision, id, first);
}

static bool by_hint(mpsk_decision_t *decision, refusal_t *first)
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
static bool by_registration(mpsk_decision_t *decision, refusal_t *first)
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
	static bool (*const ways[])(mpsk_decision_t *decision, refusal_t *first) = {
		by_binding, by_registration, by_hint
	};
	refusal_t first = { .id = NULL };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (ways[i](decision, &first)) return;
	}
	refuse(decision, &first);
}
