/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far long work is: one line on the standard error that is written over,
 * where that is a terminal and nobody asked for quiet.
 */
#ifndef MPSKCTL_PROGRESS_H
#define MPSKCTL_PROGRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl.h"

typedef struct {
	char const	*what;		/* "PMKs derived" */
	size_t		total;
	_Atomic size_t	done;
	bool		shown;
	int64_t		began_ms;
	_Atomic int64_t	next_ms;	/* when the line is due again */
} ctl_progress_t;

/* total is not 0. what is kept. */
void ctl_progress_begin(ctl_progress_t *progress, ctl_t const *ctl, char const *what, size_t total);

/* Any thread: one more is done. */
void ctl_progress_step(ctl_progress_t *progress);

/* Take the line away: what is said next begins at its start. */
void ctl_progress_end(ctl_progress_t *progress);

#endif
