/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Figures of servers in Prometheus' text format, version 0.0.4.
 */
#ifndef MPSK_METRICS_TEXT_H
#define MPSK_METRICS_TEXT_H

#include <stddef.h>
#include <talloc.h>

#include "metrics/figures.h"

#define MPSK_METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* A series, and whose it is. */
typedef struct {
	char const	*server;
	mpsk_series_t	series;
} mpsk_sample_t;

typedef struct {
	mpsk_sample_t	*samples;	/* of the context */
	size_t		n, room;
	TALLOC_CTX	*ctx;
} mpsk_samples_t;

/*
 * Take in the figures of a server, whose name is printable ASCII without
 * quotes and backslashes and stays the caller's. What is none of the table's
 * is passed over. ERR where memory is out.
 */
mpsk_status_t mpsk_samples_add(mpsk_samples_t *samples, char const *server, mpsk_field_t const *fields, size_t n);

/* In the order of the table, then of servers, labels and bounds. */
void mpsk_samples_sort(mpsk_samples_t *samples);

/* All of them, sorted, as text with a label server; belongs to ctx. NULL where memory is out. */
char *mpsk_metrics_text(TALLOC_CTX *ctx, mpsk_samples_t const *samples);

#endif
