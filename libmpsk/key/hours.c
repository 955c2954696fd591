/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/hours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DAYS		7
#define DAY		1440	/* minutes */
#define WEEK		(DAYS * DAY)
#define WEEK_SECONDS	(60 * WEEK)
#define TYPED_MAX	128	/* windows as they are typed */
#define MONDAY		(4 * 86400)	/* the first in 1970 */

static char const *const day_names[DAYS] = { "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su" };

typedef struct {
	int	begin, end;
} window_t;

typedef struct {
	char const	*p, *end;
	window_t	windows[TYPED_MAX];
	size_t		n;
} parser_t;

static mpsk_status_t wrong(mpsk_error_t *err)
{
	return mpsk_error_set(err, MPSK_BAD, "expected hours and a time zone, as Mo-Fr 08:00-18:00 Europe/Berlin");
}

static bool take(parser_t *parser, char c)
{
	if (parser->p == parser->end || *parser->p != c) return false;
	parser->p++;
	return true;
}

static void take_spaces(parser_t *parser)
{
	while (take(parser, ' '));
}

static bool take_digits(parser_t *parser, int *number)
{
	if (parser->end - parser->p < 2) return false;
	*number = 0;
	for (int i = 0; i < 2; i++, parser->p++) {
		if (*parser->p < '0' || *parser->p > '9') return false;
		*number = 10 * *number + (*parser->p - '0');
	}
	return true;
}

static bool take_clock(parser_t *parser, int *minutes)
{
	int hour, minute;

	if (!take_digits(parser, &hour) || !take(parser, ':') || !take_digits(parser, &minute)) return false;
	*minutes = 60 * hour + minute;
	return minute < 60 && *minutes <= DAY;
}

/* -1 where no day stands here. */
static int take_day(parser_t *parser)
{
	for (int i = 0; i < DAYS && parser->end - parser->p >= 2; i++) {
		if (strncasecmp(parser->p, day_names[i], 2) != 0) continue;
		parser->p += 2;
		return i;
	}
	return -1;
}

static bool take_days(parser_t *parser, bool days[static DAYS])
{
	int day = take_day(parser), last;

	if (day < 0) {
		for (int i = 0; i < DAYS; i++) days[i] = true;
		return true;
	}
	for (;;) {
		days[day] = true;
		if (take(parser, '-')) {
			last = take_day(parser);
			if (last < 0) return false;
			for (; day != last; day = (day + 1) % DAYS) days[day] = true;
			days[last] = true;
		}
		if (!take(parser, ',')) break;
		day = take_day(parser);
		if (day < 0) return false;
	}
	return take(parser, ' ');
}

static bool window_add(parser_t *parser, int begin, int end)
{
	if (parser->n == TYPED_MAX) return false;
	parser->windows[parser->n++] = (window_t) { .begin = begin, .end = end };
	return true;
}

static bool take_rule(parser_t *parser)
{
	bool days[DAYS] = { false };
	int begin, end;

	take_spaces(parser);
	if (!take_days(parser, days)) return false;
	do {
		take_spaces(parser);
		if (!take_clock(parser, &begin) || !take(parser, '-') || !take_clock(parser, &end)) return false;
		if (begin == DAY) return false;
		if (end <= begin) end += DAY;
		for (int day = 0; day < DAYS; day++) {
			int from = day * DAY + begin, to = day * DAY + end;

			if (!days[day]) continue;
			/* What goes on past Sunday's end is Monday's beginning. */
			if (to > WEEK && !window_add(parser, 0, to - WEEK)) return false;
			if (!window_add(parser, from, to > WEEK ? WEEK : to)) return false;
		}
	} while (take(parser, ','));
	return true;
}

static int window_cmp(void const *a, void const *b)
{
	return ((window_t const *) a)->begin - ((window_t const *) b)->begin;
}

/* In order, and those that touch as one. */
static bool windows_join(mpsk_hours_t *hours, parser_t *parser)
{
	qsort(parser->windows, parser->n, sizeof(parser->windows[0]), window_cmp);
	for (size_t i = 0; i < parser->n; i++) {
		window_t const *window = &parser->windows[i];

		if (hours->n > 0 && window->begin <= hours->windows[hours->n - 1].end) {
			if (window->end > hours->windows[hours->n - 1].end)
				hours->windows[hours->n - 1].end = (uint16_t) window->end;
			continue;
		}
		if (hours->n == MPSK_HOURS_MAX) return false;
		hours->windows[hours->n].begin = (uint16_t) window->begin;
		hours->windows[hours->n++].end = (uint16_t) window->end;
	}
	return true;
}

mpsk_status_t mpsk_hours_parse(mpsk_hours_t *hours, char const *text, size_t len, mpsk_error_t *err)
{
	parser_t parser = { .p = text, .end = text + len };
	mpsk_status_t status;

	memset(hours, 0, sizeof(*hours));
	if (len > MPSK_HOURS_TEXT_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "%zu octets, and at most %d are allowed", len,
				      MPSK_HOURS_TEXT_MAX);
	}
	do {
		if (!take_rule(&parser)) return wrong(err);
	} while (take(&parser, ';'));
	if (!take(&parser, ' ')) return wrong(err);
	take_spaces(&parser);
	while (parser.end > parser.p && parser.end[-1] == ' ') parser.end--;
	if (!windows_join(hours, &parser)) return mpsk_error_set(err, MPSK_BAD, "too many times of day");
	status = mpsk_zone_get(&hours->zone, parser.p, (size_t) (parser.end - parser.p), err);
	/* To a key, a zone that is not there is as wrong as one that cannot be. */
	return status == MPSK_MISS ? MPSK_BAD : status;
}

/* The seconds since Monday's midnight on the zone's clocks. */
static int64_t week_second(int64_t local)
{
	int64_t second = (local - MONDAY) % WEEK_SECONDS;

	return second < 0 ? second + WEEK_SECONDS : second;
}

/* The end of a window that began before at, by clocks that may be changed in between. */
static int64_t window_end(mpsk_hours_t const *hours, int64_t at, int64_t seconds_left)
{
	int32_t offset = mpsk_zone_offset(hours->zone, at);
	int64_t end = at + seconds_left;
	int32_t then = mpsk_zone_offset(hours->zone, end);

	end -= then - offset;
	return end > at ? end : at + 1;
}

bool mpsk_hours_within(mpsk_hours_t const *hours, int64_t at, int64_t *until)
{
	int64_t second;

	if (hours->n == 0) return false;
	second = week_second(at + mpsk_zone_offset(hours->zone, at));
	for (size_t i = 0; i < hours->n; i++) {
		int64_t begin = 60 * (int64_t) hours->windows[i].begin, end = 60 * (int64_t) hours->windows[i].end;

		if (second < begin || second >= end) continue;
		if (end - begin == WEEK_SECONDS) {
			*until = 0;
			return true;
		}
		if (end == WEEK_SECONDS && hours->windows[0].begin == 0) end += 60 * (int64_t) hours->windows[0].end;
		*until = window_end(hours, at, end - second);
		return true;
	}
	return false;
}

char *mpsk_hours_clock(char out[static MPSK_HOURS_CLOCK_MAX], mpsk_hours_t const *hours, int64_t at)
{
	unsigned minute = (unsigned) (week_second(at + mpsk_zone_offset(hours->zone, at)) / 60);

	snprintf(out, MPSK_HOURS_CLOCK_MAX, "%s %02u:%02u", day_names[minute / DAY % DAYS], minute % DAY / 60 % 24,
		 minute % 60);
	return out;
}
