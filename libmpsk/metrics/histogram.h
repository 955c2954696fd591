/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long things took, in buckets that are the same for all: ten
 * microseconds to a second, about two to each power of ten and a half.
 */
#ifndef MPSK_METRICS_HISTOGRAM_H
#define MPSK_METRICS_HISTOGRAM_H

#include <stdint.h>

#include "metrics/counts.h"

#define MPSK_HISTOGRAM_BOUNDS	16
#define MPSK_HISTOGRAM_SLOTS	(MPSK_HISTOGRAM_BOUNDS + 2)	/* counters: buckets, what is longer, the sum in ns */

typedef struct {
	uint64_t	ns;	/* a bucket holds what took no longer */
	char const	*le;	/* the same in seconds */
} mpsk_histogram_bound_t;

/* MPSK_HISTOGRAM_BOUNDS of them, the shortest first. */
extern mpsk_histogram_bound_t const mpsk_histogram_bounds[];

/* The bound of a bucket as text; of the last one, MPSK_HISTOGRAM_BOUNDS, "+Inf". */
char const *mpsk_histogram_le(unsigned bucket);

/* Count one thing in the counters of a histogram, which begin at slots. */
void mpsk_histogram_note(mpsk_count_t *slots, uint64_t ns);

/*
 * The seconds that a share of all things (0 to 1) took no longer than, by
 * straight lines between the bounds. counts: of each bucket by itself, and of
 * what is longer than all. 0 where nothing was counted.
 */
double mpsk_histogram_quantile(uint64_t const counts[static MPSK_HISTOGRAM_BOUNDS + 1], double share);

#endif
