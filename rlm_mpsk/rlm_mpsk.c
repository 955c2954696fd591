/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The module as FreeRADIUS sees it: life cycle and methods.
 * All that decides anything is in libmpsk.
 */
#include "rlm_mpsk/instance.h"

#include <sys/prctl.h>

#include "base/deadline.h"
#include "rlm_mpsk/accounting.h"
#include "rlm_mpsk/ask.h"
#include "rlm_mpsk/config.h"
#include "rlm_mpsk/decision_log.h"
#include "rlm_mpsk/decision_trail.h"
#include "rlm_mpsk/dialect/dialect.h"
#include "rlm_mpsk/figures.h"
#include "rlm_mpsk/guard.h"
#include "rlm_mpsk/pairs.h"
#include "rlm_mpsk/rcode.h"
#include "rlm_mpsk/reply.h"
#include "rlm_mpsk/request.h"
#include "rlm_mpsk/silence.h"
#include "rlm_mpsk/sink.h"

#define PLACES		4096	/* sites, or NASes without one, whose recently used keys are remembered */
#define DERIVE_WAIT_MS	100	/* for PMKs that are being derived: well inside an AP's patience */
#define DERIVE_STEP_MS	5
#define FLUSH_MS	2000	/* for what waits for Redis, when the server ends */
#define DERIVE_WAIT_MAX	40	/* PMKs that can be derived in that time, at 2 ms each */

static int mod_bootstrap(CONF_SECTION *conf, void *instance)
{
	rlm_mpsk_t *inst = instance;
	mpsk_error_t err;

	if (rlm_mpsk_config_check(conf, inst) != 0) return -1;
	if (rlm_mpsk_attributes_load(&inst->attributes, &err) != MPSK_OK) {
		cf_log_err_cs(conf, "%s", err.text);
		return -1;
	}
	inst->sign = !rlm_mpsk_reply_server_signs();
	return 0;
}

/* Which vector units look for keys: on a machine that scans slowly, this is where to look first. */
static void log_kernel(rlm_mpsk_t const *inst)
{
	mpsk_index_stats_t stats;

	mpsk_index_stats(inst->policy.index, &stats);
	if (stats.kernel_skipped) {
		ERROR("rlm_mpsk (%s): the kernel %s gives wrong answers on this machine and is not used: "
		      "is its memory or CPU broken?", inst->name, stats.kernel_skipped);
	}
	INFO("rlm_mpsk (%s): handshakes are matched by the kernel %s", inst->name, stats.kernel);
}

/*
 * The server's allow_core_dumps = no is a limit on the size of core files,
 * which a core_pattern that is a pipe does not heed.
 */
static void forbid_core_dumps(CONF_SECTION *conf, rlm_mpsk_t const *inst)
{
	CONF_SECTION *security = cf_section_sub_find(cf_top_section(conf), "security");
	bool allowed = false;

	if (security) cf_item_parse(security, "allow_core_dumps", FR_ITEM_POINTER(PW_TYPE_BOOLEAN, &allowed), "no");
	if (allowed) {
		WARN("rlm_mpsk (%s): a core dump would hold every passphrase: set allow_core_dumps = no in the "
		     "security section of radiusd.conf", inst->name);
	} else {
		prctl(PR_SET_DUMPABLE, 0);
	}
}

