/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/deadline.h"
#include "base/secret.h"
#include "policy/internal.h"

#define HINT_PATIENCE_MS 50

/* Of the PSK that the device came with: as the store has it, sealed or not, and in clear. */
typedef struct {
	char	stored[MPSK_FINGERPRINT_LEN + 1];
	char	clear[MPSK_FINGERPRINT_LEN + 1];
} prints_t;

static wpa_psk_t const *psk_of(mpsk_candidate_t const *candidate)
{
	return candidate->old ? &candidate->key->old_psk : &candidate->key->psk;
}

/* The index keeps fingerprints of sealed PSKs alone: those of others are of what is in clear. */
static void prints_make(prints_t *prints, mpsk_candidate_t const *candidate)
{
	mpsk_key_t const *key = candidate->key;
	char const *known = candidate->old ? key->old_fingerprint : key->fingerprint;
	wpa_psk_t const *psk = psk_of(candidate);

	mpsk_key_fingerprint(prints->clear, psk->octets, psk->len);
	strcpy(prints->stored, known[0] ? known : prints->clear);
}

/* Whether it came with the PSK that it has its binding by: of a session that accounting told, the print is all. */
static bool is_same_psk(mpsk_decision_t const *decision, mpsk_candidate_t const *candidate)
{
	mpsk_binding_t const *binding = &decision->binding;
	prints_t prints;

	if (binding->psk_mark) {
		return binding->psk_mark == mpsk_bindings_mark(decision->policy->bindings, psk_of(candidate));
	}
	prints_make(&prints, candidate);
	return strcmp(binding->fingerprint, prints.stored) == 0;
}

/*
 * Whether this server made the same claim just now, and the device was not
 * forgotten since: it would come back beyond the cap. A time to come is that
 * of a clock that was set back.
 */
static bool is_fresh(mpsk_decision_t const *decision, mpsk_candidate_t const *candidate)
{
	mpsk_binding_t const *binding = &decision->binding;
	int64_t age = decision->query->now - binding->claimed_at;

	/* Only the store knows who is online. */
	if (candidate->key->concurrent > 0) return false;
	return strcmp(binding->id, candidate->key->id) == 0 && age >= 0 &&
	       age < decision->policy->config.claim_fresh &&
	       is_same_psk(decision, candidate) &&
	       mpsk_index_knows(decision->reader, candidate->key->id, &decision->query->mac);
}

void mpsk_claim_bind(mpsk_decision_t *decision, mpsk_candidate_t const *candidate, int64_t claimed_at)
{
	mpsk_query_t const *query = decision->query;
	mpsk_binding_t binding = { .claimed_at = claimed_at };
	prints_t prints;

	prints_make(&prints, candidate);
	strncpy(binding.id, candidate->key->id, sizeof(binding.id) - 1);
	memcpy(binding.fingerprint, prints.stored, sizeof(binding.fingerprint));
	binding.psk_mark = mpsk_bindings_mark(decision->policy->bindings, psk_of(candidate));
	mpsk_bindings_set(decision->policy->bindings, &query->mac, &query->ssid, &binding);
}

/* What is kept of a claim that was granted: in memory, and where the device is new to us, as a hint for all servers. */
static void claim_keep(mpsk_decision_t *decision, mpsk_candidate_t const *candidate, mpsk_claim_result_t const *result,
		       int64_t began_ms)
{
	mpsk_policy_store_t const *store = &decision->policy->store;
	mpsk_query_t const *query = decision->query;
	char const *id = candidate->key->id;
	mpsk_error_t ignored;

	mpsk_claim_bind(decision, candidate, query->now);
	/* A store that took its time is not asked for more of it: the access point waits, and a hint is but a hint. */
	if (mpsk_monotonic_ms() - began_ms > HINT_PATIENCE_MS) return;
	if (result->is_new || strcmp(decision->binding.id, id) != 0) {
		(void) store->hint_set(store->uctx, &query->mac, &query->ssid, id, &ignored);
	}
}

