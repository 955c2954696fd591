/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "match/match.h"

#define NAME_MAX_LEN 64

static bool as_json, first = true;
static char section[NAME_MAX_LEN], section_unit[NAME_MAX_LEN];

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
	if (!as_json) printf("\n%s, %s\n", title, unit);
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

static void row_print(char const *name, double value, double baseline, double ratio)
{
	if (as_json) {
		printf("%s\n{\"section\": \"%s\", \"name\": \"%s\", \"unit\": \"%s\", \"value\": %.6g",
		       first ? "" : ",", section, name, section_unit, value);
		if (ratio > 0) printf(", \"baseline\": %.6g, \"ratio\": %.4g", baseline, ratio);
		printf("}");
	} else if (ratio > 0) {
		printf("  %-34s %10.*f   plain OpenSSL %8.*f   ratio %6.1f\n", name, decimals(value), value,
		       decimals(baseline), baseline, ratio);
	} else {
		printf("  %-34s %10.*f\n", name, decimals(value), value);
	}
	first = false;
	fflush(stdout);
}

void rows_figure(double value, char const *name, ...)
{
	char text[NAME_MAX_LEN];
	va_list ap;

	va_start(ap, name);
	vsnprintf(text, sizeof(text), name, ap);
	va_end(ap);
	row_print(text, value, 0, 0);
}

void rows_compared(measure_rates_t const *rates, double scale, char const *name, ...)
{
	char text[NAME_MAX_LEN];
	va_list ap;

	va_start(ap, name);
	vsnprintf(text, sizeof(text), name, ap);
	va_end(ap);
	row_print(text, rates->rate * scale, rates->baseline * scale, rates->ratio);
}