/* After setuid and fork: threads that start here live. Redis need not be there. */
static int mod_instantiate(CONF_SECTION *conf, void *instance)
{
	rlm_mpsk_t *inst = instance;
	mpsk_store_config_t config = rlm_mpsk_config_store(inst);
	mpsk_error_t err;

	if (mpsk_store_create(inst, &inst->store, &config, &err) != MPSK_OK) {
		cf_log_err_cs(conf, "%s", err.text);
		return -1;
	}
	inst->policy.config = rlm_mpsk_config_policy(inst);
	inst->policy.store = rlm_mpsk_ask(inst);
	inst->policy.journal = mpsk_store_journal(inst->store);
	/* Own roots: the sync thread allocates under them while workers do under theirs, and talloc takes no locks. */
	inst->policy.index = mpsk_index_create(NULL);
	inst->policy.bindings = mpsk_bindings_create(NULL, inst->max_bindings);
	inst->policy.recent = mpsk_recent_create(NULL, PLACES);
	inst->policy.guard = rlm_mpsk_guard_create(inst);
	inst->repeats = rlm_mpsk_trail_create();
	inst->measure = rlm_mpsk_measure_create(inst->accounting_spool);
	if (!inst->repeats || !inst->measure || !inst->policy.index || !inst->policy.bindings ||
	    !inst->policy.recent || !inst->policy.guard) {
		cf_log_err_cs(conf, "out of memory");
		return -1;
	}
	if (inst->seal_plaintext && !(inst->to_seal = mpsk_names_create(NULL))) {
		cf_log_err_cs(conf, "out of memory");
		return -1;
	}
	mpsk_index_on_duplicate(inst->policy.index, rlm_mpsk_log_duplicate, inst);

	log_kernel(inst);

	if (check_config) return 0;
	forbid_core_dumps(conf, inst);
	if (mpsk_index_threads(inst->policy.index, inst->match_threads) != MPSK_OK) {
		cf_log_err_cs(conf, "match_threads: %u threads cannot be started", inst->match_threads);
		return -1;
	}
	if (rlm_mpsk_outbox_start(inst, &config, &err) != MPSK_OK) {
		cf_log_err_cs(conf, "%s", err.text);
		return -1;
	}
	if (mpsk_sync_start(NULL, &inst->sync, &config, &rlm_mpsk_sink, inst, &err) != MPSK_OK) {
		cf_log_err_cs(conf, "%s", err.text);
		return -1;
	}
	return rlm_mpsk_figures_start(conf, inst);
}

static int mod_detach(void *instance)
{
	rlm_mpsk_t *inst = instance;

	rlm_mpsk_figures_stop(inst);
	mpsk_outbox_stop(&inst->outbox, FLUSH_MS);
	if (inst->sync) mpsk_sync_stop(&inst->sync);
	talloc_free(inst->policy.index);
	talloc_free(inst->policy.bindings);
	talloc_free(inst->policy.recent);
	talloc_free(inst->policy.guard);
	talloc_free(inst->repeats);
	talloc_free(inst->measure);
	talloc_free(inst->to_seal);
	return 0;
}

/*
 * Some PMKs are not derived yet: those of a key that a hand has just typed,
 * or of keys for any SSID on one that nobody asked for before. Where they
 * are few, they are worth waiting for: an AP that is refused does not ask
 * again, and its device would blame the passphrase.
 */
static void decide_once_derived(rlm_mpsk_t *inst, mpsk_query_t const *query, mpsk_outcome_t *outcome)
{
	for (int waited = 0; waited < DERIVE_WAIT_MS; waited += DERIVE_STEP_MS) {
		struct timespec const step = { .tv_nsec = DERIVE_STEP_MS * 1000000 };
		mpsk_index_stats_t stats;

		mpsk_sync_wake(inst->sync);
		nanosleep(&step, NULL);
		mpsk_index_stats(inst->policy.index, &stats);
		if (stats.missing > DERIVE_WAIT_MAX) return;
		mpsk_policy_decide(&inst->policy, query, outcome);
		if (outcome->reason != MPSK_REASON_NOT_READY) return;
	}
}

static void outcome_set(mpsk_outcome_t *outcome, mpsk_reason_t reason, mpsk_error_t const *why)
{
	memset(outcome, 0, sizeof(*outcome));
	outcome->reason = reason;
	snprintf(outcome->detail, sizeof(outcome->detail), "%s", why->text);
}

