/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/deadline.h"

#include <limits.h>
#include <time.h>

int64_t mpsk_monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

mpsk_deadline_t mpsk_deadline_in(int64_t ms)
{
	int64_t now = mpsk_monotonic_ms();

	return (mpsk_deadline_t) { .at_ms = ms > INT64_MAX - now ? INT64_MAX : now + ms };
}

int mpsk_deadline_left(mpsk_deadline_t deadline)
{
	int64_t now = mpsk_monotonic_ms();

	if (deadline.at_ms <= now) return 0;
	return deadline.at_ms - now > INT_MAX ? INT_MAX : (int) (deadline.at_ms - now);
}
