/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/zone_rule.h"

#include <string.h>

#define HOUR		3600
#define DAY		86400
#define RULE_HOURS_MAX	167
#define OFFSET_HOURS_MAX 24

typedef struct {
	char const	*p, *end;
} text_t;

static bool take(text_t *text, char c)
{
	if (text->p == text->end || *text->p != c) return false;
	text->p++;
	return true;
}

static bool is_digit(text_t const *text)
{
	return text->p < text->end && *text->p >= '0' && *text->p <= '9';
}

static bool take_number(text_t *text, int *number, int min, int max)
{
	if (!is_digit(text)) return false;
	for (*number = 0; is_digit(text); text->p++) {
		*number = 10 * *number + (*text->p - '0');
		if (*number > max) return false;
	}
	return *number >= min;
}

/* CEST, or <+03>. */
static bool take_name(text_t *text)
{
	char const *begin = text->p;
	bool quoted = take(text, '<');

	while (text->p < text->end) {
		char c = *text->p;
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

		if (!letter && !(quoted && (c == '+' || c == '-' || is_digit(text)))) break;
		text->p++;
	}
	return quoted ? take(text, '>') : text->p - begin >= 3;
}

/* [+-]hh[:mm[:ss]] */
static bool take_time(text_t *text, int32_t *seconds, int hours_max)
{
	bool negative = take(text, '-');
	int hours, minutes = 0, rest = 0;

	if (!negative) (void) take(text, '+');
	if (!take_number(text, &hours, 0, hours_max)) return false;
	if (take(text, ':')) {
		if (!take_number(text, &minutes, 0, 59)) return false;
		if (take(text, ':') && !take_number(text, &rest, 0, 59)) return false;
	}
	*seconds = (hours * HOUR + minutes * 60 + rest) * (negative ? -1 : 1);
	return true;
}

/* POSIX counts westwards. */
static bool take_offset(text_t *text, int32_t *east)
{
	int32_t west;

	if (!take_time(text, &west, OFFSET_HOURS_MAX)) return false;
	*east = -west;
	return true;
}

static bool take_moment(text_t *text, mpsk_zone_moment_t *moment)
{
	if (!take(text, ',')) return false;
	moment->seconds = 2 * HOUR;
	if (take(text, 'M')) {
		moment->kind = MPSK_ZONE_MONTH;
		if (!take_number(text, &moment->month, 1, 12) || !take(text, '.') ||
		    !take_number(text, &moment->week, 1, 5) || !take(text, '.') ||
		    !take_number(text, &moment->day, 0, 6)) {
			return false;
		}
	} else if (take(text, 'J')) {
		moment->kind = MPSK_ZONE_JULIAN;
		if (!take_number(text, &moment->day, 1, 365)) return false;
	} else {
		moment->kind = MPSK_ZONE_DAY;
		if (!take_number(text, &moment->day, 0, 365)) return false;
	}
	return !take(text, '/') || take_time(text, &moment->seconds, RULE_HOURS_MAX);
}

bool mpsk_zone_rule_parse(mpsk_zone_rule_t *rule, char const *value, size_t len)
{
	text_t text = { .p = value, .end = value + len };

	memset(rule, 0, sizeof(*rule));
	if (!take_name(&text) || !take_offset(&text, &rule->standard)) return false;
	rule->summer = rule->standard;
	if (text.p == text.end) return true;
	if (!take_name(&text)) return false;
	rule->summer = rule->standard + HOUR;
	if (text.p < text.end && *text.p != ',' && !take_offset(&text, &rule->summer)) return false;
	return take_moment(&text, &rule->begin) && take_moment(&text, &rule->end) && text.p == text.end;
}

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 1970-01-01 to the first of January of a year after 0. */
static int64_t year_begin(int64_t year)
{
	int64_t before = year - 1;

	return 365 * (year - 1970) + (before / 4 - before / 100 + before / 400) - 477;
}

/* The day of the year, 0 = 1 January, on which a moment lies. */
static int64_t moment_day(mpsk_zone_moment_t const *moment, int64_t year)
{
	static int const lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t first = 0, weekday, day;
	int length;

	if (moment->kind == MPSK_ZONE_DAY) return moment->day;
	if (moment->kind == MPSK_ZONE_JULIAN) return moment->day - 1 + (is_leap(year) && moment->day > 59);
	for (int i = 1; i < moment->month; i++) first += lengths[i - 1] + (i == 2 && is_leap(year));
	length = lengths[moment->month - 1] + (moment->month == 2 && is_leap(year));
	/* 1970-01-01 was a Thursday. */
	weekday = (year_begin(year) + first + 4) % 7;
	day = (moment->day - weekday + 7) % 7 + 7 * (moment->week - 1);
	while (day >= length) day -= 7;
	return first + day;
}

static int64_t moment_at(mpsk_zone_moment_t const *moment, int64_t year, int32_t offset)
{
	return (year_begin(year) + moment_day(moment, year)) * DAY + moment->seconds - offset;
}

int32_t mpsk_zone_rule_offset(mpsk_zone_rule_t const *rule, int64_t at)
{
	int64_t local = at + rule->standard, year, begin, end;
	bool summer;

	if (rule->summer == rule->standard || local < 0) return rule->standard;
	/* At most one too low or too high: a year has 365.2425 days. */
	year = 1970 + local / DAY * 400 / 146097;
	if (year_begin(year + 1) * DAY <= local) year++;
	if (year_begin(year) * DAY > local) year--;
	begin = moment_at(&rule->begin, year, rule->standard);
	end = moment_at(&rule->end, year, rule->summer);
	/* South of the equator a year begins in summer. */
	summer = begin < end ? at >= begin && at < end : at >= begin || at < end;
	return summer ? rule->summer : rule->standard;
}
