/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "match/match.h"

#define NAME_MAX_LEN 64

static bool as_json, first = true;
static char section[NAME_MAX_LEN], section_unit[NAME_MAX_LEN], beside[NAME_MAX_LEN];

/* The CPU as Linux names it. */
static void cpu_name(char *out, size_t size)
{
	FILE *file = fopen("/proc/cpuinfo", "r");
	char line[256];

	snprintf(out, size, "unknown CPU");
	while (file && fgets(line, sizeof(line), file)) {
		char *name = strncmp(line, "model name", 10) == 0 ? strchr(line, ':') : NULL;

		if (!name) continue;
		snprintf(out, size, "%s", name + 2);
		out[strcspn(out, "\n\"\\")] = '\0';
		break;
	}
	if (file) fclose(file);
}

void rows_begin(bool json)
{
	char const *skipped, *kernel = mpsk_match_kernel_name(&skipped);
	char cpu[128];

	as_json = json;
	cpu_name(cpu, sizeof(cpu));
	if (json) {
		printf("{\"cpu\": \"%s\", \"kernel\": \"%s\", \"rows\": [", cpu, kernel);
		return;
	}
	printf("%s, one core; kernel in use: %s\n", cpu, kernel);
	if (skipped) printf("kernel %s failed its self-test\n", skipped);
}

void rows_end(void)
{
	if (as_json) printf("\n]}\n");
}

void rows_section(char const *title, char const *unit)
{
	snprintf(section, sizeof(section), "%s", title);
	snprintf(section_unit, sizeof(section_unit), "%s", unit);
	rows_beside("plain OpenSSL");
	if (!as_json) printf("\n%s, %s\n", title, unit);
}

void rows_beside(char const *name)
{
	snprintf(beside, sizeof(beside), "%s", name);
}

/* So many that three or four digits are told. */
static int decimals(double value)
{
	int n = 3;

	while (n > 0 && value >= 10) {
		value /= 10;
		n--;
	}
	return n;
}

typedef struct {
	char		name[NAME_MAX_LEN];
	char		value[32];
	double		baseline;
	double		ratio;		/* 0: it stands alone */
} row_t;

static void row_print(row_t const *row, int baseline_decimals)
{
	if (as_json) {
		printf("%s\n{\"section\": \"%s\", \"name\": \"%s\", \"unit\": \"%s\", \"value\": %s",
		       first ? "" : ",", section, row->name, section_unit, row->value);
		if (row->ratio > 0) {
			printf(", \"beside\": \"%s\", \"baseline\": %.6g, \"ratio\": %.4g", beside, row->baseline,
			       row->ratio);
		}
		printf("}");
	} else if (row->ratio > 0) {
		printf("  %-34s %10s   %-13s %8.*f   ratio %6.*f\n", row->name, row->value, beside,
		       baseline_decimals, row->baseline, row->ratio < 5 ? 2 : 1, row->ratio);
	} else {
		printf("  %-34s %10s\n", row->name, row->value);
	}
	first = false;
	fflush(stdout);
}

static void value_print(row_t *row, double value)
{
	if (as_json) snprintf(row->value, sizeof(row->value), "%.6g", value);
	else snprintf(row->value, sizeof(row->value), "%.*f", decimals(value), value);
}

void rows_figure(double value, char const *name, ...)
{
	row_t row = { .ratio = 0 };
	va_list ap;

	va_start(ap, name);
	vsnprintf(row.name, sizeof(row.name), name, ap);
	va_end(ap);
	value_print(&row, value);
	row_print(&row, 0);
}

void rows_count(size_t count, char const *name, ...)
{
	row_t row = { .ratio = 0 };
	va_list ap;

	va_start(ap, name);
	vsnprintf(row.name, sizeof(row.name), name, ap);
	va_end(ap);
	snprintf(row.value, sizeof(row.value), "%zu", count);
	row_print(&row, 0);
}

void rows_compared(measure_rates_t const *rates, double scale, char const *name, ...)
{
	row_t row = { .baseline = rates->baseline * scale, .ratio = rates->ratio };
	va_list ap;

	va_start(ap, name);
	vsnprintf(row.name, sizeof(row.name), name, ap);
	va_end(ap);
	value_print(&row, rates->rate * scale);
	row_print(&row, decimals(row.baseline));
}
