/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics/table.h"

#define ROW(_id, _type, _name, _help, ...) \
	[MPSK_METRIC_ ## _id] = { \
		.name = _name, .type = MPSK_METRIC_ ## _type, .labels = { __VA_ARGS__ }, .help = _help \
	}

static mpsk_metric_t const table[] = {
	ROW(BUILD_INFO, GAUGE, "mpsk_build_info",
	    "1; the labels tell the version and what searches for keys.", "version", "kernel"),
	ROW(START_TIME, GAUGE, "mpsk_start_time_seconds", "When the server was started, since 1970.", NULL),
	ROW(FIGURES_TIME, GAUGE, "mpsk_figures_time_seconds", "When these figures were taken, since 1970.", NULL),
	ROW(REQUESTS, COUNTER, "mpsk_requests_total", "Requests that were decided.", "dialect", "reason"),
	ROW(ANSWERS, COUNTER, "mpsk_answers_total",
	    "Answers to these, by code; none: the access point is left to ask another server.", "code"),
	ROW(ANSWER_SECONDS, HISTOGRAM, "mpsk_answer_seconds",
	    "From the arrival of a request to its answer.", NULL),
	ROW(SCAN_SECONDS, HISTOGRAM, "mpsk_scan_seconds",
	    "CPU time of the searches for a request's key, where there were any.", NULL),
	ROW(CLAIMS, COUNTER, "mpsk_claims_total",
	    "Claims made in Redis, by what it answered; UNANSWERED: nothing in time.", "result"),
	ROW(CLAIM_SECONDS, HISTOGRAM, "mpsk_claim_seconds", "How long a claim took, answered or not.", NULL),
	ROW(CLAIMS_DEFERRED, GAUGE, "mpsk_claims_deferred",
	    "New devices that were let in while Redis was away and are still to be claimed.", NULL),
	ROW(INDEX_READY, GAUGE, "mpsk_index_ready", "1 once the keys have been loaded, before 0.", NULL),
	ROW(INDEX_KEYS, GAUGE, "mpsk_index_keys", "Keys in memory.", NULL),
	ROW(INDEX_SSIDS, GAUGE, "mpsk_index_ssids", "SSIDs that these are for.", NULL),
	ROW(INDEX_DEVICES, GAUGE, "mpsk_index_devices", "Devices of these keys.", NULL),
	ROW(INDEX_BYTES, GAUGE, "mpsk_index_bytes",
	    "Memory that keys, PMKs and devices take, the tables to find them by aside.", NULL),
	ROW(INDEX_UNDERIVED, GAUGE, "mpsk_index_underived_pmks",
	    "PMKs that are still to be derived; their devices cannot be told apart before.", NULL),
	ROW(INDEX_AGE, GAUGE, "mpsk_index_age_seconds",
	    "How long ago the keys in memory were last in step with Redis; 0: they are.", NULL),
	ROW(STORE_STATE, GAUGE, "mpsk_store_state",
	    "1 for the state of Redis as this server sees it, 0 for the others.", "state"),
	ROW(SNAPSHOT_AGE, GAUGE, "mpsk_snapshot_age_seconds",
	    "How long ago the snapshot was written; absent where there is none.", NULL),
	ROW(GUARD_SEARCHES, COUNTER, "mpsk_guard_searches_total", "Searches among all keys of an SSID.", NULL),
	ROW(GUARD_KEYS, COUNTER, "mpsk_guard_searched_keys_total", "Keys that these looked at, at most.", NULL),
	ROW(GUARD_CPU, COUNTER, "mpsk_guard_search_cpu_seconds_total", "CPU time that searches have taken.", NULL),
	ROW(GUARD_REFUSED, COUNTER, "mpsk_guard_refused_total",
	    "Handshakes that were not searched for, by the limit of the section guard that says so.", "limit"),
	ROW(ACCOUNTING, COUNTER, "mpsk_accounting_total",
	    "Accounting-Requests, by event; restart: Accounting-On and -Off; other: of no use to sessions.", "event"),
	ROW(SESSIONS_OPEN, GAUGE, "mpsk_sessions_open",
	    "Sessions that this server heard of within session_stale, and not that they ended.", NULL),
	ROW(OUTBOX_SESSIONS, COUNTER, "mpsk_outbox_sessions_total",
	    "Accounting events on their way to Redis, by what came of them.", "result"),
	ROW(OUTBOX_SESSIONS_WAITING, GAUGE, "mpsk_outbox_sessions_waiting", "Sessions that wait to be written.", NULL),
	ROW(OUTBOX_LINES, COUNTER, "mpsk_outbox_lines_total",
	    "Decisions on their way to the log in Redis, by what came of them.", "result"),
	ROW(OUTBOX_LINES_WAITING, GAUGE, "mpsk_outbox_lines_waiting", "Decisions that wait to be written.", NULL),
	ROW(OUTBOX_FAILURES, COUNTER, "mpsk_outbox_failures_total",
	    "Attempts to write sessions or decisions that Redis did not answer.", NULL),
	ROW(DECISIONS_UNTOLD, COUNTER, "mpsk_decisions_untold_total",
	    "Decisions that were too many a second for the log in Redis.", NULL),
};

_Static_assert(sizeof(table) / sizeof(table[0]) == MPSK_METRIC_MAX, "a row for each metric");

mpsk_metric_t const *mpsk_metric(mpsk_metric_id_t id)
{
	return &table[id];
}

char const *mpsk_metric_type_name(mpsk_metric_type_t type)
{
	static char const *const names[] = {
		[MPSK_METRIC_COUNTER] = "counter",
		[MPSK_METRIC_GAUGE] = "gauge",
		[MPSK_METRIC_HISTOGRAM] = "histogram",
	};

	return names[type];
}
