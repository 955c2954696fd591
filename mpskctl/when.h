/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Points in time and durations, as people write them. Time zone: that of
 * the process (TZ) where the text names none.
 */
#ifndef MPSKCTL_WHEN_H
#define MPSKCTL_WHEN_H

#include <stdint.h>

#include "base/status.h"

/* What the time is for, which is what a date without a time of day depends on. */
typedef enum {
	CTL_WHEN_FROM = 0,	/* the day counts from its first midnight; "never" makes no sense */
	CTL_WHEN_UNTIL		/* the day counts in whole, so until the midnight at its end; "never" is 0 */
} ctl_when_kind_t;

/*
 * Epoch seconds from: 1 to 12 digits (epoch seconds); `2026-12-31`;
 * `2026-12-31T18:00`, with seconds or without, with `Z` or an offset such
 * as `+02:00` or neither, a space in place of the T; `+90d`, as
 * ctl_when_duration(), from now on; `now`; `never`. BAD, with a text, for
 * anything else and for what lies outside of 0 to MPSK_NUMBER_MAX.
 */
mpsk_status_t ctl_when_parse(int64_t *at, char const *text, ctl_when_kind_t kind, int64_t now, mpsk_error_t *err);

/* Seconds from numbers with units w, d, h, m, s, as `30d` or `1d12h`; or from digits alone; `never` is 0. */
mpsk_status_t ctl_when_duration(int64_t *seconds, char const *text, mpsk_error_t *err);

#define CTL_WHEN_TEXT_MAX 64

/* Local time with its offset, 2026-12-31T18:00:00+01:00, which ctl_when_parse() reads. Returns out. */
char *ctl_when_print(char out[static CTL_WHEN_TEXT_MAX], int64_t at);

/* In the largest unit that leaves no rest: "30d". Returns out. */
char *ctl_when_print_duration(char out[static CTL_WHEN_TEXT_MAX], int64_t seconds);

#endif