/* How the script's codes end. STALE is not among them: the record is read anew first. */
static struct {
	mpsk_reason_t	reason;
	char const	*detail;
} const codes[] = {
	[MPSK_CLAIM_OK] = { MPSK_REASON_MATCHED, NULL },
	[MPSK_CLAIM_FULL] = { MPSK_REASON_CAP_REACHED, NULL },
	[MPSK_CLAIM_BUSY] = { MPSK_REASON_CONCURRENT_CAP, NULL },
	[MPSK_CLAIM_NODEV] = { MPSK_REASON_UNKNOWN_MAC, "the device was forgotten, or is not known to the key" },
	[MPSK_CLAIM_NOKEY] = { MPSK_REASON_NO_MATCH, "the key is no longer in the store" },
	[MPSK_CLAIM_DISABLED] = { MPSK_REASON_DISABLED, "by the store" },
	[MPSK_CLAIM_NOTYET] = { MPSK_REASON_NOT_YET, "by the store" },
	[MPSK_CLAIM_EXPIRED] = { MPSK_REASON_EXPIRED, "by the store" },
	[MPSK_CLAIM_STALE] = { MPSK_REASON_NOT_READY, "the key's PSK changed twice while it was being looked at" },
	[MPSK_CLAIM_BADKEY] = { MPSK_REASON_NO_MATCH, NULL },
};

static mpsk_reason_t code_reason(mpsk_decision_t *decision, mpsk_claim_result_t const *result)
{
	mpsk_error_t *detail = &decision->detail;

	if ((size_t) result->code >= sizeof(codes) / sizeof(codes[0])) {
		(void) mpsk_error_set(detail, MPSK_OK, "the store answered a claim with what is no code");
		return MPSK_REASON_STORE_DOWN;
	}
	decision->outcome->used = result->used;
	decision->outcome->max = result->max;
	if (result->code == MPSK_CLAIM_FULL) {
		(void) mpsk_error_set(detail, MPSK_OK, "%lld of %lld devices", (long long) result->used,
				      (long long) result->max);
	} else if (result->code == MPSK_CLAIM_BUSY) {
		(void) mpsk_error_set(detail, MPSK_OK, "%lld of %lld devices are online", (long long) result->live,
				      (long long) result->concurrent);
	} else if (codes[result->code].detail) {
		(void) mpsk_error_set(detail, MPSK_OK, "%s", codes[result->code].detail);
	}
	return result->code == MPSK_CLAIM_NOKEY ? mpsk_check_nobody(decision) : codes[result->code].reason;
}

/* The devices that lost their place among the key's: they are none of its own here either. */
static void made_way(mpsk_decision_t *decision, mpsk_candidate_t const *candidate, mpsk_claim_result_t const *result)
{
	mpsk_policy_t const *policy = decision->policy;
	mpsk_ssid_t const *ssid = &decision->query->ssid;
	char list[MPSK_CLAIM_MACS_MAX * (MPSK_MAC_TEXT_MAX + 1) + 1] = "";
	mpsk_binding_t binding;
	char text[MPSK_MAC_TEXT_MAX];
	size_t len = 0;

	if (result->evicted == 0) return;
	for (size_t i = 0; i < result->n_macs; i++) {
		mpsk_mac_t const *mac = &result->macs[i];

		if (mpsk_bindings_get(policy->bindings, mac, ssid, &binding) &&
		    strcmp(binding.id, candidate->key->id) == 0) {
			mpsk_bindings_drop(policy->bindings, mac, ssid);
		}
		len += (size_t) snprintf(list + len, sizeof(list) - len, " %s", mpsk_mac_print(text, mac));
	}
	(void) mpsk_error_set(&decision->detail, MPSK_OK, "%zu made way:%s%s", result->evicted, list,
			      result->evicted > result->n_macs ? " and others" : "");
}

/* One claim. *stale: the record is to be read anew, and no outcome was made. */
static mpsk_reason_t claim_once(mpsk_decision_t *decision, mpsk_candidate_t const *candidate, bool *stale)
{
	mpsk_policy_t const *policy = decision->policy;
	mpsk_claim_result_t result = { .code = MPSK_CLAIM_OK };
	mpsk_error_t err = { .text = "" };
	prints_t prints;
	mpsk_claim_t const claim = {
		.id = candidate->key->id,
		.mac = decision->query->mac,
		.op = candidate->op,
		.fingerprint = prints.stored,
		.now = decision->query->now,
		.default_max = candidate->key->usage == MPSK_USAGE_SINGLE ? 1 : policy->config.default_max,
		.default_idle = policy->config.default_idle,
		.clear = prints.clear,
		.place_s = policy->config.concurrent_grace,
		.site_when_full = mpsk_index_when_full(decision->reader, decision->site),
		.default_when_full = policy->config.when_full,
	};
	int64_t began_ms = mpsk_monotonic_ms();
	mpsk_status_t status;
	mpsk_reason_t reason;

	*stale = false;
	prints_make(&prints, candidate);
	status = policy->store.claim(policy->store.uctx, &claim, &result, &err);
	if (status != MPSK_OK) return mpsk_claim_degraded(decision, candidate, &claim, &err);
	*stale = result.code == MPSK_CLAIM_STALE;
	if (result.code == MPSK_CLAIM_BADKEY) decision->detail = err;
	reason = code_reason(decision, &result);
	if (!mpsk_reason(reason)->accept) {
		mpsk_outcome_refuse(decision, reason, candidate->key);
		return reason;
	}
	claim_keep(decision, candidate, &result, began_ms);
	made_way(decision, candidate, &result);
	mpsk_outcome_accept(decision, candidate, &result);
	return reason;
}

