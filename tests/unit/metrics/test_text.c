/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text, read as strictly as anybody may who takes it: exposition format
 * 0.0.4, and what Prometheus' own linter asks for besides.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "metrics/text.h"

static TALLOC_CTX *ctx;

static int fresh(void **state)
{
	(void) state;
	ctx = talloc_new(NULL);
	return 0;
}

static int clean(void **state)
{
	(void) state;
	talloc_free(ctx);
	return 0;
}

/* A server that has every metric. */
static void server_add(mpsk_samples_t *samples, char const *server, uint64_t seed)
{
	mpsk_counts_t *counts = mpsk_counts_create(ctx, MPSK_HISTOGRAM_SLOTS);
	mpsk_figures_t figures;

	mpsk_figures_init(&figures, ctx);
	for (uint64_t i = 0; i < 50; i++) mpsk_histogram_note(mpsk_counts_mine(counts), (seed + 1) << i);
	/* Backwards: a hash of Redis has no order. */
	for (int id = MPSK_METRIC_MAX - 1; id >= 0; id--) {
		mpsk_metric_t const *metric = mpsk_metric((mpsk_metric_id_t) id);
		bool second = metric->labels[0] && metric->labels[1];

		if (metric->type == MPSK_METRIC_HISTOGRAM) {
			mpsk_figures_put_histogram(&figures, (mpsk_metric_id_t) id, counts, 0);
			continue;
		}
		mpsk_figures_put(&figures, (mpsk_metric_id_t) id, seed, metric->labels[0] ? "b" : NULL,
				 second ? "B" : NULL);
		if (!metric->labels[0]) continue;
		mpsk_figures_put(&figures, (mpsk_metric_id_t) id, seed + 1, "a", second ? "A" : NULL);
	}
	assert_false(figures.failed);
	assert_int_equal(mpsk_samples_add(samples, server, figures.fields, figures.n), MPSK_OK);
}

/*
 * --- A strict reader ---
 */
typedef struct {
	char	name[128];	/* of the family */
	char	type[16];
	char	series[256];	/* the last one, without le and value */
	double	last;		/* of a histogram's buckets */
	double	inf;
	size_t	n;		/* samples of the family */
	char	seen[64][128];	/* families */
	size_t	n_seen;
} reader_t;

static char const *name_read(char const *p, char out[static 128])
{
	size_t n = 0;

	assert_true(isalpha((unsigned char) *p) || *p == '_' || *p == ':');
	while (isalnum((unsigned char) *p) || *p == '_' || *p == ':') out[n++] = *p++;
	out[n] = '\0';
	return p;
}

static void comment_read(reader_t *reader, char const *line)
{
	char name[128];

	if (strncmp(line, "# HELP ", 7) == 0) {
		line = name_read(line + 7, name);
		assert_int_equal(*line, ' ');
		assert_true(strlen(line) > 10);
		assert_null(strchr(line, '\\'));
		for (size_t i = 0; i < reader->n_seen; i++) assert_string_not_equal(reader->seen[i], name);
		strcpy(reader->seen[reader->n_seen++], name);
		if (reader->n_seen > 1) assert_true(reader->n > 0);
		strcpy(reader->name, name);
		reader->n = 0;
		return;
	}
	assert_int_equal(strncmp(line, "# TYPE ", 7), 0);
	line = name_read(line + 7, name);
	assert_string_equal(name, reader->name);
	assert_int_equal(reader->n, 0);
	assert_true(strcmp(line, " counter") == 0 || strcmp(line, " gauge") == 0 || strcmp(line, " histogram") == 0);
	strcpy(reader->type, line + 1);
	/* A counter says that it is one, and nothing else does. */
	assert_int_equal(strcmp(reader->type, "counter") == 0,
			 strlen(name) > 6 && strcmp(name + strlen(name) - 6, "_total") == 0);
}

/* name="value", and what is behind. The le is told apart. */
static char const *labels_read(char const *p, char rest[static 256], char le[static 32])
{
	char name[128];

	rest[0] = le[0] = '\0';
	assert_int_equal(*p++, '{');
	for (;;) {
		char const *end;

		p = name_read(p, name);
		assert_int_equal(*p++, '=');
		assert_int_equal(*p++, '"');
		end = strchr(p, '"');
		assert_non_null(end);
		assert_true(end > p);
		assert_null(memchr(p, '\\', (size_t) (end - p)));
		if (strcmp(name, "le") == 0) {
			snprintf(le, 32, "%.*s", (int) (end - p), p);
		} else {
			snprintf(rest + strlen(rest), 256 - strlen(rest), "%s=%.*s;", name, (int) (end - p), p);
		}
		p = end + 1;
		if (*p == '}') return p + 1;
		assert_int_equal(*p++, ',');
	}
}

