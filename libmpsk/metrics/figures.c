/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics/figures.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NS_A_SECOND 1000000000

static char const *const suffixes[] = {
	[MPSK_SERIES_VALUE] = "",
	[MPSK_SERIES_BUCKET] = "_bucket",
	[MPSK_SERIES_SUM] = "_sum",
	[MPSK_SERIES_COUNT] = "_count",
};

char const *mpsk_series_suffix(mpsk_series_part_t part)
{
	return suffixes[part];
}

/*
 * --- Writing ---
 */
void mpsk_figures_init(mpsk_figures_t *figures, TALLOC_CTX *ctx)
{
	*figures = (mpsk_figures_t) { .ctx = ctx };
}

/* Takes both over. */
static void field_add(mpsk_figures_t *figures, char *name, char *value)
{
	if (figures->n == figures->room) {
		size_t room = figures->room ? 2 * figures->room : 128;
		mpsk_field_t *fields = talloc_realloc(figures->ctx, figures->fields, mpsk_field_t, room);

		if (!fields) {
			figures->failed = true;
			return;
		}
		figures->fields = fields;
		figures->room = room;
	}
	if (!name || !value) {
		figures->failed = true;
		return;
	}
	figures->fields[figures->n++] = (mpsk_field_t) {
		.name = name, .name_len = strlen(name), .value = value, .value_len = strlen(value)
	};
}

static char *seconds_print(TALLOC_CTX *ctx, uint64_t ns)
{
	return talloc_asprintf(ctx, "%" PRIu64 ".%09" PRIu64, ns / NS_A_SECOND, ns % NS_A_SECOND);
}

void mpsk_figures_put(mpsk_figures_t *figures, mpsk_metric_id_t id, uint64_t value, char const *label1,
		      char const *label2)
{
	mpsk_metric_t const *metric = mpsk_metric(id);
	char *name;

	if (label2) {
		name = talloc_asprintf(figures->ctx, "%s{%s=\"%s\",%s=\"%s\"}", metric->name, metric->labels[0], label1,
				       metric->labels[1], label2);
	} else if (label1) {
		name = talloc_asprintf(figures->ctx, "%s{%s=\"%s\"}", metric->name, metric->labels[0], label1);
	} else {
		name = talloc_strdup(figures->ctx, metric->name);
	}
	field_add(figures, name, talloc_asprintf(figures->ctx, "%" PRIu64, value));
}

void mpsk_figures_put_ns(mpsk_figures_t *figures, mpsk_metric_id_t id, uint64_t ns)
{
	field_add(figures, talloc_strdup(figures->ctx, mpsk_metric(id)->name), seconds_print(figures->ctx, ns));
}

void mpsk_figures_put_histogram(mpsk_figures_t *figures, mpsk_metric_id_t id, mpsk_counts_t const *counts, size_t at)
{
	TALLOC_CTX *ctx = figures->ctx;
	char const *name = mpsk_metric(id)->name;
	uint64_t all = 0;

	for (size_t i = 0; i <= MPSK_HISTOGRAM_BOUNDS; i++) {
		all += mpsk_counts_sum(counts, at + i);
		field_add(figures, talloc_asprintf(ctx, "%s_bucket{le=\"%s\"}", name, mpsk_histogram_le((unsigned) i)),
			  talloc_asprintf(ctx, "%" PRIu64, all));
	}
	field_add(figures, talloc_asprintf(ctx, "%s_sum", name),
		  seconds_print(ctx, mpsk_counts_sum(counts, at + MPSK_HISTOGRAM_BOUNDS + 1)));
	field_add(figures, talloc_asprintf(ctx, "%s_count", name), talloc_asprintf(ctx, "%" PRIu64, all));
}

/*
 * --- Reading ---
 */

/* What has not been read of a name. */
typedef struct {
	char const	*p, *end;
} rest_t;

