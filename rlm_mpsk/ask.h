/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the policy is told of Redis's answers: a Redis whose data were lost, or
 * are not known to be those of the copy, has no say in who is let in.
 */
#ifndef RLM_MPSK_ASK_H
#define RLM_MPSK_ASK_H

#include "rlm_mpsk/instance.h"

/* The store as the policy asks it; on workers. */
mpsk_policy_store_t rlm_mpsk_ask(rlm_mpsk_t *inst);

/* A claim as workers make it, for the sync thread, which cannot wait for itself. */
mpsk_status_t rlm_mpsk_ask_claim(rlm_mpsk_t *inst, mpsk_claim_t const *claim, mpsk_claim_result_t *result,
				 mpsk_error_t *err);

#endif
