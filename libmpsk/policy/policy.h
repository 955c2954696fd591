/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The decision: a query in, an outcome out.
 *
 * Time and the store are parameters, so that a test can hold them. The
 * order of the steps is that of docs/explanation/decision.md.
 */
#ifndef MPSK_POLICY_POLICY_H
#define MPSK_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/ssid.h"
#include "base/status.h"
#include "index/binding.h"
#include "index/index.h"
#include "index/recent.h"
#include "key/key.h"
#include "policy/guard.h"
#include "policy/reason.h"
#include "store/store.h"
#include "wpa/pmk.h"

/* What the decision asks of the store, as the functions of store.h but for uctx. */
typedef struct {
	void		*uctx;
	mpsk_status_t	(*claim)(void *uctx, mpsk_claim_t const *claim, mpsk_claim_result_t *result, mpsk_error_t *err);
	mpsk_status_t	(*hint_get)(void *uctx, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid,
				    char id[static MPSK_ID_MAX + 1], mpsk_error_t *err);
	mpsk_status_t	(*hint_set)(void *uctx, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid, char const *id,
				    mpsk_error_t *err);
	mpsk_status_t	(*key_read)(void *uctx, TALLOC_CTX *ctx, char const *id, mpsk_key_t **key, mpsk_error_t *err);
} mpsk_policy_store_t;

/* What becomes of a MAC that nobody knows, and that came without a handshake. */
typedef enum {
	MPSK_UNKNOWN_REJECT = 0,
	MPSK_UNKNOWN_KEY,		/* it is offered unknown_key */
	MPSK_UNKNOWN_CANDIDATES		/* its access point is offered several keys, if it tries several */
} mpsk_unknown_t;

typedef struct {
	int64_t	default_max;		/* devices of a key without max; 0 = unlimited */
	int64_t	default_idle;		/* seconds after which an unseen device may make way; 0 = never */
	mpsk_when_full_t when_full;	/* of keys and sites that do not say it; unset: replace-idle */
	int64_t	concurrent_grace;	/* seconds for which a device has its place before its session is told; > 0 */
	int64_t	session_timeout;	/* seconds; 0 = none but the key's own */
	int64_t	claim_fresh;		/* seconds for which a claim is not repeated */
	size_t	degraded_new;		/* provisional devices of a key while the store is away */
	int64_t	stale_max;		/* seconds of the copy's age after which none are let in */
	mpsk_unknown_t	unknown;
	char const	*unknown_key;		/* an id, for MPSK_UNKNOWN_KEY */
	size_t		max_candidates;		/* 1 to MPSK_OFFERS_MAX */
} mpsk_policy_config_t;

typedef struct {
	mpsk_index_t		*index;
	mpsk_bindings_t		*bindings;
	mpsk_recent_t		*recent;	/* NULL: no keys are tried before others */
	mpsk_guard_t		*guard;		/* NULL: every handshake is worth a search */
	mpsk_policy_store_t	store;
	mpsk_journal_t		*journal;	/* NULL: nothing is granted without the store */
	mpsk_policy_config_t	config;
} mpsk_policy_t;

/* What an AP asks, in no vendor's dialect. Octets are borrowed for the call. */
typedef struct {
	mpsk_mac_t	mac;		/* SPA */
	mpsk_mac_t	bssid;		/* AA */
	mpsk_ssid_t	ssid;
	char const	*nas;		/* NAS id for mpsk:cfg:nas:<id>, or "" */
	char const	*site;		/* overrides the NAS's, or NULL */
	bool		unbound;	/* a handshake was relayed, whole or not */
	bool		wants_pmk;	/* bound: the answer is to hold the PMK, where it is at hand */
	bool		tries_several;	/* bound: the access point tries every key that it is given */
	bool		by_sae;		/* bound: of use is one passphrase, and nothing else */
	uint8_t const	*anonce;	/* unbound: as received, of any length */
	size_t		anonce_len;
	uint8_t const	*frame;		/* unbound: message 2 as received, of any length */
	size_t		frame_len;
	int64_t		now;		/* epoch seconds */
	int64_t		age;		/* seconds since the index was in step with the store; 0: it is */
	int64_t		now_ms;		/* monotonic milliseconds, for the guard */
} mpsk_query_t;

/* All that a reply and a log line need; it owns what it holds. Wipe it. */
typedef struct {
	mpsk_reason_t	reason;
	char		id[MPSK_ID_MAX + 1];		/* of the key that was found, refused or not; or "" */
	char		name[MPSK_NAME_MAX + 1];
	char		role[MPSK_NAME_MAX + 1];	/* "" : none */
	uint16_t	vlan;				/* 0: none */
	int64_t		session_timeout;		/* seconds; 0: none */
	wpa_psk_t	psk;				/* of an accept, else empty; of candidates, the likeliest */
	wpa_pmk_t	pmk;				/* of an accept to a handshake, or where wanted; else zero */
	bool		has_pmk;
	bool		is_new;				/* a first claim */
	size_t		evicted;			/* devices that made way; the detail tells of them */
	int64_t		used;
	int64_t		max;
	char		holder[MPSK_ID_MAX + 1];	/* NO_MATCH: a key that has the device, or lists it; or "" */
	uint64_t	scan_ns;			/* CPU time of searches for the key; 0: there was none */
	char		detail[MPSK_ERROR_MAX];		/* more for the log: a field, a count; or "" */
	size_t		n_others;
	wpa_psk_t	others[MPSK_OFFERS_MAX - 1];	/* of candidates: the likelier first; only these are set */
} mpsk_outcome_t;

/* Decide. Always fills the outcome; never fails. */
void mpsk_policy_decide(mpsk_policy_t const *policy, mpsk_query_t const *query, mpsk_outcome_t *outcome);

void mpsk_outcome_wipe(mpsk_outcome_t *outcome);

#endif
