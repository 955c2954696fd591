/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line per decision in the server's log, made to be read by people and
 * cut up by scripts:
 *
 *   reject reason=CAP_REACHED mac=00-00-5e-00-53-01 ssid="Acme" ... dialect=cisco key=bob detail="5 of 5 devices"
 */
#ifndef RLM_MPSK_DECISION_LOG_H
#define RLM_MPSK_DECISION_LOG_H

#include "rlm_mpsk/instance.h"

/* Rejections always, accepts where log_accept is set (or in debug mode); silent: a rejection that is not sent. */
void rlm_mpsk_log_decision(rlm_mpsk_t const *inst, REQUEST *request, char const *dialect, mpsk_query_t const *query,
			   mpsk_outcome_t const *outcome, bool silent);

/* Two keys that nobody can tell apart: an mpsk_index_duplicate_t whose uctx is the instance. */
void rlm_mpsk_log_duplicate(void *uctx, mpsk_key_t const *a, mpsk_key_t const *b);

#endif
