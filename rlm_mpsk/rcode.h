/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the server is told of a decision.
 */
#ifndef RLM_MPSK_RCODE_H
#define RLM_MPSK_RCODE_H

#include <freeradius/build.h>
#include <freeradius/radiusd.h>

#include "policy/reason.h"
#include "rlm_mpsk/measure.h"

/* The return code of a reason, as raddb/mods-available/mpsk lists them. */
rlm_rcode_t rlm_mpsk_rcode(mpsk_reason_t reason);

/* What the access point is answered then. */
rlm_mpsk_answer_t rlm_mpsk_answer(rlm_rcode_t rcode);

#endif
