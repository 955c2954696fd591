/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was measured, as a table for people or as JSON.
 */
#ifndef TESTS_BENCH_ROWS_H
#define TESTS_BENCH_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "measure.h"

/* Once, before any row. */
void rows_begin(bool json);
void rows_end(void);

/* A heading: what the rows under it are, and their unit. No text of a row may need escaping in JSON. */
void rows_section(char const *title, char const *unit);

/* A figure; name is a format. */
void rows_figure(double value, char const *name, ...) __attribute__((format(printf, 2, 3)));

/* A number of things. */
void rows_count(size_t count, char const *name, ...) __attribute__((format(printf, 2, 3)));

/* What the figures of this section stand beside, where that is not plain OpenSSL. */
void rows_beside(char const *name);

/* A figure beside that of the plain way. */
void rows_compared(measure_rates_t const *rates, double scale, char const *name, ...)
	__attribute__((format(printf, 3, 4)));

#endif
