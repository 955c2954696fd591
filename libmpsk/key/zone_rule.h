/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A time zone's rule for all time to come: the TZ string of POSIX.1-2017,
 * 8.3, with the longer hours of RFC 8536, 3.3.1. "CET-1CEST,M3.5.0,M10.5.0/3"
 */
#ifndef MPSK_KEY_ZONE_RULE_H
#define MPSK_KEY_ZONE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A moment of each year. */
typedef struct {
	enum {
		MPSK_ZONE_JULIAN,	/* day 1 to 365; 29 February is never counted */
		MPSK_ZONE_DAY,		/* day 0 to 365; it is counted */
		MPSK_ZONE_MONTH		/* the week-th weekday of a month; week 5: the last */
	}	kind;
	int	day;			/* or the weekday, 0 = Sunday */
	int	month, week;
	int32_t	seconds;		/* after that day's midnight */
} mpsk_zone_moment_t;

typedef struct {
	int32_t			standard;	/* seconds east of UTC */
	int32_t			summer;		/* the same as standard where there is none */
	mpsk_zone_moment_t	begin, end;	/* of summer time */
} mpsk_zone_rule_t;

/* Read a rule; false where the text is none. */
bool mpsk_zone_rule_parse(mpsk_zone_rule_t *rule, char const *text, size_t len);

/* Seconds east of UTC at an epoch second. */
int32_t mpsk_zone_rule_offset(mpsk_zone_rule_t const *rule, int64_t at);

#endif
