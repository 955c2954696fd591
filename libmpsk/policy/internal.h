/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the policy share. Nobody else includes this.
 */
#ifndef MPSK_POLICY_INTERNAL_H
#define MPSK_POLICY_INTERNAL_H

#include "policy/policy.h"
#include "wpa/handshake.h"

/* One query on its way. */
typedef struct {
	mpsk_policy_t const	*policy;
	mpsk_query_t const	*query;
	mpsk_index_reader_t	*reader;
	mpsk_index_nas_t const	*nas;		/* NULL where nothing is known of it */
	char const		*site;		/* the query's, else the NAS's; "" where not known */
	mpsk_binding_t		binding;	/* what this server saw last; its id is "" where it saw nothing */
	char			disowned[MPSK_ID_MAX + 1];	/* bound: the last key whose device it was not */
	char			holder[MPSK_ID_MAX + 1];	/* unbound: whose device it is, and does not fit */
	mpsk_error_t		detail;
	mpsk_outcome_t		*outcome;
	wpa_handshake_t		hs;		/* unbound; else empty. The last: its frame is not even cleared */
} mpsk_decision_t;

/* A key that may be the device's. Its parts are borrowed. */
typedef struct {
	mpsk_key_t const	*key;
	wpa_pmk_t const		*pmk;		/* unbound: the one that made the handshake */
	bool			old;		/* by old_psk */
	mpsk_claim_op_t		op;
} mpsk_candidate_t;

/* check.c: the rules on a record. MPSK_REASON_MATCHED where none is broken; writes the detail. */
mpsk_reason_t mpsk_check_candidate(mpsk_decision_t *decision, mpsk_candidate_t const *candidate);

/* Where no key is the device's: NO_MATCH or MLD_UNKNOWN; UNKNOWN_MAC or SAE_UNKNOWN where there is no handshake. */
mpsk_reason_t mpsk_check_nobody(mpsk_decision_t const *decision);

/*
 * claim.c: claim a candidate that passed its checks, and fill the outcome.
 * Returns the reason.
 */
mpsk_reason_t mpsk_claim_candidate(mpsk_decision_t *decision, mpsk_candidate_t const *candidate);

/*
 * degraded.c: the claim could not be made, for `why`. What this server knows
 * decides: grants, and fills the outcome, or refuses. Returns the reason.
 */
mpsk_reason_t mpsk_claim_degraded(mpsk_decision_t *decision, mpsk_candidate_t const *candidate,
				  mpsk_claim_t const *claim, mpsk_error_t const *why);

/* What has been found wrong with keys so far: the first of them is told. */
typedef struct {
	mpsk_reason_t		reason;
	char			*id, *name;	/* of the key; NULL: none yet */
	mpsk_error_t		detail;
} mpsk_refusal_t;

/*
 * refusal.c: whether a candidate passes its checks; else keep its reason, if it is the first. A key of another
 * organisation is none. And refuse for what was kept; NO_MATCH or UNKNOWN_MAC where nothing was.
 */
bool mpsk_refusal_pass(mpsk_decision_t *decision, mpsk_candidate_t const *candidate, mpsk_refusal_t *first);
void mpsk_refusal_tell(mpsk_decision_t *decision, mpsk_refusal_t const *first);

/* find_handshake.c, find_mac.c: find the device's key, check and claim it, and fill the outcome. */
void mpsk_find_by_handshake(mpsk_decision_t *decision);
void mpsk_find_by_mac(mpsk_decision_t *decision);

/* claim.c: remember what the device was granted, at claimed_at; 0: but claim it again with the next request. */
void mpsk_claim_bind(mpsk_decision_t *decision, mpsk_candidate_t const *candidate, int64_t claimed_at);

/*
 * candidates.c: for a MAC that nobody knows, what the rule for such says; false where it offers nothing, and first
 * says why if there is more to it.
 */
bool mpsk_candidates_offer(mpsk_decision_t *decision, mpsk_refusal_t *first);

/* outcome.c: nothing but the reason and the detail; with the key that was found; or with all of it. */
void mpsk_outcome_refuse(mpsk_decision_t *decision, mpsk_reason_t reason, mpsk_key_t const *key);
void mpsk_outcome_accept(mpsk_decision_t *decision, mpsk_candidate_t const *candidate,
			 mpsk_claim_result_t const *result);

#endif