/* Buckets rise in their bounds and their counts, and the count is the last of them. */
static void histogram_read(reader_t *reader, char const *suffix, char const *series, char const *le, double value)
{
	if (strcmp(suffix, "_bucket") == 0) {
		assert_true(le[0] != '\0');
		if (strcmp(reader->series, series) != 0) reader->last = 0;
		assert_true(value >= reader->last);
		reader->last = value;
		reader->inf = strcmp(le, "+Inf") == 0 ? value : -1;
		strcpy(reader->series, series);
		return;
	}
	assert_string_equal(le, "");
	assert_string_equal(reader->series, series);
	if (strcmp(suffix, "_sum") == 0) return;
	assert_string_equal(suffix, "_count");
	assert_true(value == reader->inf);
}

static void sample_read(reader_t *reader, char const *line)
{
	char name[128], series[256], le[32], *end;
	char const *p = labels_read(name_read(line, name), series, le);
	double value;

	reader->n++;
	assert_int_equal(strncmp(series, "server=", 7), 0);
	assert_int_equal(*p++, ' ');
	assert_true(isdigit((unsigned char) *p));
	value = strtod(p, &end);
	assert_string_equal(end, "");
	assert_int_equal(strncmp(name, reader->name, strlen(reader->name)), 0);
	if (strcmp(reader->type, "histogram") == 0) {
		histogram_read(reader, name + strlen(reader->name), series, le, value);
		return;
	}
	assert_string_equal(name, reader->name);
	assert_string_equal(le, "");
	/* None twice, and those of a family in order. */
	if (reader->n > 1) assert_true(strcmp(reader->series, series) < 0);
	strcpy(reader->series, series);
}

static size_t text_read(char *text)
{
	reader_t *reader = talloc_zero(ctx, reader_t);
	size_t n = 0;

	for (char *line = text; *line; n++) {
		char *end = strchr(line, '\n');

		assert_non_null(end);
		*end = '\0';
		if (*line == '#') {
			comment_read(reader, line);
		} else {
			sample_read(reader, line);
		}
		line = end + 1;
	}
	return n;
}

static void it_is_as_prometheus_wants_it(void **state)
{
	mpsk_samples_t samples = { .ctx = ctx };
	char *text;

	(void) state;
	server_add(&samples, "b/mpsk", 5);
	server_add(&samples, "a.example:1/mpsk", 9);
	mpsk_samples_sort(&samples);
	text = mpsk_metrics_text(ctx, &samples);
	assert_non_null(text);
	assert_int_equal(text_read(text), samples.n + 2 * MPSK_METRIC_MAX);
}

static void a_line_is_this(void **state)
{
	mpsk_samples_t samples = { .ctx = ctx };
	mpsk_field_t const fields[] = {
		{ .name = "mpsk_answers_total{code=\"none\"}", .name_len = 31, .value = "3", .value_len = 1 },
		{ .name = "mpsk_of_tomorrow", .name_len = 16, .value = "3", .value_len = 1 },
	};

	(void) state;
	assert_int_equal(mpsk_samples_add(&samples, "ap/mpsk", fields, 2), MPSK_OK);
	mpsk_samples_sort(&samples);
	assert_string_equal(mpsk_metrics_text(ctx, &samples),
			    "# HELP mpsk_answers_total Answers to these, by code; none: the access point is left to "
			    "ask another server.\n"
			    "# TYPE mpsk_answers_total counter\n"
			    "mpsk_answers_total{server=\"ap/mpsk\",code=\"none\"} 3\n");
}

static void of_nobody_there_is_nothing(void **state)
{
	mpsk_samples_t samples = { .ctx = ctx };

	(void) state;
	mpsk_samples_sort(&samples);
	assert_string_equal(mpsk_metrics_text(ctx, &samples), "");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(it_is_as_prometheus_wants_it, fresh, clean),
		cmocka_unit_test_setup_teardown(a_line_is_this, fresh, clean),
		cmocka_unit_test_setup_teardown(of_nobody_there_is_nothing, fresh, clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
