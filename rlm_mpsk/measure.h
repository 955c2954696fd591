/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the instance counts on its requests' way: a few additions each, in
 * counters that no other thread waits for.
 */
#ifndef RLM_MPSK_MEASURE_H
#define RLM_MPSK_MEASURE_H

#include "metrics/figures.h"
#include "policy/accounting.h"
#include "policy/online.h"
#include "policy/policy.h"
#include "rlm_mpsk/dialect/dialect.h"

typedef struct rlm_mpsk_measure rlm_mpsk_measure_t;

/* Room for about so many sessions. NULL where memory or randomness is out. */
rlm_mpsk_measure_t *rlm_mpsk_measure_create(size_t sessions);

typedef enum {
	RLM_MPSK_ANSWER_ACCEPT = 0,
	RLM_MPSK_ANSWER_REJECT,
	RLM_MPSK_ANSWER_NONE,
	RLM_MPSK_ANSWER_MAX
} rlm_mpsk_answer_t;

/* A request was decided and answered, which took so many nanoseconds since it came. */
void rlm_mpsk_measure_request(rlm_mpsk_measure_t *measure, dialect_t const *dialect, mpsk_outcome_t const *outcome,
			      rlm_mpsk_answer_t answer, uint64_t ns);

/* A claim took so long; result NULL: it was not answered. */
void rlm_mpsk_measure_claim(rlm_mpsk_measure_t *measure, mpsk_claim_result_t const *result, uint64_t ns);

/* An Accounting-Request came. */
void rlm_mpsk_measure_accounting(rlm_mpsk_measure_t *measure, mpsk_accounting_t const *accounting);

/* What was counted, as figures; sessions as those heard of after this time. */
void rlm_mpsk_measure_print(rlm_mpsk_measure_t *measure, mpsk_figures_t *figures, int64_t sessions_since);

/* Nanoseconds of CLOCK_MONOTONIC; and since the wall clock was at a time, 0 where it was set back meanwhile. */
uint64_t rlm_mpsk_measure_now(void);
struct timeval;
uint64_t rlm_mpsk_measure_since(struct timeval const *at);

#endif
