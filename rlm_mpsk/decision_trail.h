/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decisions in the store, for `mpskctl watch`: an entry of mpsk:log:{org}
 * each, written behind the reply. What repeats itself is told once a minute
 * with its number, and a flood a hundred times a second at most.
 */
#ifndef RLM_MPSK_DECISION_TRAIL_H
#define RLM_MPSK_DECISION_TRAIL_H

#include "rlm_mpsk/instance.h"

/* -1, and an error in the log that names option and cure, where log_decisions is no word that there is. */
int rlm_mpsk_trail_check(CONF_SECTION *conf, rlm_mpsk_t const *inst);

/* What keeps repeats apart; NULL where memory is out. */
mpsk_repeats_t *rlm_mpsk_trail_create(void);

/* Put a decision in the outbox, where it is to be told. */
void rlm_mpsk_trail_decision(rlm_mpsk_t *inst, char const *dialect, mpsk_query_t const *query,
			     mpsk_outcome_t const *outcome);

#endif
