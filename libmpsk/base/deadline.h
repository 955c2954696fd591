/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deadlines on the monotonic clock: one per act, however many waits it takes.
 */
#ifndef MPSK_BASE_DEADLINE_H
#define MPSK_BASE_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	int64_t at_ms;
} mpsk_deadline_t;

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t mpsk_monotonic_ms(void);

mpsk_deadline_t mpsk_deadline_in(int64_t ms);

/* What is left, rounded down, never negative, at most INT_MAX: an argument for poll(). */
int mpsk_deadline_left(mpsk_deadline_t deadline);

static inline bool mpsk_deadline_passed(mpsk_deadline_t deadline)
{
	return mpsk_deadline_left(deadline) == 0;
}

#endif