static bool take(rest_t *rest, char const *text)
{
	size_t len = strlen(text);

	if ((size_t) (rest->end - rest->p) < len || memcmp(rest->p, text, len) != 0) return false;
	rest->p += len;
	return true;
}

static bool is_at_end_of_name(rest_t const *rest)
{
	return rest->p == rest->end || *rest->p == '{';
}

/* The metric, and which part of it. */
static bool name_take(mpsk_series_t *series, rest_t *rest)
{
	for (int id = 0; id < MPSK_METRIC_MAX; id++) {
		mpsk_metric_t const *metric = mpsk_metric((mpsk_metric_id_t) id);
		bool histogram = metric->type == MPSK_METRIC_HISTOGRAM;
		rest_t after = *rest;

		if (!take(&after, metric->name)) continue;
		for (int part = MPSK_SERIES_VALUE; part <= MPSK_SERIES_COUNT; part++) {
			rest_t end = after;

			if (histogram != (part != MPSK_SERIES_VALUE) || !take(&end, suffixes[part]) ||
			    !is_at_end_of_name(&end)) continue;
			series->id = (mpsk_metric_id_t) id;
			series->part = (mpsk_series_part_t) part;
			*rest = end;
			return true;
		}
	}
	return false;
}

/* name="value", without what would end a line or a text elsewhere. */
static bool label_take(char out[static MPSK_SERIES_LABEL_MAX + 1], rest_t *rest, char const *name)
{
	size_t n = 0;

	if (!take(rest, name) || !take(rest, "=\"")) return false;
	while (rest->p < rest->end && *rest->p != '"') {
		if (n == MPSK_SERIES_LABEL_MAX || *rest->p < ' ' || *rest->p > '~' || *rest->p == '\\') return false;
		out[n++] = *rest->p++;
	}
	out[n] = '\0';
	return take(rest, "\"");
}

static bool bucket_take(mpsk_series_t *series, rest_t *rest)
{
	char le[MPSK_SERIES_LABEL_MAX + 1];
	unsigned i = 0;

	if (!label_take(le, rest, "le")) return false;
	while (i <= MPSK_HISTOGRAM_BOUNDS && strcmp(le, mpsk_histogram_le(i)) != 0) i++;
	series->bucket = i;
	return i <= MPSK_HISTOGRAM_BOUNDS;
}

static bool labels_take(mpsk_series_t *series, rest_t *rest)
{
	mpsk_metric_t const *metric = mpsk_metric(series->id);

	if (series->part == MPSK_SERIES_BUCKET) return take(rest, "{") && bucket_take(series, rest) && take(rest, "}");
	for (size_t i = 0; metric->labels[i]; i++) {
		if (!take(rest, i ? "," : "{")) return false;
		if (!label_take(series->labels[i], rest, metric->labels[i])) return false;
	}
	return !metric->labels[0] || take(rest, "}");
}

/* Digits, with a point among them or not. */
static bool value_read(mpsk_series_t *series, mpsk_field_t const *field)
{
	size_t whole, part;

	if (field->value_len == 0 || field->value_len >= sizeof(series->text)) return false;
	memcpy(series->text, field->value, field->value_len);
	series->text[field->value_len] = '\0';
	whole = strspn(series->text, "0123456789");
	if (whole == 0) return false;
	if (whole < field->value_len) {
		part = strspn(series->text + whole + 1, "0123456789");
		if (series->text[whole] != '.' || part == 0 || whole + 1 + part != field->value_len) return false;
	}
	series->value = strtod(series->text, NULL);
	return true;
}

bool mpsk_series_parse(mpsk_series_t *series, mpsk_field_t const *field)
{
	rest_t rest = { .p = field->name, .end = field->name + field->name_len };

	memset(series, 0, sizeof(*series));
	if (!name_take(series, &rest) || !labels_take(series, &rest) || rest.p != rest.end) return false;
	return value_read(series, field);
}