/* A PMK is of no use to SAE, so where a style has none but that, the passphrase goes as RFC 2868 has it. */
static dialect_style_t const *style_of(rlm_mpsk_manner_t const *manner, mpsk_query_t const *query)
{
	dialect_style_t const *own = query->unbound ? manner->dialect->unbound : manner->dialect->bound;
	dialect_style_t const *style = manner->style ? manner->style : own;

	return query->by_sae && style->needs_pmk ? &dialect_style_tunnel_password : style;
}

/* Read the request; the whole query but its site and NAS. */
static mpsk_status_t query_read(dialect_t const *dialect, dialect_request_t *pairs, mpsk_query_t *query,
				mpsk_error_t *err)
{
	mpsk_status_t status = dialect->read(pairs, query, err);

	/* A handshake has its AKM in message 2, where the MIC covers it. */
	if (status != MPSK_OK || query->unbound) return status;
	return dialect_request_by_sae(pairs, &query->by_sae, err);
}

/* The request as a query, decided. */
static void decide(rlm_mpsk_t *inst, rlm_mpsk_manner_t const *manner, dialect_request_t *pairs, mpsk_query_t *query,
		   mpsk_outcome_t *outcome)
{
	dialect_t const *dialect = manner->dialect;
	mpsk_error_t err = { .text = "" };

	query->now = time(NULL);
	query->now_ms = mpsk_monotonic_ms();
	query->age = mpsk_sync_age(inst->sync);
	if (query_read(dialect, pairs, query, &err) != MPSK_OK) {
		outcome_set(outcome, MPSK_REASON_BAD_FRAME, &err);
		return;
	}
	if (dialect->two_steps && !query->unbound && !query->by_sae) {
		outcome_set(outcome, MPSK_REASON_FIRST_STEP, &err);
		return;
	}
	query->wants_pmk = style_of(manner, query)->needs_pmk;
	query->tries_several = dialect->tries_several && style_of(manner, query) == &dialect_style_tunnel_password;
	mpsk_policy_decide(&inst->policy, query, outcome);
	if (outcome->reason == MPSK_REASON_NOT_READY && mpsk_index_ready(inst->policy.index)) {
		decide_once_derived(inst, query, outcome);
	}
	if (outcome->reason == MPSK_REASON_NOT_READY && !mpsk_sync_live(inst->sync)) {
		outcome->reason = MPSK_REASON_STORE_DOWN;
	}
}

/* The PMK, where the access point wants it and no handshake has given it. */
static mpsk_status_t pmk_ensure(mpsk_query_t const *query, mpsk_outcome_t *outcome)
{
	if (outcome->has_pmk) return MPSK_OK;
	outcome->has_pmk = wpa_pmk_derive(&outcome->pmk, &outcome->psk, &query->ssid) == MPSK_OK;
	return outcome->has_pmk ? MPSK_OK : MPSK_ERR;
}

static uint32_t interim_of(rlm_mpsk_t const *inst, rlm_mpsk_manner_t const *manner)
{
	return manner->has_interim_interval ? manner->interim_interval : inst->interim_interval;
}

static mpsk_status_t write_key(rlm_mpsk_t *inst, rlm_mpsk_manner_t const *manner, REQUEST *request,
			       mpsk_query_t const *query, mpsk_outcome_t *outcome)
{
	dialect_style_t const *style = style_of(manner, query);
	rlm_mpsk_pairs_t context;
	dialect_reply_t const reply = rlm_mpsk_pairs_reply(&context, &inst->attributes, request);

	if (style->needs_pmk && pmk_ensure(query, outcome) != MPSK_OK) return MPSK_ERR;
	if (style->write(&reply, outcome) != MPSK_OK) return MPSK_ERR;
	if (dialect_reply_interim(&reply, interim_of(inst, manner)) != MPSK_OK) return MPSK_ERR;
	return dialect_reply_common(&reply, outcome, !manner->no_session_timeout);
}

