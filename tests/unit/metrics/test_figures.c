/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "metrics/figures.h"

static TALLOC_CTX *ctx;
static mpsk_figures_t figures;

static int fresh(void **state)
{
	(void) state;
	ctx = talloc_new(NULL);
	mpsk_figures_init(&figures, ctx);
	return 0;
}

static int clean(void **state)
{
	(void) state;
	talloc_free(ctx);
	return 0;
}

static void is_field(size_t i, char const *name, char const *value)
{
	assert_true(i < figures.n);
	assert_string_equal(figures.fields[i].name, name);
	assert_int_equal(figures.fields[i].name_len, strlen(name));
	assert_string_equal(figures.fields[i].value, value);
	assert_int_equal(figures.fields[i].value_len, strlen(value));
}

static bool parse(mpsk_series_t *series, char const *name, char const *value)
{
	mpsk_field_t const field = {
		.name = name, .name_len = strlen(name), .value = value, .value_len = strlen(value)
	};

	return mpsk_series_parse(series, &field);
}

static void series_are_named_as_in_the_text(void **state)
{
	(void) state;
	mpsk_figures_put(&figures, MPSK_METRIC_INDEX_KEYS, 12, NULL, NULL);
	mpsk_figures_put(&figures, MPSK_METRIC_ANSWERS, UINT64_MAX, "none", NULL);
	mpsk_figures_put(&figures, MPSK_METRIC_REQUESTS, 1, "hostapd", "NO_MATCH");
	mpsk_figures_put_ns(&figures, MPSK_METRIC_GUARD_CPU, 12000000034);
	assert_false(figures.failed);
	assert_int_equal(figures.n, 4);
	is_field(0, "mpsk_index_keys", "12");
	is_field(1, "mpsk_answers_total{code=\"none\"}", "18446744073709551615");
	is_field(2, "mpsk_requests_total{dialect=\"hostapd\",reason=\"NO_MATCH\"}", "1");
	is_field(3, "mpsk_guard_search_cpu_seconds_total", "12.000000034");
}

static void buckets_add_up(void **state)
{
	mpsk_counts_t *counts = mpsk_counts_create(ctx, 1 + MPSK_HISTOGRAM_SLOTS);
	mpsk_count_t *mine = mpsk_counts_mine(counts);

	(void) state;
	mpsk_histogram_note(&mine[1], 20000);
	mpsk_histogram_note(&mine[1], 3000000000);
	mpsk_figures_put_histogram(&figures, MPSK_METRIC_SCAN_SECONDS, counts, 1);
	assert_int_equal(figures.n, MPSK_HISTOGRAM_BOUNDS + 3);
	is_field(0, "mpsk_scan_seconds_bucket{le=\"0.00001\"}", "0");
	is_field(1, "mpsk_scan_seconds_bucket{le=\"0.000025\"}", "1");
	is_field(MPSK_HISTOGRAM_BOUNDS - 1, "mpsk_scan_seconds_bucket{le=\"1\"}", "1");
	is_field(MPSK_HISTOGRAM_BOUNDS, "mpsk_scan_seconds_bucket{le=\"+Inf\"}", "2");
	is_field(MPSK_HISTOGRAM_BOUNDS + 1, "mpsk_scan_seconds_sum", "3.000020000");
	is_field(MPSK_HISTOGRAM_BOUNDS + 2, "mpsk_scan_seconds_count", "2");
}

/* Of every metric, what is written is what is read. */
static void all_that_is_written_is_read(void **state)
{
	mpsk_counts_t *counts = mpsk_counts_create(ctx, MPSK_HISTOGRAM_SLOTS);

	(void) state;
	for (int id = 0; id < MPSK_METRIC_MAX; id++) {
		mpsk_metric_t const *metric = mpsk_metric((mpsk_metric_id_t) id);
		char const *first = metric->labels[0] ? "a b+/" : NULL, *second = first ? metric->labels[1] : NULL;
		mpsk_series_t series;
		size_t from = figures.n;

		if (metric->type == MPSK_METRIC_HISTOGRAM) {
			mpsk_figures_put_histogram(&figures, (mpsk_metric_id_t) id, counts, 0);
		} else {
			mpsk_figures_put(&figures, (mpsk_metric_id_t) id, 7, first, second);
		}
		for (size_t i = from; i < figures.n; i++) {
			assert_true(mpsk_series_parse(&series, &figures.fields[i]));
			assert_int_equal(series.id, id);
			assert_string_equal(series.text, figures.fields[i].value);
			assert_string_equal(series.labels[0], first ? first : "");
			assert_string_equal(series.labels[1], second ? second : "");
		}
		if (metric->type == MPSK_METRIC_HISTOGRAM) assert_int_equal(series.part, MPSK_SERIES_COUNT);
	}
}

