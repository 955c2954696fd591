/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/silence.h"

#define FRESH_S		5	/* a key that was written before is known here */
#define NO_ANSWER	256	/* Response-Packet-Type Do-Not-Respond: no code of RADIUS */

bool rlm_mpsk_silence_due(rlm_mpsk_t const *inst, mpsk_query_t const *query, mpsk_reason_t reason)
{
	static bool const unsure[MPSK_REASON_MAX] = {
		[MPSK_REASON_NO_MATCH] = true,
		[MPSK_REASON_MLD_UNKNOWN] = true,
		[MPSK_REASON_UNKNOWN_MAC] = true,
		[MPSK_REASON_SAE_UNKNOWN] = true,
		[MPSK_REASON_STORE_DOWN] = true,
		[MPSK_REASON_NOT_READY] = true,
	};

	return inst->silent_when_stale && unsure[reason] && query->age >= FRESH_S;
}

mpsk_status_t rlm_mpsk_silence_set(rlm_mpsk_attributes_t const *attributes, REQUEST *request)
{
	VALUE_PAIR *vp = fr_pair_find_by_da(request->config, attributes->response, TAG_ANY);

	if (!vp) {
		vp = fr_pair_afrom_da(request, attributes->response);
		if (!vp) return MPSK_ERR;
		fr_pair_add(&request->config, vp);
	}
	vp->op = T_OP_SET;
	vp->vp_integer = NO_ANSWER;
	return MPSK_OK;
}
