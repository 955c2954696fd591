/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/decision_log.h"

void rlm_mpsk_log_decision(rlm_mpsk_t const *inst, REQUEST *request, char const *dialect, mpsk_query_t const *query,
			   mpsk_outcome_t const *outcome, bool silent)
{
	mpsk_reason_info_t const *reason = mpsk_reason(outcome->reason);
	/* Only what is L_DBG heeds a level. Who made way for another is to be found, whatever is logged. */
	bool loud = !reason->accept || inst->log_accept || outcome->evicted;
	char mac[MPSK_MAC_TEXT_MAX];
	char bssid[MPSK_MAC_TEXT_MAX];
	char ssid[MPSK_SSID_TEXT_MAX];

	/* A line that nobody reads would cost a known device as much as finding its key. */
	if (!loud && !RDEBUG_ENABLED) return;
	radlog_request(loud ? L_INFO : L_DBG, loud ? L_DBG_LVL_OFF : L_DBG_LVL_1, request,
		       "%s reason=%s mac=%s ssid=\"%s\" bssid=%s nas=%s dialect=%s key=%s detail=\"%s\"",
		       reason->accept ? "accept" : silent ? "silent" : "reject", reason->name,
		       mpsk_mac_print(mac, &query->mac), mpsk_ssid_print(ssid, &query->ssid),
		       mpsk_mac_print(bssid, &query->bssid), query->nas[0] ? query->nas : "-", dialect,
		       outcome->id[0] ? outcome->id : "-", outcome->detail);
}

void rlm_mpsk_log_duplicate(void *uctx, mpsk_key_t const *a, mpsk_key_t const *b)
{
	rlm_mpsk_t const *inst = uctx;

	WARN("rlm_mpsk (%s): keys %s and %s have the same psk on the same SSID: nobody can tell their devices apart, "
	     "and the first of the two that may be used is taken. Give one of them another psk",
	     inst->name, a->id, b->id);
}
