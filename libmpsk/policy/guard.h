/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a handshake is worth a search among all keys: a wrong one costs
 * the most, and whoever sends it chooses how many. docs/explanation/guard.md
 * says why each limit is there.
 *
 * Asked only for devices that no known key fits. Any thread may call; a
 * guard that is NULL limits nothing.
 */
#ifndef MPSK_POLICY_GUARD_H
#define MPSK_POLICY_GUARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/mac.h"
#include "base/ssid.h"
#include "base/status.h"
#include "base/text.h"
#include "wpa/handshake.h"

typedef struct {
	uint32_t	repeat_memory;	/* seconds for which the same handshake is not looked at again; 0: off */
	uint32_t	mac_failures;	/* wrong handshakes of one MAC on one SSID; 0: off */
	uint32_t	mac_window;	/* within so many seconds */
	uint32_t	mac_pause;	/* stop searches for it for so many */
	uint32_t	nas_rate;	/* wrong handshakes a second of one NAS; 0: off */
	uint32_t	nas_burst;
	uint64_t	server_rate;	/* microseconds of CPU a second for searches; 0: off */
	uint64_t	server_burst;	/* microseconds, over 0 */
	uint32_t	long_us;	/* a search that will take so many microseconds or more is a long one */
	uint32_t	long_scans;	/* of those at a time; 0: off */
	uint32_t	long_waiting;	/* threads that may wait for their turn */
	uint32_t	long_wait_ms;	/* for so long */
} mpsk_guard_config_t;

typedef struct mpsk_guard mpsk_guard_t;

/* NULL where memory or randomness is out. */
mpsk_guard_t *mpsk_guard_create(TALLOC_CTX *ctx, mpsk_guard_config_t const *config);

typedef enum {
	MPSK_GUARD_PASS = 0,
	MPSK_GUARD_REPEAT,	/* it was found wrong a moment ago */
	MPSK_GUARD_MAC,		/* refused by this limit, as are the next */
	MPSK_GUARD_NAS,
	MPSK_GUARD_SERVER,
	MPSK_GUARD_LONG,
	MPSK_GUARD_MAX
} mpsk_guard_verdict_t;

/* One handshake before the guard. */
typedef struct {
	/* The caller's; borrowed. */
	mpsk_mac_t const	*mac;
	mpsk_ssid_t const	*ssid;
	char const		*nas;
	wpa_handshake_t const	*hs;
	uint64_t		changes;	/* mpsk_index_changes(); with another one all begins anew */
	int64_t			now_ms;		/* monotonic */
	/* The guard's. */
	uint64_t		repeat_name, mac_name, nas_name;
	size_t			keys;
	int64_t			reserved_us;
	bool			is_long;
	int64_t			wait_ms;	/* of a refusal: until it may be worth another try; 0: not known */
} mpsk_guard_visit_t;

/* Before any search. Where it is PASS, mpsk_guard_leave() ends the visit. */
mpsk_guard_verdict_t mpsk_guard_enter(mpsk_guard_t *guard, mpsk_guard_visit_t *visit);

/* Before the search of so many keys, within a visit; waits where others are at it. */
mpsk_guard_verdict_t mpsk_guard_scan(mpsk_guard_t *guard, mpsk_guard_visit_t *visit, size_t keys);

typedef enum {
	MPSK_GUARD_FOUND,	/* a key made it */
	MPSK_GUARD_WRONG,	/* none did: every key was looked at */
	MPSK_GUARD_OPEN,	/* not known yet: PMKs are still to be derived */
	MPSK_GUARD_REFUSED	/* mpsk_guard_scan() did not let it pass */
} mpsk_guard_result_t;

/* The searches of this visit took so many microseconds of CPU. */
void mpsk_guard_leave(mpsk_guard_t *guard, mpsk_guard_visit_t *visit, mpsk_guard_result_t result, int64_t spent_us);

/* Say which limit refused it, and for how long. */
void mpsk_guard_explain(mpsk_guard_t const *guard, mpsk_guard_visit_t const *visit, mpsk_guard_verdict_t verdict,
			mpsk_error_t *detail);

/* Since the start; for anybody to read. */
typedef struct {
	_Atomic uint64_t	scans;		/* of all keys of an SSID */
	_Atomic uint64_t	keys;		/* that these looked at, at most */
	_Atomic uint64_t	spent_us;	/* of CPU, by all searches */
	_Atomic uint64_t	refused[MPSK_GUARD_MAX];	/* by verdict */
} mpsk_guard_counters_t;

mpsk_guard_counters_t const *mpsk_guard_counters(mpsk_guard_t const *guard);

/* What limits did since the last report. */
typedef struct {
	int64_t		seconds;			/* since the first of these refusals */
	uint64_t	refused[MPSK_GUARD_MAX];	/* by verdict */
	uint64_t	limited;			/* of these, by a limit: all but REPEAT */
	char		nas[MPSK_ID_MAX + 1];		/* the one through which most of these came */
	uint64_t	nas_limited;
} mpsk_guard_report_t;

#define MPSK_GUARD_REPORT_MS 60000

/* Whether there is something to tell: true once in a minute at most, and only where a limit refused something. */
bool mpsk_guard_report(mpsk_guard_t *guard, int64_t now_ms, mpsk_guard_report_t *report);

#endif
