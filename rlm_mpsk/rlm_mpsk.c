/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The module as FreeRADIUS sees it: configuration, life cycle, methods.
 * All that decides anything is in libmpsk.
 */
#include "rlm_mpsk/instance.h"

#include <sys/prctl.h>

#include "base/deadline.h"
#include "rlm_mpsk/accounting.h"
#include "rlm_mpsk/ask.h"
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
#define JOURNAL_MAX	16384	/* claims of new devices: two minutes of more than a hundred a second */
#define FLUSH_MS	2000	/* for what waits for Redis, when the server ends */
#define DERIVE_WAIT_MAX	40	/* PMKs that can be derived in that time, at 2 ms each */

static CONF_PARSER const tls_config[] = {
	{ "ca_file", FR_CONF_OFFSET(PW_TYPE_FILE_INPUT, rlm_mpsk_t, tls.ca_file), NULL },
	{ "ca_path", FR_CONF_OFFSET(PW_TYPE_STRING, rlm_mpsk_t, tls.ca_path), NULL },
	{ "certificate_file", FR_CONF_OFFSET(PW_TYPE_FILE_INPUT, rlm_mpsk_t, tls.certificate_file), NULL },
	{ "private_key_file", FR_CONF_OFFSET(PW_TYPE_FILE_INPUT, rlm_mpsk_t, tls.private_key_file), NULL },
	{ "server_name", FR_CONF_OFFSET(PW_TYPE_STRING, rlm_mpsk_t, tls.server_name), NULL },
	CONF_PARSER_TERMINATOR
};

static CONF_PARSER const module_config[] = {
	{ "redis", FR_CONF_OFFSET(PW_TYPE_STRING | PW_TYPE_SECRET | PW_TYPE_NOT_EMPTY, rlm_mpsk_t, redis),
	  "redis://127.0.0.1:6379" },
	{ "password_file", FR_CONF_OFFSET(PW_TYPE_FILE_INPUT, rlm_mpsk_t, password_file), NULL },
	{ "sentinel_user", FR_CONF_OFFSET(PW_TYPE_STRING, rlm_mpsk_t, sentinel_user), NULL },
	{ "sentinel_password_file", FR_CONF_OFFSET(PW_TYPE_FILE_INPUT, rlm_mpsk_t, sentinel_password_file), NULL },
	{ "keyring", FR_CONF_OFFSET(PW_TYPE_FILE_INPUT, rlm_mpsk_t, keyring), NULL },
	{ "seal_plaintext", FR_CONF_OFFSET(PW_TYPE_BOOLEAN, rlm_mpsk_t, seal_plaintext), "no" },
	{ "snapshot", FR_CONF_OFFSET(PW_TYPE_FILE_OUTPUT, rlm_mpsk_t, snapshot), NULL },
	{ "snapshot_interval", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, snapshot_interval), "60" },
	{ "tls", FR_CONF_POINTER(PW_TYPE_SUBSECTION, NULL), (void const *) tls_config },
	{ "connect_timeout", FR_CONF_OFFSET(PW_TYPE_TIMEVAL, rlm_mpsk_t, connect_timeout), "0.1" },
	{ "command_timeout", FR_CONF_OFFSET(PW_TYPE_TIMEVAL, rlm_mpsk_t, command_timeout), "0.15" },
	{ "retry_interval", FR_CONF_OFFSET(PW_TYPE_TIMEVAL, rlm_mpsk_t, retry_interval), "0.25" },
	{ "max_connections", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, max_connections), "32" },
	{ "default_max", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, default_max), "0" },
	{ "default_idle", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, default_idle), "0" },
	{ "when_full", FR_CONF_OFFSET(PW_TYPE_STRING, rlm_mpsk_t, when_full), "replace-idle" },
	{ "concurrent_grace", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, concurrent_grace), "300" },
	{ "session_timeout", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, session_timeout), "0" },
	{ "interim_interval", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, interim_interval), "600" },
	{ "session_stale", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, session_stale), "3600" },
	{ "accounting_spool", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, accounting_spool), "65536" },
	{ "claim_fresh", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, claim_fresh), "60" },
	{ "unknown_mac", FR_CONF_OFFSET(PW_TYPE_STRING, rlm_mpsk_t, unknown_mac), "reject" },
	{ "unknown_key", FR_CONF_OFFSET(PW_TYPE_STRING, rlm_mpsk_t, unknown_key), NULL },
	{ "max_candidates", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, max_candidates), "8" },
	{ "degraded_new", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, degraded_new), "1" },
	{ "stale_max", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, stale_max), "86400" },
	{ "silent_when_stale", FR_CONF_OFFSET(PW_TYPE_BOOLEAN, rlm_mpsk_t, silent_when_stale), "no" },
	{ "max_bindings", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, max_bindings), "100000" },
	{ "match_threads", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, match_threads), "1" },
	{ "guard", FR_CONF_POINTER(PW_TYPE_SUBSECTION, NULL), (void const *) rlm_mpsk_guard_config },
	{ "log_accept", FR_CONF_OFFSET(PW_TYPE_BOOLEAN, rlm_mpsk_t, log_accept), "no" },
	{ "log_decisions", FR_CONF_OFFSET(PW_TYPE_STRING, rlm_mpsk_t, log_decisions), "refused" },
	{ "metrics_listen", FR_CONF_OFFSET(PW_TYPE_STRING, rlm_mpsk_t, metrics_listen), NULL },
	{ "metrics_name", FR_CONF_OFFSET(PW_TYPE_STRING, rlm_mpsk_t, metrics_name), NULL },
	CONF_PARSER_TERMINATOR
};

