/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/config.h"

#include "rlm_mpsk/decision_trail.h"
#include "rlm_mpsk/figures.h"
#include "rlm_mpsk/guard.h"

#define JOURNAL_MAX	16384	/* claims of new devices: two minutes of more than a hundred a second */

static CONF_PARSER const tls_config[] = {
	{ "ca_file", FR_CONF_OFFSET(PW_TYPE_FILE_INPUT, rlm_mpsk_t, tls.ca_file), NULL },
	{ "ca_path", FR_CONF_OFFSET(PW_TYPE_STRING, rlm_mpsk_t, tls.ca_path), NULL },
	{ "certificate_file", FR_CONF_OFFSET(PW_TYPE_FILE_INPUT, rlm_mpsk_t, tls.certificate_file), NULL },
	{ "private_key_file", FR_CONF_OFFSET(PW_TYPE_FILE_INPUT, rlm_mpsk_t, tls.private_key_file), NULL },
	{ "server_name", FR_CONF_OFFSET(PW_TYPE_STRING, rlm_mpsk_t, tls.server_name), NULL },
	CONF_PARSER_TERMINATOR
};

CONF_PARSER const rlm_mpsk_config[] = {
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

/* -1, and an error in the log, where one option needs another. */
static int check_needs(CONF_SECTION *conf, rlm_mpsk_t const *inst)
{
	if (inst->seal_plaintext && !inst->keyring) {
		cf_log_err_cs(conf, "seal_plaintext = yes: give the file to seal with in keyring");
		return -1;
	}
	if (inst->snapshot && !inst->keyring) {
		cf_log_err_cs(conf, "snapshot = \"%s\": give the file to seal it with in keyring", inst->snapshot);
		return -1;
	}
	return 0;
}

int rlm_mpsk_config_check(CONF_SECTION *conf, rlm_mpsk_t *inst)
{
	check_numbers(conf, inst);
	if (check_unknown(conf, inst) < 0) return -1;
	if (when_full_rule(inst->when_full) == MPSK_WHEN_FULL_UNSET) {
		cf_log_err_cs(conf, "when_full = \"%s\": give one of " MPSK_WHEN_FULL_NAMES, inst->when_full);
		return -1;
	}
	if (check_needs(conf, inst) != 0) return -1;
	if (rlm_mpsk_trail_check(conf, inst) != 0) return -1;
	if (rlm_mpsk_guard_check(conf, inst) != 0) return -1;
	return rlm_mpsk_figures_check(conf, inst);
}

mpsk_policy_config_t rlm_mpsk_config_policy(rlm_mpsk_t const *inst)
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

mpsk_store_config_t rlm_mpsk_config_store(rlm_mpsk_t const *inst)
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
