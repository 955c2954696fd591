/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "policy/internal.h"

#define HITS_MAX	8
#define KNOWN_MAX	8

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

/* Claim the first hit that passes, and note where they stand. False where none did: first says why. */
static bool hits_claim(mpsk_decision_t *decision, mpsk_index_hit_t *hits, size_t n, mpsk_refusal_t *first)
{
	mpsk_recent_t *recent = decision->policy->recent;
	mpsk_query_t const *query = decision->query;
	bool claimed = false;

	for (size_t i = 0; !claimed && i < n; i++) {
		mpsk_candidate_t const candidate = {
			.key = &hits[i].key, .pmk = &hits[i].pmk, .old = hits[i].old, .op = MPSK_CLAIM_CLAIM
		};

		if (recent) mpsk_recent_note(recent, decision->site, query->nas, &query->ssid, hits[i].leaf);
		claimed = mpsk_refusal_pass(decision, &candidate, first);
		if (claimed) (void) mpsk_claim_candidate(decision, &candidate);
	}
	mpsk_secret_wipe(hits, n * sizeof(*hits));
	return claimed;
}

/* Try one key. *fits: its PSK made the handshake. */
static bool by_key(mpsk_decision_t *decision, char const *id, mpsk_refusal_t *first, bool *fits)
{
	mpsk_index_hit_t hit;

	if (!mpsk_index_try(decision->reader, &decision->query->ssid, &decision->hs, id, &hit)) return false;
	*fits = true;
	return hits_claim(decision, &hit, 1, first);
}

/* The key that this server saw the device with last. */
static bool by_last_key(mpsk_decision_t *decision, mpsk_refusal_t *first, bool *fits)
{
	char id[MPSK_ID_MAX + 1];

	memcpy(id, decision->binding.id, sizeof(id));
	return id[0] && by_key(decision, id, first, fits);
}

/* The keys that have it as a device or list it: so that those who come back after a restart cost no search. */
static bool by_registered_keys(mpsk_decision_t *decision, mpsk_refusal_t *first, bool *fits)
{
	mpsk_query_t const *query = decision->query;
	mpsk_key_t keys[KNOWN_MAX];
	bool claimed = false;
	size_t n = mpsk_index_by_mac(decision->reader, &query->ssid, &query->mac, keys, KNOWN_MAX);

	for (size_t i = 0; !claimed && i < n; i++) {
		if (strcmp(keys[i].id, decision->binding.id) == 0) continue;
		claimed = by_key(decision, keys[i].id, first, fits);
	}
	mpsk_secret_wipe(keys, n * sizeof(keys[0]));
	return claimed;
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
		snprintf(decision->holder, sizeof(decision->holder), "%s", key.id);
		mpsk_secret_wipe(&key, sizeof(key));
	}
}

/* The keys that were used at this place just now. */
static size_t recent_search(mpsk_decision_t *decision, mpsk_index_hit_t *hits)
{
	mpsk_query_t const *query = decision->query;
	uint32_t leaves[MPSK_RECENT_MAX];
	size_t n;

	if (!decision->policy->recent) return 0;
	n = mpsk_recent_get(decision->policy->recent, decision->site, query->nas, &query->ssid, leaves);
	return mpsk_index_scan_leaves(decision->reader, &query->ssid, &decision->hs, leaves, n, hits, HITS_MAX);
}

/* What a search among all keys came to. */
typedef struct {
	mpsk_guard_verdict_t	verdict;
	size_t			n, missing;
	mpsk_index_hit_t	hits[HITS_MAX];
} search_t;

static void search_do(mpsk_decision_t *decision, mpsk_guard_t *guard, mpsk_guard_visit_t *visit, size_t keys,
		      search_t *search)
{
	mpsk_guard_result_t result;

	search->n = recent_search(decision, search->hits);
	if (search->n == 0) search->verdict = mpsk_guard_scan(guard, visit, keys);
	if (search->n == 0 && search->verdict == MPSK_GUARD_PASS) {
		search->n = mpsk_index_scan(decision->reader, visit->ssid, visit->hs, search->hits, HITS_MAX,
					    &search->missing);
	}
	if (search->n > 0) {
		result = MPSK_GUARD_FOUND;
	} else if (search->verdict != MPSK_GUARD_PASS) {
		result = MPSK_GUARD_REFUSED;
	} else {
		result = search->missing > 0 ? MPSK_GUARD_OPEN : MPSK_GUARD_WRONG;
	}
	mpsk_guard_leave(guard, visit, result, mpsk_index_spent_us(decision->reader));
}

/*
 * Among all keys of the SSID, as far as the guard lets. True where the
 * outcome is made. known: what is wrong with a key that fits, if any does.
 */
static bool by_search(mpsk_decision_t *decision, uint64_t changes, mpsk_refusal_t const *known, mpsk_refusal_t *first)
{
	mpsk_query_t const *query = decision->query;
	size_t keys = mpsk_index_size(decision->reader, &query->ssid);
	mpsk_guard_t *guard = keys > 0 ? decision->policy->guard : NULL;	/* nothing to be spared */
	mpsk_guard_visit_t visit = {
		.mac = &query->mac, .ssid = &query->ssid, .nas = query->nas, .hs = &decision->hs,
		.changes = changes, .now_ms = query->now_ms,
	};
	search_t search = { .verdict = mpsk_guard_enter(guard, &visit) };

	if (search.verdict == MPSK_GUARD_PASS) search_do(decision, guard, &visit, keys, &search);
	if (search.n > 0) return hits_claim(decision, search.hits, search.n, first);
	if (known->id) return false;
	if (search.missing > 0) {
		(void) mpsk_error_set(&decision->detail, MPSK_AGAIN,
				      "no match among the keys that are ready; %zu of this SSID are not derived yet",
				      search.missing);
		mpsk_outcome_refuse(decision, MPSK_REASON_NOT_READY, NULL);
		return true;
	}
	if (search.verdict == MPSK_GUARD_PASS) return false;
	if (search.verdict == MPSK_GUARD_REPEAT) no_match_explain(decision);
	if (!decision->detail.text[0]) mpsk_guard_explain(guard, &visit, search.verdict, &decision->detail);
	if (search.verdict == MPSK_GUARD_REPEAT) return false;
	mpsk_outcome_refuse(decision, MPSK_REASON_RATE_LIMITED, NULL);
	return true;
}

void mpsk_find_by_handshake(mpsk_decision_t *decision)
{
	mpsk_ssid_t const *ssid = &decision->query->ssid;
	mpsk_refusal_t known = { .id = NULL }, first = { .id = NULL };
	mpsk_reason_t reason = handshake_take(decision);
	bool fits = false;
	uint64_t changes;

	if (!mpsk_reason(reason)->accept) {
		mpsk_outcome_refuse(decision, reason, NULL);
		return;
	}
	/* Before anything is looked at: what is added from now on makes a refusal void. */
	changes = mpsk_index_changes(decision->reader, ssid);
	if (by_last_key(decision, &known, &fits) || by_registered_keys(decision, &known, &fits)) return;
	/* A key that fits is the device's, whether it may be used or not; unless others have its PSK. */
	if (!fits || mpsk_index_shared(decision->reader, ssid)) {
		if (by_search(decision, changes, &known, &first)) return;
	}
	no_match_explain(decision);
	mpsk_refusal_tell(decision, first.id ? &first : &known);
}