static int milliseconds(struct timeval const *tv)
{
	return (int) (tv->tv_sec * 1000 + tv->tv_usec / 1000);
}

static int unknown_rule(char const *name)
{
	static char const *const names[] = {
		[MPSK_UNKNOWN_REJECT] = "reject",
		[MPSK_UNKNOWN_KEY] = "key",
		[MPSK_UNKNOWN_CANDIDATES] = "candidates",
	};

	for (int i = 0; i < (int) (sizeof(names) / sizeof(names[0])); i++) {
		if (strcmp(names[i], name) == 0) return i;
	}
	return -1;
}

static int check_numbers(CONF_SECTION *conf, rlm_mpsk_t *inst)
{
	FR_TIMEVAL_BOUND_CHECK("connect_timeout", &inst->connect_timeout, >=, 0, 10000);
	FR_TIMEVAL_BOUND_CHECK("connect_timeout", &inst->connect_timeout, <=, 10, 0);
	FR_TIMEVAL_BOUND_CHECK("command_timeout", &inst->command_timeout, >=, 0, 10000);
	FR_TIMEVAL_BOUND_CHECK("command_timeout", &inst->command_timeout, <=, 10, 0);
	FR_TIMEVAL_BOUND_CHECK("retry_interval", &inst->retry_interval, >=, 0, 10000);
	FR_TIMEVAL_BOUND_CHECK("retry_interval", &inst->retry_interval, <=, 60, 0);
	FR_INTEGER_BOUND_CHECK("max_connections", inst->max_connections, >=, 1);
	FR_INTEGER_BOUND_CHECK("max_connections", inst->max_connections, <=, 1024);
	FR_INTEGER_BOUND_CHECK("snapshot_interval", inst->snapshot_interval, >=, 1);
	FR_INTEGER_BOUND_CHECK("snapshot_interval", inst->snapshot_interval, <=, 86400);
	FR_INTEGER_BOUND_CHECK("max_candidates", inst->max_candidates, >=, 1);
	FR_INTEGER_BOUND_CHECK("max_candidates", inst->max_candidates, <=, MPSK_OFFERS_MAX);
	FR_INTEGER_BOUND_CHECK("max_bindings", inst->max_bindings, >=, 1000);
	FR_INTEGER_BOUND_CHECK("max_bindings", inst->max_bindings, <=, 10000000);
	if (inst->interim_interval) FR_INTEGER_BOUND_CHECK("interim_interval", inst->interim_interval, >=, 60);
	FR_INTEGER_BOUND_CHECK("interim_interval", inst->interim_interval, <=, 86400);
	FR_INTEGER_BOUND_CHECK("session_stale", inst->session_stale, >=, 60);
	FR_INTEGER_BOUND_CHECK("session_stale", inst->session_stale, <=, 604800);
	FR_INTEGER_BOUND_CHECK("concurrent_grace", inst->concurrent_grace, >=, 10);
	FR_INTEGER_BOUND_CHECK("concurrent_grace", inst->concurrent_grace, <=, 604800);
	FR_INTEGER_BOUND_CHECK("accounting_spool", inst->accounting_spool, >=, 1000);
	FR_INTEGER_BOUND_CHECK("accounting_spool", inst->accounting_spool, <=, 1000000);
	inst->name = cf_section_name2(conf);
	if (!inst->name) inst->name = cf_section_name1(conf);
	return 0;
}

