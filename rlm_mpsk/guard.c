/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/guard.h"

#include <inttypes.h>
#include <unistd.h>

#define LONG_US	1000	/* a shorter search holds up nobody */

CONF_PARSER const rlm_mpsk_guard_config[] = {
	{ "repeat_memory", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, guard.repeat_memory), "10" },
	{ "mac_failures", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, guard.mac_failures), "10" },
	{ "mac_window", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, guard.mac_window), "10" },
	{ "mac_pause", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, guard.mac_pause), "5" },
	{ "nas_rate", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, guard.nas_rate), "50" },
	{ "nas_burst", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, guard.nas_burst), "500" },
	{ "server_share", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, guard.server_share), "25" },
	{ "server_burst", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, guard.server_burst), "2" },
	{ "long_scans", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, guard.long_scans), "1" },
	{ "long_waiting", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, guard.long_waiting), "2" },
	{ "long_wait", FR_CONF_OFFSET(PW_TYPE_INTEGER, rlm_mpsk_t, guard.long_wait), "200" },
	CONF_PARSER_TERMINATOR
};

int rlm_mpsk_guard_check(CONF_SECTION *conf, rlm_mpsk_t const *inst)
{
	rlm_mpsk_guard_options_t const *guard = &inst->guard;
	struct {
		char const	*name;
		uint32_t	value, min, max;
		char const	*cure;
	} const rows[] = {
		{ "repeat_memory", guard->repeat_memory, 0, 60, "seconds, or 0 for none" },
		{ "mac_failures", guard->mac_failures, 0, 1000000, "wrong handshakes, or 0 for no limit" },
		{ "mac_window", guard->mac_window, 1, 3600, "seconds" },
		{ "mac_pause", guard->mac_pause, 1, 3600, "seconds" },
		{ "nas_rate", guard->nas_rate, 0, 1000000, "wrong handshakes a second, or 0 for no limit" },
		{ "nas_burst", guard->nas_burst, 1, 1000000, "wrong handshakes" },
		{ "server_share", guard->server_share, 0, 100, "percent of all CPUs, or 0 for no limit" },
		{ "server_burst", guard->server_burst, 1, 3600, "seconds of one CPU" },
		{ "long_scans", guard->long_scans, 0, 1024, "long searches at a time, or 0 for no limit" },
		{ "long_waiting", guard->long_waiting, 0, 1024, "requests" },
		{ "long_wait", guard->long_wait, 0, 5000, "milliseconds" },
		{ "match_threads", inst->match_threads, 1, 64, "threads" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].value >= rows[i].min && rows[i].value <= rows[i].max) continue;
		cf_log_err_cs(conf, "%s is %u: set it to %u to %u (%s)", rows[i].name, rows[i].value, rows[i].min,
			      rows[i].max, rows[i].cure);
		return -1;
	}
	return 0;
}

/* A percent of every CPU that there is: so many microseconds of one a second. */
static uint64_t share_us(uint32_t percent)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	return (uint64_t) percent * (uint64_t) (cpus > 0 ? cpus : 1) * 10000;
}

mpsk_guard_t *rlm_mpsk_guard_create(rlm_mpsk_t const *inst)
{
	rlm_mpsk_guard_options_t const *options = &inst->guard;

	return mpsk_guard_create(NULL, &(mpsk_guard_config_t) {
		.repeat_memory = options->repeat_memory,
		.mac_failures = options->mac_failures,
		.mac_window = options->mac_window,
		.mac_pause = options->mac_pause,
		.nas_rate = options->nas_rate,
		.nas_burst = options->nas_burst,
		.server_rate = share_us(options->server_share),
		.server_burst = (uint64_t) options->server_burst * 1000000,
		.long_us = LONG_US,
		.long_scans = options->long_scans,
		.long_waiting = options->long_waiting,
		.long_wait_ms = options->long_wait,
	});
}

void rlm_mpsk_guard_log(rlm_mpsk_t const *inst, int64_t now_ms)
{
	mpsk_guard_report_t report;

	if (!mpsk_guard_report(inst->policy.guard, now_ms, &report)) return;
	WARN("rlm_mpsk (%s): %" PRIu64 " handshakes were not searched for in the last %" PRId64 " s: %" PRIu64
	     " for mac_failures, %" PRIu64 " for nas_rate, %" PRIu64 " for server_share, %" PRIu64 " for long_scans; "
	     "most of them, %" PRIu64 ", came through NAS %s. Repeats answered from memory: %" PRIu64,
	     inst->name, report.limited, report.seconds, report.refused[MPSK_GUARD_MAC],
	     report.refused[MPSK_GUARD_NAS], report.refused[MPSK_GUARD_SERVER], report.refused[MPSK_GUARD_LONG],
	     report.nas_limited, report.nas[0] ? report.nas : "-", report.refused[MPSK_GUARD_REPEAT]);
}
