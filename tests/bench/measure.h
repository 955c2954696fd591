/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long work takes, on a machine that others use too: what is compared
 * runs in short slices by turns, so that all are disturbed alike, the clock
 * counts this thread's time on its core, and medians are what counts.
 */
#ifndef TESTS_BENCH_MEASURE_H
#define TESTS_BENCH_MEASURE_H

#include <stddef.h>

/* Work to be measured; returns how many units of it were done. */
typedef size_t (*measure_work_t)(void *uctx);

/* Units per second of two ways to do the same. */
typedef struct {
	double	baseline;
	double	rate;
	double	ratio;	/* the median of the slices' own */
} measure_rates_t;

/* Slices of slice_ms each, `rounds` times by turns. */
measure_rates_t measure_compare(measure_work_t baseline, measure_work_t work, void *uctx, unsigned slice_ms,
				unsigned rounds);

/* The median of the seconds for one unit, of calls for as long as total_ms, and no fewer than eleven. */
double measure_seconds(measure_work_t work, void *uctx, unsigned total_ms);

/* The median of n samples, which it sorts. */
double measure_median(double *samples, size_t n);

/* Octets of memory that this process holds. */
size_t measure_resident(void);

#endif