/* -1, and an error in the log, where the rule for MACs that nobody knows is none. */
static int check_unknown(CONF_SECTION *conf, rlm_mpsk_t const *inst)
{
	int rule = unknown_rule(inst->unknown_mac);

	if (rule < 0) {
		cf_log_err_cs(conf, "unknown_mac = \"%s\": give reject, key or candidates", inst->unknown_mac);
		return -1;
	}
	if (rule != MPSK_UNKNOWN_KEY) return 0;
	if (inst->unknown_key && mpsk_id_valid(inst->unknown_key, strlen(inst->unknown_key))) return 0;
	cf_log_err_cs(conf, "unknown_mac = \"key\": give the id of that key in unknown_key");
	return -1;
}

/* Unset where the name is none. */
static mpsk_when_full_t when_full_rule(char const *name)
{
	mpsk_when_full_t rule = MPSK_WHEN_FULL_UNSET;

	(void) mpsk_when_full_parse(&rule, name, strlen(name));
	return rule;
}

static int mod_bootstrap(CONF_SECTION *conf, void *instance)
{
	rlm_mpsk_t *inst = instance;
	mpsk_error_t err;

	check_numbers(conf, inst);
	if (check_unknown(conf, inst) < 0) return -1;
	if (when_full_rule(inst->when_full) == MPSK_WHEN_FULL_UNSET) {
		cf_log_err_cs(conf, "when_full = \"%s\": give one of " MPSK_WHEN_FULL_NAMES, inst->when_full);
		return -1;
	}
	if (inst->seal_plaintext && !inst->keyring) {
		cf_log_err_cs(conf, "seal_plaintext = yes: give the file to seal with in keyring");
		return -1;
	}
	if (inst->snapshot && !inst->keyring) {
		cf_log_err_cs(conf, "snapshot = \"%s\": give the file to seal it with in keyring", inst->snapshot);
		return -1;
	}
	if (rlm_mpsk_trail_check(conf, inst) != 0) return -1;
	if (rlm_mpsk_guard_check(conf, inst) != 0) return -1;
	if (rlm_mpsk_figures_check(conf, inst) != 0) return -1;
	if (rlm_mpsk_attributes_load(&inst->attributes, &err) != MPSK_OK) {
		cf_log_err_cs(conf, "%s", err.text);
		return -1;
	}
	inst->sign = !rlm_mpsk_reply_server_signs();
	return 0;
}

static mpsk_policy_config_t policy_config(rlm_mpsk_t const *inst)
{
	return (mpsk_policy_config_t) {
		.default_max = inst->default_max,
		.default_idle = inst->default_idle,
		.when_full = when_full_rule(inst->when_full),
		.concurrent_grace = inst->concurrent_grace,
		.session_timeout = inst->session_timeout,
		.claim_fresh = inst->claim_fresh,
		.degraded_new = inst->degraded_new,
		.stale_max = inst->stale_max,
		.unknown = (mpsk_unknown_t) unknown_rule(inst->unknown_mac),
		.unknown_key = inst->unknown_key,
		.max_candidates = inst->max_candidates,
	};
}

static mpsk_store_config_t store_config(rlm_mpsk_t const *inst)
{
	return (mpsk_store_config_t) {
		.uri = inst->redis,
		.password_file = inst->password_file,
		.sentinel_user = inst->sentinel_user,
		.sentinel_password_file = inst->sentinel_password_file,
		.tls = inst->tls,
		.keyring = inst->keyring,
		.connect_ms = milliseconds(&inst->connect_timeout),
		.command_ms = milliseconds(&inst->command_timeout),
		.retry_ms = milliseconds(&inst->retry_interval),
		.max_connections = inst->max_connections,
		.journal = JOURNAL_MAX,
		.snapshot = inst->snapshot,
		.snapshot_s = (int) inst->snapshot_interval,
		.snapshot_max_s = inst->stale_max,
	};
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
	mpsk_store_config_t config = store_config(inst);
	mpsk_error_t err;

	if (mpsk_store_create(inst, &inst->store, &config, &err) != MPSK_OK) {
		cf_log_err_cs(conf, "%s", err.text);
		return -1;
	}
	inst->policy.config = policy_config(inst);
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
	.config = module_config,
	.bootstrap = mod_bootstrap,
	.instantiate = mod_instantiate,
	.detach = mod_detach,
	.methods = {
		[MOD_AUTHORIZE] = mod_authorize,
		[MOD_ACCOUNTING] = mod_accounting,
	},
};
