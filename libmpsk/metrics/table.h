/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every figure that a server tells of itself: one table, from which the text,
 * the JSON and docs/reference/metrics.md go.
 */
#ifndef MPSK_METRICS_TABLE_H
#define MPSK_METRICS_TABLE_H

#include <stddef.h>

typedef enum {
	MPSK_METRIC_BUILD_INFO = 0,
	MPSK_METRIC_START_TIME,
	MPSK_METRIC_FIGURES_TIME,
	MPSK_METRIC_REQUESTS,
	MPSK_METRIC_ANSWERS,
	MPSK_METRIC_ANSWER_SECONDS,
	MPSK_METRIC_SCAN_SECONDS,
	MPSK_METRIC_CLAIMS,
	MPSK_METRIC_CLAIM_SECONDS,
	MPSK_METRIC_CLAIMS_DEFERRED,
	MPSK_METRIC_INDEX_READY,
	MPSK_METRIC_INDEX_KEYS,
	MPSK_METRIC_INDEX_SSIDS,
	MPSK_METRIC_INDEX_DEVICES,
	MPSK_METRIC_INDEX_BYTES,
	MPSK_METRIC_INDEX_UNDERIVED,
	MPSK_METRIC_INDEX_AGE,
	MPSK_METRIC_STORE_STATE,
	MPSK_METRIC_SNAPSHOT_AGE,
	MPSK_METRIC_GUARD_SEARCHES,
	MPSK_METRIC_GUARD_KEYS,
	MPSK_METRIC_GUARD_CPU,
	MPSK_METRIC_GUARD_REFUSED,
	MPSK_METRIC_ACCOUNTING,
	MPSK_METRIC_SESSIONS_OPEN,
	MPSK_METRIC_OUTBOX_SESSIONS,
	MPSK_METRIC_OUTBOX_SESSIONS_WAITING,
	MPSK_METRIC_OUTBOX_LINES,
	MPSK_METRIC_OUTBOX_LINES_WAITING,
	MPSK_METRIC_OUTBOX_FAILURES,
	MPSK_METRIC_DECISIONS_UNTOLD,
	MPSK_METRIC_MAX
} mpsk_metric_id_t;

typedef enum {
	MPSK_METRIC_COUNTER = 0,	/* since the server's start */
	MPSK_METRIC_GAUGE,
	MPSK_METRIC_HISTOGRAM		/* of seconds, since the server's start: histogram.h */
} mpsk_metric_type_t;

#define MPSK_METRIC_LABELS 2

typedef struct {
	char const		*name;
	mpsk_metric_type_t	type;
	char const		*labels[MPSK_METRIC_LABELS + 1];	/* in their order, and a NULL */
	char const		*help;	/* a sentence; no backslash or newline is in it */
} mpsk_metric_t;

mpsk_metric_t const *mpsk_metric(mpsk_metric_id_t id);

/* "counter" */
char const *mpsk_metric_type_name(mpsk_metric_type_t type);

#endif
