/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/measure.h"

#include <sys/time.h>
#include <time.h>

#define DIALECTS	32	/* room for them; table.c has fewer */
#define CLAIM_CODES	(MPSK_CLAIM_BADKEY + 1)
#define NS_A_SECOND	1000000000
#define NS_A_MICRO	1000

typedef enum {
	EVENT_START = 0,
	EVENT_INTERIM,
	EVENT_STOP,
	EVENT_RESTART,
	EVENT_OTHER,
	EVENT_MAX
} event_t;

static char const *const answers[RLM_MPSK_ANSWER_MAX] = {
	[RLM_MPSK_ANSWER_ACCEPT] = "Access-Accept",
	[RLM_MPSK_ANSWER_REJECT] = "Access-Reject",
	[RLM_MPSK_ANSWER_NONE] = "none",
};

static char const *const events[EVENT_MAX] = {
	[EVENT_START] = "start",
	[EVENT_INTERIM] = "interim",
	[EVENT_STOP] = "stop",
	[EVENT_RESTART] = "restart",
	[EVENT_OTHER] = "other",
};

/* Where each begins among the counters. What every request counts stands first. */
enum {
	AT_ANSWERS = 0,
	AT_ANSWER_SECONDS = AT_ANSWERS + RLM_MPSK_ANSWER_MAX,
	AT_SCAN_SECONDS = AT_ANSWER_SECONDS + MPSK_HISTOGRAM_SLOTS,
	AT_CLAIM_SECONDS = AT_SCAN_SECONDS + MPSK_HISTOGRAM_SLOTS,
	AT_CLAIMS = AT_CLAIM_SECONDS + MPSK_HISTOGRAM_SLOTS,	/* by code, and one for no answer */
	AT_EVENTS = AT_CLAIMS + CLAIM_CODES + 1,
	AT_REQUESTS = AT_EVENTS + EVENT_MAX,			/* by dialect, then by reason */
	AT_END = AT_REQUESTS + DIALECTS * MPSK_REASON_MAX
};

struct rlm_mpsk_measure {
	mpsk_counts_t	*counts;
	mpsk_online_t	*online;
};

rlm_mpsk_measure_t *rlm_mpsk_measure_create(size_t sessions)
{
	rlm_mpsk_measure_t *measure = talloc_zero(NULL, rlm_mpsk_measure_t);

	if (!measure) return NULL;
	measure->counts = mpsk_counts_create(measure, AT_END);
	measure->online = mpsk_online_create(measure, sessions);
	if (!measure->counts || !measure->online) TALLOC_FREE(measure);
	return measure;
}

void rlm_mpsk_measure_request(rlm_mpsk_measure_t *measure, dialect_t const *dialect, mpsk_outcome_t const *outcome,
			      rlm_mpsk_answer_t answer, uint64_t ns)
{
	mpsk_count_t *mine = mpsk_counts_mine(measure->counts);
	size_t number = dialect_number(dialect);

	if (number < DIALECTS) mpsk_count_add(&mine[AT_REQUESTS + number * MPSK_REASON_MAX + outcome->reason], 1);
	mpsk_count_add(&mine[AT_ANSWERS + answer], 1);
	mpsk_histogram_note(&mine[AT_ANSWER_SECONDS], ns);
	if (outcome->scan_ns) mpsk_histogram_note(&mine[AT_SCAN_SECONDS], outcome->scan_ns);
}

void rlm_mpsk_measure_claim(rlm_mpsk_measure_t *measure, mpsk_claim_result_t const *result, uint64_t ns)
{
	mpsk_count_t *mine = mpsk_counts_mine(measure->counts);

	mpsk_count_add(&mine[AT_CLAIMS + (result ? (size_t) result->code : CLAIM_CODES)], 1);
	mpsk_histogram_note(&mine[AT_CLAIM_SECONDS], ns);
}

static event_t event_of(mpsk_accounting_t const *accounting)
{
	switch (accounting->kind) {
	case MPSK_ACCOUNTING_SESSION:
		if (accounting->event.session.ended) return EVENT_STOP;
		return accounting->event.started ? EVENT_START : EVENT_INTERIM;
	case MPSK_ACCOUNTING_RESTART:
		return EVENT_RESTART;
	default:
		return EVENT_OTHER;
	}
}

void rlm_mpsk_measure_accounting(rlm_mpsk_measure_t *measure, mpsk_accounting_t const *accounting)
{
	mpsk_count_add(&mpsk_counts_mine(measure->counts)[AT_EVENTS + event_of(accounting)], 1);
	if (accounting->kind == MPSK_ACCOUNTING_SESSION) mpsk_online_note(measure->online, &accounting->event.session);
}

/* Of the many pairs that there could be, those that there were. */
static void requests_print(rlm_mpsk_measure_t const *measure, mpsk_figures_t *figures)
{
	dialect_t const *dialect;

	for (size_t n = 0; n < DIALECTS && (dialect = dialect_at(n)); n++) {
		for (size_t reason = 0; reason < MPSK_REASON_MAX; reason++) {
			uint64_t sum = mpsk_counts_sum(measure->counts, AT_REQUESTS + n * MPSK_REASON_MAX + reason);

			if (!sum) continue;
			mpsk_figures_put(figures, MPSK_METRIC_REQUESTS, sum, dialect->name,
					 mpsk_reason((mpsk_reason_t) reason)->name);
		}
	}
}

void rlm_mpsk_measure_print(rlm_mpsk_measure_t *measure, mpsk_figures_t *figures, int64_t sessions_since)
{
	mpsk_counts_t const *counts = measure->counts;

	requests_print(measure, figures);
	for (size_t i = 0; i < RLM_MPSK_ANSWER_MAX; i++) {
		mpsk_figures_put(figures, MPSK_METRIC_ANSWERS, mpsk_counts_sum(counts, AT_ANSWERS + i), answers[i],
				 NULL);
	}
	mpsk_figures_put_histogram(figures, MPSK_METRIC_ANSWER_SECONDS, counts, AT_ANSWER_SECONDS);
	mpsk_figures_put_histogram(figures, MPSK_METRIC_SCAN_SECONDS, counts, AT_SCAN_SECONDS);
	mpsk_figures_put_histogram(figures, MPSK_METRIC_CLAIM_SECONDS, counts, AT_CLAIM_SECONDS);
	for (size_t i = 0; i <= CLAIM_CODES; i++) {
		char const *result = i < CLAIM_CODES ? mpsk_claim_code_name((mpsk_claim_code_t) i) : "UNANSWERED";

		mpsk_figures_put(figures, MPSK_METRIC_CLAIMS, mpsk_counts_sum(counts, AT_CLAIMS + i), result, NULL);
	}
	for (size_t i = 0; i < EVENT_MAX; i++) {
		mpsk_figures_put(figures, MPSK_METRIC_ACCOUNTING, mpsk_counts_sum(counts, AT_EVENTS + i), events[i],
				 NULL);
	}
	mpsk_figures_put(figures, MPSK_METRIC_SESSIONS_OPEN, mpsk_online_count(measure->online, sessions_since), NULL,
			 NULL);
}

uint64_t rlm_mpsk_measure_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t) now.tv_sec * NS_A_SECOND + (uint64_t) now.tv_nsec;
}

uint64_t rlm_mpsk_measure_since(struct timeval const *at)
{
	struct timeval now;
	int64_t us;

	gettimeofday(&now, NULL);
	us = (int64_t) (now.tv_sec - at->tv_sec) * 1000000 + (now.tv_usec - at->tv_usec);
	return us > 0 ? (uint64_t) us * NS_A_MICRO : 0;
}
