/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/malformed.h"

#include <inttypes.h>

#define TELL_S 60

void rlm_mpsk_malformed_log(rlm_mpsk_t *inst, time_t now)
{
	/* The server's thread that receives counts them, without a lock. */
	uint64_t n = __atomic_load_n(&radius_auth_stats.total_malformed_requests, __ATOMIC_RELAXED);

	if (n == inst->malformed_told || now < inst->malformed_told_at + TELL_S) return;
	WARN("rlm_mpsk (%s): malformed Access-Requests, which the server dropped before any module saw them: %" PRIu64
	     ". hostapd 2.11 sends such ones for stations of FT-PSK if its nas_identifier has more than 8 characters, "
	     "or 4 with ieee80211w: give it a shorter one. radiusd -X shows who sends them",
	     inst->name, n - inst->malformed_told);
	inst->malformed_told = n;
	inst->malformed_told_at = now;
}
