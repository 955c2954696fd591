/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hours of the week in which a key works: "Mo-Fr 08:00-18:00
 * Europe/Berlin", "Mo,We 08:00-12:00,13:00-17:00; Sa 22:00-02:00 UTC".
 */
#ifndef MPSK_KEY_HOURS_H
#define MPSK_KEY_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "key/zone.h"

#define MPSK_HOURS_MAX		32	/* windows of a week, once those that touch are one */
#define MPSK_HOURS_TEXT_MAX	512

/* Holds no memory of its own: it may be copied. */
typedef struct {
	mpsk_zone_t const	*zone;
	size_t			n;
	struct {
		uint16_t	begin, end;	/* minutes since Monday 00:00, end excluded; in order */
	}			windows[MPSK_HOURS_MAX];
} mpsk_hours_t;

/*
 * Rules with ';' between, and after the last one a time zone. A rule is days
 * (Mo Tu We Th Fr Sa Su, single, in ranges, with ',' between; none: every
 * day) and times, HH:MM-HH:MM with ',' between; 24:00 is a day's end, and an
 * end that is not after the beginning lies on the next day. BAD, with a
 * text, for all else, and where the zone is not known; ERR where memory is
 * out.
 */
mpsk_status_t mpsk_hours_parse(mpsk_hours_t *hours, char const *text, size_t len, mpsk_error_t *err);

/*
 * Whether an epoch second lies within, as none does in hours of no windows;
 * until is then the first second after, or 0 where there is none.
 */
bool mpsk_hours_within(mpsk_hours_t const *hours, int64_t at, int64_t *until);

/* "Sa 12:03": an epoch second on that zone's clocks. Returns out. */
#define MPSK_HOURS_CLOCK_MAX 9
char *mpsk_hours_clock(char out[static MPSK_HOURS_CLOCK_MAX], mpsk_hours_t const *hours, int64_t at);

#endif
