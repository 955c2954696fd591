/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define STEP_MS	200
#define BAR_LEN	24

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void ctl_progress_begin(ctl_progress_t *progress, ctl_t const *ctl, char const *what, size_t total)
{
	*progress = (ctl_progress_t) {
		.what = what, .total = total, .shown = !ctl->quiet && isatty(STDERR_FILENO), .began_ms = now_ms()
	};
	atomic_init(&progress->next_ms, progress->began_ms + STEP_MS);
}

/* One call of stdio for the whole line, so that no two threads mix theirs. */
static void line_print(ctl_progress_t const *progress, size_t done, int64_t ms)
{
	static char const full[] = "########################", empty[] = "........................";
	int bar = (int) (done * BAR_LEN / progress->total);
	double rate = 1000.0 * (double) done / (double) (ms > 0 ? ms : 1);
	double left = rate > 0 ? (double) (progress->total - done) / rate : 0;

	_Static_assert(sizeof(full) == BAR_LEN + 1 && sizeof(empty) == sizeof(full), "the bar's length");
	fprintf(stderr, "\r[%.*s%.*s] %zu of %zu %s, %.0f/s, %.0f s left \033[K", bar, full, BAR_LEN - bar, empty,
		done, progress->total, progress->what, rate, left);
}

void ctl_progress_step(ctl_progress_t *progress)
{
	size_t done = atomic_fetch_add(&progress->done, 1) + 1;
	int64_t now, due;

	if (!progress->shown) return;
	now = now_ms();
	due = atomic_load(&progress->next_ms);
	if (now < due || !atomic_compare_exchange_strong(&progress->next_ms, &due, now + STEP_MS)) return;
	line_print(progress, done, now - progress->began_ms);
}

void ctl_progress_end(ctl_progress_t *progress)
{
	if (progress->shown) fputs("\r\033[K", stderr);
}
