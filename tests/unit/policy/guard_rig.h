/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the guard share: visits whose clock they hold.
 */
#ifndef TESTS_UNIT_POLICY_GUARD_RIG_H
#define TESTS_UNIT_POLICY_GUARD_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "policy/guard.h"

#define KEYS	1000

/* A handshake that comes to the guard, and what became of it. */
typedef struct {
	mpsk_guard_t		*guard;
	mpsk_mac_t		mac;
	mpsk_ssid_t		ssid;
	char			nas[MPSK_ID_MAX + 1];
	wpa_handshake_t		hs;
	uint64_t		changes;
	int64_t			now_ms;
	size_t			keys;
	int64_t			spent_us;
	mpsk_guard_result_t	result;
	mpsk_guard_visit_t	visit;
} rig_t;

static inline void rig_start(rig_t *rig, mpsk_guard_config_t const *config)
{
	*rig = (rig_t) {
		.guard = mpsk_guard_create(NULL, config), .mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } },
		.nas = "ap-1", .now_ms = 1000000, .keys = KEYS, .result = MPSK_GUARD_WRONG,
	};
	assert_non_null(rig->guard);
	(void) mpsk_ssid_set(&rig->ssid, "One", 3);
	rig->hs.frame_len = 121;
}

static inline void rig_end(rig_t *rig)
{
	talloc_free(rig->guard);
}

/* The next handshake of the station: another nonce, another MIC. */
static inline void another(rig_t *rig)
{
	rig->hs.mic[0]++;
	if (rig->hs.mic[0] == 0)
		rig->hs.mic[1]++;
}

/* From begin to end. */
static inline mpsk_guard_verdict_t visit(rig_t *rig)
{
	mpsk_guard_verdict_t verdict;

	rig->visit = (mpsk_guard_visit_t) {
		.mac = &rig->mac, .ssid = &rig->ssid, .nas = rig->nas, .hs = &rig->hs, .changes = rig->changes,
		.now_ms = rig->now_ms,
	};
	verdict = mpsk_guard_enter(rig->guard, &rig->visit);
	if (verdict != MPSK_GUARD_PASS)
		return verdict;
	verdict = mpsk_guard_scan(rig->guard, &rig->visit, rig->keys);
	mpsk_guard_leave(rig->guard, &rig->visit, verdict == MPSK_GUARD_PASS ? rig->result : MPSK_GUARD_REFUSED,
			 verdict == MPSK_GUARD_PASS ? rig->spent_us : 0);
	return verdict;
}

static inline mpsk_guard_verdict_t visit_anew(rig_t *rig)
{
	another(rig);
	return visit(rig);
}

static inline char const *explained(rig_t *rig, mpsk_guard_verdict_t verdict)
{
	static mpsk_error_t detail;

	mpsk_guard_explain(rig->guard, &rig->visit, verdict, &detail);
	return detail.text;
}

#endif