static void what_is_read_has_its_parts(void **state)
{
	mpsk_series_t series;

	(void) state;
	assert_true(parse(&series, "mpsk_requests_total{dialect=\"hostapd\",reason=\"NO_MATCH\"}", "12"));
	assert_int_equal(series.part, MPSK_SERIES_VALUE);
	assert_string_equal(series.labels[0], "hostapd");
	assert_string_equal(series.labels[1], "NO_MATCH");
	assert_true(series.value == 12);
	assert_true(parse(&series, "mpsk_answer_seconds_bucket{le=\"0.0025\"}", "3"));
	assert_int_equal(series.part, MPSK_SERIES_BUCKET);
	assert_string_equal(mpsk_histogram_le(series.bucket), "0.0025");
	assert_true(parse(&series, "mpsk_answer_seconds_sum", "0.250000000"));
	assert_int_equal(series.part, MPSK_SERIES_SUM);
	assert_true(series.value == 0.25);
}

/* Whoever may write to Redis must not write lines of his own into the page. */
static void what_is_none_is_not_read(void **state)
{
	static char const *const wrong[][2] = {
		{ "", "1" },
		{ "mpsk_index_key", "1" },
		{ "mpsk_index_keyss", "1" },
		{ "mpsk_index_keys ", "1" },
		{ "mpsk_index_keys{}", "1" },
		{ "mpsk_index_keys{a=\"b\"}", "1" },
		{ "mpsk_index_keys_bucket{le=\"1\"}", "1" },
		{ "mpsk_answers_total", "1" },
		{ "mpsk_answers_total{}", "1" },
		{ "mpsk_answers_total{code=\"none\"", "1" },
		{ "mpsk_answers_total{code=\"none}", "1" },
		{ "mpsk_answers_total{code=none}", "1" },
		{ "mpsk_answers_total{edoc=\"none\"}", "1" },
		{ "mpsk_answers_total{code=\"none\",}", "1" },
		{ "mpsk_answers_total{code=\"none\"}x", "1" },
		{ "mpsk_answers_total{code=\"a\nb\"}", "1" },
		{ "mpsk_answers_total{code=\"a\\\"}", "1" },
		{ "mpsk_answers_total{code=\"\xc3\xa4\"}", "1" },
		{ "mpsk_answers_total{code=\"\x1b[2J\"}", "1" },
		{ "mpsk_answers_total{code=\"012345678901234567890123456789012345678901234567890123456789"
		  "0123\"}", "1" },
		{ "mpsk_requests_total{dialect=\"hostapd\"}", "1" },
		{ "mpsk_requests_total{reason=\"NO_MATCH\",dialect=\"hostapd\"}", "1" },
		{ "mpsk_answer_seconds", "1" },
		{ "mpsk_answer_seconds_bucket", "1" },
		{ "mpsk_answer_seconds_bucket{le=\"0.0026\"}", "1" },
		{ "mpsk_answer_seconds_sum{le=\"1\"}", "1" },
		{ "mpsk_index_keys", "" },
		{ "mpsk_index_keys", "-1" },
		{ "mpsk_index_keys", "+1" },
		{ "mpsk_index_keys", " 1" },
		{ "mpsk_index_keys", "1 " },
		{ "mpsk_index_keys", "1\n" },
		{ "mpsk_index_keys", "1." },
		{ "mpsk_index_keys", ".1" },
		{ "mpsk_index_keys", "1.2.3" },
		{ "mpsk_index_keys", "1e3" },
		{ "mpsk_index_keys", "0x1" },
		{ "mpsk_index_keys", "NaN" },
		{ "mpsk_index_keys", "12345678901234567890123456789012" },
	};
	mpsk_series_t series;
	mpsk_field_t const with_nul = { .name = "mpsk_index_keys", .name_len = 16, .value = "1", .value_len = 1 };

	(void) state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (parse(&series, wrong[i][0], wrong[i][1])) fail_msg("read: %s %s", wrong[i][0], wrong[i][1]);
	}
	assert_false(mpsk_series_parse(&series, &with_nul));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(series_are_named_as_in_the_text, fresh, clean),
		cmocka_unit_test_setup_teardown(buckets_add_up, fresh, clean),
		cmocka_unit_test_setup_teardown(all_that_is_written_is_read, fresh, clean),
		cmocka_unit_test_setup_teardown(what_is_read_has_its_parts, fresh, clean),
		cmocka_unit_test_setup_teardown(what_is_none_is_not_read, fresh, clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
