/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "when.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

typedef struct {
	char	letter;
	int64_t	seconds;
} unit_t;

/* From the largest to the smallest: printing takes the first that fits. */
static unit_t const units[] = {
	{ 'w', 7 * 86400 },
	{ 'd', 86400 },
	{ 'h', 3600 },
	{ 'm', 60 },
	{ 's', 1 },
};
#define N_UNITS (sizeof(units) / sizeof(*units))

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static unit_t const *unit_find(char letter)
{
	for (size_t i = 0; i < N_UNITS; i++) if (units[i].letter == letter) return &units[i];
	return NULL;
}

/* One or more of a number and a unit, to the end of the text. */
static bool take_units(int64_t *seconds, char const *text)
{
	*seconds = 0;
	do {
		size_t digits = strspn(text, "0123456789");
		unit_t const *unit = unit_find(text[digits]);
		int64_t number;

		if (!unit || !mpsk_number_parse(&number, text, digits)) return false;
		if (number > (MPSK_NUMBER_MAX - *seconds) / unit->seconds) return false;
		*seconds += number * unit->seconds;
		text += digits + 1;
	} while (*text);
	return true;
}

mpsk_status_t ctl_when_duration(int64_t *seconds, char const *text, mpsk_error_t *err)
{
	if (strcmp(text, "never") == 0) {
		*seconds = 0;
		return MPSK_OK;
	}
	if (mpsk_number_parse(seconds, text, strlen(text)) || take_units(seconds, text)) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "expected a duration: 30d, 1d12h, 90m, seconds, or never");
}

/* Exactly n digits. */
static bool take_number(char const **p, int n, int *number)
{
	*number = 0;
	for (int i = 0; i < n; i++) {
		if (!is_digit((*p)[i])) return false;
		*number = 10 * *number + ((*p)[i] - '0');
	}
	*p += n;
	return true;
}

static bool take_char(char const **p, char c)
{
	if (**p != c) return false;
	(*p)++;
	return true;
}

/* Four digits, or five where they are needed: MPSK_NUMBER_MAX lies in the year 33658. */
static bool take_year(char const **p, int *year)
{
	if (!take_number(p, 4, year)) return false;
	if (!is_digit(**p)) return true;
	*year = 10 * *year + (*(*p)++ - '0');
	return *year > 9999;
}

static bool take_date(char const **p, struct tm *tm)
{
	static int const days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day;
	bool leap;

	if (!take_year(p, &year) || !take_char(p, '-') || !take_number(p, 2, &month) || !take_char(p, '-') ||
	    !take_number(p, 2, &day))
		return false;
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (month < 1 || month > 12 || day < 1 || day > days[month - 1] + (month == 2 && leap)) return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = day;
	return true;
}

/* 18:00 or 18:00:00. */
static bool take_clock(char const **p, struct tm *tm)
{
	if (!take_number(p, 2, &tm->tm_hour) || !take_char(p, ':') || !take_number(p, 2, &tm->tm_min)) return false;
	if (take_char(p, ':') && !take_number(p, 2, &tm->tm_sec)) return false;
	return tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec < 60;
}

/* Z, +02:00, +0200. */
static bool take_offset(char const **p, int *offset)
{
	int sign, hours, minutes;

	*offset = 0;
	if (take_char(p, 'Z')) return true;
	if (**p != '+' && **p != '-') return false;
	sign = *(*p)++ == '-' ? -1 : 1;
	if (!take_number(p, 2, &hours)) return false;
	take_char(p, ':');
	if (!take_number(p, 2, &minutes) || hours > 23 || minutes > 59) return false;
	*offset = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* False where the text is no date; the result may lie anywhere. */
static bool take_calendar(int64_t *at, char const *text, ctl_when_kind_t kind)
{
	struct tm tm = { .tm_isdst = -1 };
	int offset;

	if (!take_date(&text, &tm)) return false;
	if (!*text) {
		/* Normalised by mktime(): a day is not always 86400 seconds long. */
		if (kind == CTL_WHEN_UNTIL) tm.tm_mday++;
		*at = mktime(&tm);
		return true;
	}
	if (!take_char(&text, 'T') && !take_char(&text, ' ')) return false;
	if (!take_clock(&text, &tm)) return false;
	if (!*text) {
		*at = mktime(&tm);
		return true;
	}
	if (!take_offset(&text, &offset) || *text) return false;
	*at = (int64_t) timegm(&tm) - offset;
	return true;
}

static mpsk_status_t never(int64_t *at, ctl_when_kind_t kind, mpsk_error_t *err)
{
	if (kind == CTL_WHEN_FROM)
		return mpsk_error_set(err, MPSK_BAD, "never is no beginning: disable the key, or give a time");
	*at = 0;
	return MPSK_OK;
}

mpsk_status_t ctl_when_parse(int64_t *at, char const *text, ctl_when_kind_t kind, int64_t now, mpsk_error_t *err)
{
	int64_t later;

	if (strcmp(text, "never") == 0) return never(at, kind, err);
	if (mpsk_number_parse(at, text, strlen(text))) return MPSK_OK;

	if (strcmp(text, "now") == 0) {
		*at = now;
	} else if (text[0] == '+' && take_units(&later, text + 1)) {
		*at = now + later;
	} else if (!take_calendar(at, text, kind)) {
		return mpsk_error_set(err, MPSK_BAD, "expected a time: 2026-12-31, 2026-12-31T18:00, +90d, +12h, "
				      "epoch seconds, now%s", kind == CTL_WHEN_UNTIL ? ", or never" : "");
	}
	/* 0 would be stored as "none", which nobody means who writes a date. */
	if (*at < 1 || *at > MPSK_NUMBER_MAX) return mpsk_error_set(err, MPSK_BAD, "this time is out of range");
	return MPSK_OK;
}

char *ctl_when_print(char out[static CTL_WHEN_TEXT_MAX], int64_t at)
{
	time_t t = (time_t) at;
	struct tm tm;
	int minutes;
	size_t len;

	if (!localtime_r(&t, &tm)) {
		snprintf(out, CTL_WHEN_TEXT_MAX, "%lld", (long long) at);
		return out;
	}
	len = strftime(out, CTL_WHEN_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	minutes = (int) (tm.tm_gmtoff / 60);
	snprintf(out + len, CTL_WHEN_TEXT_MAX - len, "%c%02d:%02d", minutes < 0 ? '-' : '+',
		 (minutes < 0 ? -minutes : minutes) / 60, (minutes < 0 ? -minutes : minutes) % 60);
	return out;
}

char *ctl_when_print_duration(char out[static CTL_WHEN_TEXT_MAX], int64_t seconds)
{
	unit_t const *unit = units;

	/* Weeks are for reading alone: people count in days. */
	for (unit++; seconds % unit->seconds != 0; unit++);
	snprintf(out, CTL_WHEN_TEXT_MAX, "%lld%c", (long long) (seconds / unit->seconds), unit->letter);
	return out;
}
