/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A server's figures as it keeps them: a field for each series, named as in
 * Prometheus' text format but for the server, so that somebody who looks at
 * the store by hand reads the same as everybody else.
 *
 *	mpsk_requests_total{dialect="hostapd",reason="MATCHED"} -> 12
 */
#ifndef MPSK_METRICS_FIGURES_H
#define MPSK_METRICS_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "key/key.h"
#include "metrics/counts.h"
#include "metrics/histogram.h"
#include "metrics/table.h"

/*
 * --- Writing ---
 */
typedef struct {
	mpsk_field_t	*fields;	/* of the figures' context; texts too */
	size_t		n, room;
	bool		failed;		/* memory was out: some are missing */
	TALLOC_CTX	*ctx;
} mpsk_figures_t;

void mpsk_figures_init(mpsk_figures_t *figures, TALLOC_CTX *ctx);

/* Add a series. Label values in the order of the table, printable ASCII without quotes and backslashes; NULL ends. */
void mpsk_figures_put(mpsk_figures_t *figures, mpsk_metric_id_t id, uint64_t value, char const *label1,
		      char const *label2);

/* The same, of nanoseconds, in seconds. */
void mpsk_figures_put_ns(mpsk_figures_t *figures, mpsk_metric_id_t id, uint64_t ns);

/* The series of a histogram whose counters begin at this one. */
void mpsk_figures_put_histogram(mpsk_figures_t *figures, mpsk_metric_id_t id, mpsk_counts_t const *counts, size_t at);

/*
 * --- Reading ---
 */
typedef enum {
	MPSK_SERIES_VALUE = 0,
	MPSK_SERIES_BUCKET,	/* of a histogram; its last label is le */
	MPSK_SERIES_SUM,
	MPSK_SERIES_COUNT
} mpsk_series_part_t;

/* What is put behind the metric's name: "_bucket". */
char const *mpsk_series_suffix(mpsk_series_part_t part);

#define MPSK_SERIES_LABEL_MAX 63

typedef struct {
	mpsk_metric_id_t	id;
	mpsk_series_part_t	part;
	/* Values, in the table's order. */
	char			labels[MPSK_METRIC_LABELS][MPSK_SERIES_LABEL_MAX + 1];
	unsigned		bucket;		/* of a bucket: the number of its bound, MPSK_HISTOGRAM_BOUNDS: +Inf */
	double			value;
	char			text[32];	/* the value as it was written */
} mpsk_series_t;

/* Read one that came from the store; false where it is none of the table's, or not as it should be. */
bool mpsk_series_parse(mpsk_series_t *series, mpsk_field_t const *field);

#endif
