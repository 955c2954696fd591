/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One configured instance of the module.
 */
#ifndef RLM_MPSK_INSTANCE_H
#define RLM_MPSK_INSTANCE_H

#include <freeradius/build.h>
#include <freeradius/radiusd.h>
#include <freeradius/modules.h>

#include "policy/policy.h"
#include "policy/repeats.h"
#include "rlm_mpsk/attributes.h"
#include "rlm_mpsk/http.h"
#include "rlm_mpsk/measure.h"
#include "store/names.h"
#include "store/outbox.h"
#include "store/store.h"
#include "store/sync.h"

/* The subsection guard, as configured. */
typedef struct {
	uint32_t	repeat_memory;
	uint32_t	mac_failures;
	uint32_t	mac_window;
	uint32_t	mac_pause;
	uint32_t	nas_rate;
	uint32_t	nas_burst;
	uint32_t	server_share;
	uint32_t	server_burst;
	uint32_t	long_scans;
	uint32_t	long_waiting;
	uint32_t	long_wait;
} rlm_mpsk_guard_options_t;

typedef struct {
	/* As configured; raddb/mods-available/mpsk says what each means. */
	char const		*redis;
	char const		*password_file;
	char const		*sentinel_user;
	char const		*sentinel_password_file;
	mpsk_store_tls_t	tls;
	char const		*keyring;
	bool			seal_plaintext;
	char const		*snapshot;
	uint32_t		snapshot_interval;
	struct timeval		connect_timeout;
	struct timeval		command_timeout;
	struct timeval		retry_interval;
	uint32_t		max_connections;
	uint32_t		default_max;
	uint32_t		default_idle;
	char const		*when_full;
	uint32_t		concurrent_grace;
	uint32_t		session_timeout;
	uint32_t		claim_fresh;
	uint32_t		degraded_new;
	uint32_t		stale_max;
	bool			silent_when_stale;
	uint32_t		max_bindings;
	char const		*unknown_mac;
	char const		*unknown_key;
	uint32_t		max_candidates;
	uint32_t		match_threads;
	rlm_mpsk_guard_options_t guard;
	bool			log_accept;
	char const		*log_decisions;
	uint32_t		interim_interval;
	uint32_t		session_stale;
	uint32_t		accounting_spool;
	char const		*metrics_listen;
	char const		*metrics_name;	/* never NULL after the bootstrap */

	char const		*name;		/* of the section in the configuration */
	bool			sign;		/* replies: the server does not do it by itself */
	rlm_mpsk_attributes_t	attributes;
	mpsk_policy_t		policy;
	mpsk_store_t		*store;
	mpsk_sync_t		*sync;		/* NULL under `radiusd -C` */
	mpsk_outbox_t		*outbox;	/* the same */
	mpsk_repeats_t		*repeats;	/* of decisions */
	rlm_mpsk_measure_t	*measure;
	rlm_mpsk_http_t		*http;		/* NULL: nobody is told by HTTP */
	time_t			started_at;
	atomic_bool		whole;		/* for threads that run before all of this is there */
	/* The sync thread's own. */
	bool			loading;	/* between the begin and the commit of a load */
	mpsk_names_t		*to_seal;	/* ids of keys; NULL without seal_plaintext */
	size_t			n_sealed;	/* since none were waiting */
	bool			seal_told;	/* of one that could not be */
	uint64_t		malformed_told;	/* how many requests the server had dropped as malformed */
	time_t			malformed_told_at;
	time_t			derive_told_at;	/* when it told of missing PMKs; 0: not now */
} rlm_mpsk_t;

#endif
