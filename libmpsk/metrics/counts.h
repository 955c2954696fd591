/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters that many threads count in, for a few nanoseconds: each thread has
 * a share of its own, and whoever reads adds them up. What is read is right
 * for each counter by itself, and never goes down.
 */
#ifndef MPSK_METRICS_COUNTS_H
#define MPSK_METRICS_COUNTS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

typedef struct mpsk_counts mpsk_counts_t;

/* The counters of one thread, or of some. */
typedef _Atomic uint64_t mpsk_count_t;

/* n counters, all 0. NULL where memory is out. */
mpsk_counts_t *mpsk_counts_create(TALLOC_CTX *ctx, size_t n);

/* Those of the thread that asks; n of them. */
mpsk_count_t *mpsk_counts_mine(mpsk_counts_t *counts);

/* Threads may be more than shares: an addition is atomic, though mostly nobody else's line is touched. */
static inline void mpsk_count_add(mpsk_count_t *count, uint64_t n)
{
	atomic_fetch_add_explicit(count, n, memory_order_relaxed);
}

/* The sum of one counter; any thread. */
uint64_t mpsk_counts_sum(mpsk_counts_t const *counts, size_t i);

#endif