/* Which of the PSKs of a fresh record made the handshake; false where neither did. */
static bool psk_match(mpsk_decision_t *decision, mpsk_candidate_t *candidate, wpa_pmk_t *pmk)
{
	mpsk_key_t const *key = candidate->key;
	wpa_psk_t const *psks[] = { &key->psk, &key->old_psk };

	for (size_t old = 0; old < 2; old++) {
		if (psks[old]->len == 0 || wpa_pmk_derive(pmk, psks[old], &decision->query->ssid) != MPSK_OK ||
		    !wpa_handshake_verify(&decision->hs, pmk)) {
			continue;
		}
		candidate->pmk = pmk;
		candidate->old = old;
		return true;
	}
	return false;
}

/* The record that the store has now, in the place of the one that the index had. */
static mpsk_reason_t claim_anew(mpsk_decision_t *decision, mpsk_key_t const *fresh, mpsk_claim_op_t op)
{
	mpsk_candidate_t candidate = { .key = fresh, .op = op };
	mpsk_reason_t reason;
	wpa_pmk_t pmk;
	bool stale, found = mpsk_key_has_ssid(fresh, &decision->query->ssid);

	if (found && decision->query->unbound) found = psk_match(decision, &candidate, &pmk);
	if (!found) {
		(void) mpsk_error_set(&decision->detail, MPSK_OK, "the key has just changed");
		reason = mpsk_check_nobody(decision);
	} else {
		reason = mpsk_check_candidate(decision, &candidate);
	}
	if (mpsk_reason(reason)->accept) {
		reason = claim_once(decision, &candidate, &stale);
	} else {
		mpsk_outcome_refuse(decision, reason, fresh);
	}
	mpsk_secret_wipe(&pmk, sizeof(pmk));
	return reason;
}

static mpsk_reason_t claim_reread(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	mpsk_policy_t const *policy = decision->policy;
	TALLOC_CTX *ctx = talloc_new(NULL);
	mpsk_key_t *fresh = NULL;
	mpsk_error_t err = { .text = "" };
	mpsk_reason_t reason;
	mpsk_status_t status;

	if (!ctx) {
		status = mpsk_error_set(&err, MPSK_ERR, "out of memory");
	} else {
		status = policy->store.key_read(policy->store.uctx, ctx, candidate->key->id, &fresh, &err);
	}
	if (status == MPSK_OK) {
		reason = claim_anew(decision, fresh, candidate->op);
	} else {
		reason = status == MPSK_MISS ? mpsk_check_nobody(decision) :
			 status == MPSK_BAD ? MPSK_REASON_NO_MATCH : MPSK_REASON_STORE_DOWN;
		decision->detail = err;
		if (status == MPSK_MISS) {
			(void) mpsk_error_set(&decision->detail, MPSK_OK, "%s", codes[MPSK_CLAIM_NOKEY].detail);
		}
		mpsk_outcome_refuse(decision, reason, candidate->key);
	}
	talloc_free(ctx);
	return reason;
}

mpsk_reason_t mpsk_claim_candidate(mpsk_decision_t *decision, mpsk_candidate_t const *candidate)
{
	mpsk_claim_result_t const known = { .code = MPSK_CLAIM_OK };
	mpsk_reason_t reason;
	bool stale;

	if (is_fresh(decision, candidate)) {
		mpsk_outcome_accept(decision, candidate, &known);
		return decision->outcome->reason;
	}
	reason = claim_once(decision, candidate, &stale);
	return stale ? claim_reread(decision, candidate) : reason;
}
