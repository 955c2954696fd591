/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics/counts.h"

#include <string.h>

#define SHARES	32	/* a power of two; as many workers as a server starts with at most */
#define LINE	64	/* octets that CPUs take from each other at once */

struct mpsk_counts {
	size_t		stride;		/* counters of a share, whole lines */
	mpsk_count_t	*shares;
};

mpsk_counts_t *mpsk_counts_create(TALLOC_CTX *ctx, size_t n)
{
	mpsk_counts_t *counts = talloc_zero(ctx, mpsk_counts_t);
	size_t per_line = LINE / sizeof(mpsk_count_t);
	uintptr_t at;
	size_t octets;

	if (!counts) return NULL;
	counts->stride = (n + per_line - 1) / per_line * per_line;
	octets = counts->stride * sizeof(mpsk_count_t) * SHARES;
	at = (uintptr_t) talloc_zero_size(counts, octets + LINE);
	if (!at) {
		talloc_free(counts);
		return NULL;
	}
	counts->shares = (mpsk_count_t *) ((at + LINE - 1) / LINE * LINE);
	return counts;
}

/* Threads are numbered as they come, so that two that live at a time seldom share. */
static unsigned thread_number(void)
{
	static _Atomic unsigned next;
	static _Thread_local unsigned own;	/* 0: none yet */

	if (!own) own = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed) + 1;
	return own;
}

mpsk_count_t *mpsk_counts_mine(mpsk_counts_t *counts)
{
	return counts->shares + counts->stride * (thread_number() % SHARES);
}

uint64_t mpsk_counts_sum(mpsk_counts_t const *counts, size_t i)
{
	uint64_t sum = 0;

	for (size_t share = 0; share < SHARES; share++) {
		sum += atomic_load_explicit(&counts->shares[share * counts->stride + i], memory_order_relaxed);
	}
	return sum;
}