static mpsk_status_t write_reply(rlm_mpsk_t *inst, rlm_mpsk_manner_t const *manner, REQUEST *request,
				 mpsk_query_t const *query, mpsk_outcome_t *outcome)
{
	if (inst->sign && rlm_mpsk_reply_sign(&inst->attributes, request) != MPSK_OK) return MPSK_ERR;
	if (rlm_mpsk_reply_control(&inst->attributes, request, manner->dialect->name, outcome) != MPSK_OK) {
		return MPSK_ERR;
	}
	/* The first of two steps has no key yet. */
	if (!mpsk_reason(outcome->reason)->accept || !outcome->psk.len) return MPSK_OK;
	return write_key(inst, manner, request, query, outcome);
}

static rlm_rcode_t CC_HINT(nonnull) mod_authorize(void *instance, REQUEST *request)
{
	rlm_mpsk_t *inst = instance;
	dialect_request_t pairs;
	dialect_t const *shown;
	rlm_mpsk_manner_t manner;
	char nas[MPSK_ID_MAX + 1];
	mpsk_query_t query = { .nas = nas };
	mpsk_outcome_t outcome;
	mpsk_error_t err;
	rlm_rcode_t rcode;
	VALUE_PAIR *site;
	bool silent;

	rlm_mpsk_pairs_read(&pairs, request);
	shown = dialect_find(&pairs, NULL);
	if (!shown) return RLM_MODULE_NOOP;

	rlm_mpsk_request_nas(&pairs, request, nas);
	if (rlm_mpsk_request_manner(&manner, inst, request, nas, &err) != MPSK_OK) {
		RERROR("%s", err.text);
		/* Unsigned, hostapd would take no notice of the refusal. */
		if (inst->sign) (void) rlm_mpsk_reply_sign(&inst->attributes, request);
		return RLM_MODULE_FAIL;
	}
	manner.dialect = manner.dialect ? dialect_find(&pairs, manner.dialect) : shown;
	site = fr_pair_find_by_da(request->config, inst->attributes.site, TAG_ANY);
	if (site) query.site = site->vp_strvalue;

	decide(inst, &manner, &pairs, &query, &outcome);
	silent = rlm_mpsk_silence_due(inst, &query, outcome.reason);
	rlm_mpsk_log_decision(inst, request, manner.dialect->name, &query, &outcome, silent);
	rlm_mpsk_trail_decision(inst, manner.dialect->name, &query, &outcome);
	rlm_mpsk_guard_log(inst, query.now_ms);
	rcode = rlm_mpsk_rcode(outcome.reason);
	if (silent) rcode = RLM_MODULE_HANDLED;
	if ((silent && rlm_mpsk_silence_set(&inst->attributes, request) != MPSK_OK) ||
	    write_reply(inst, &manner, request, &query, &outcome) != MPSK_OK) {
		RERROR("The reply could not be made: out of memory");
		rcode = RLM_MODULE_FAIL;
	}
	rlm_mpsk_measure_request(inst->measure, manner.dialect, &outcome, rlm_mpsk_answer(rcode),
				 rlm_mpsk_measure_since(&request->packet->timestamp));
	mpsk_outcome_wipe(&outcome);
	return rcode;
}

static rlm_rcode_t CC_HINT(nonnull) mod_accounting(void *instance, REQUEST *request)
{
	return rlm_mpsk_accounting(instance, request);
}

extern module_t rlm_mpsk;
module_t rlm_mpsk = {
	.magic = RLM_MODULE_INIT,
	.name = "mpsk",
	.type = RLM_TYPE_THREAD_SAFE,
	.inst_size = sizeof(rlm_mpsk_t),
	.config = rlm_mpsk_config,
	.bootstrap = mod_bootstrap,
	.instantiate = mod_instantiate,
	.detach = mod_detach,
	.methods = {
		[MOD_AUTHORIZE] = mod_authorize,
		[MOD_ACCOUNTING] = mod_accounting,
	},
};
