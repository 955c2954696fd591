/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "stats.h"
#include "verb.h"

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
} metrics_t;

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	metrics_t *input = state->input;

	if (key != ARGP_KEY_INIT) return ctl_args_parse(&input->args, key, state, 0, 0);
	state->child_inputs[0] = input->ctl;
	return 0;
}

static char const doc[] =
	"Show what the servers count and measure, in Prometheus' text format, of all of them, as they wrote it to "
	"Redis within the last minute."
	"\vExamples:\n"
	"  mpskctl metrics\n"
	"  mpskctl metrics --json | jq '.[] | select(.metric == \"mpsk_sessions_open\")'\n\n"
	"docs/reference/metrics.md says what each figure is. A server that is asked itself, at its metrics_listen, "
	"answers with the same of the moment." CTL_EXIT_DOC;

/* A row. */
typedef struct {
	mpsk_sample_t const	*sample;
	ctl_format_t		format;
} row_t;

static mpsk_series_t const *series_of(void const *record)
{
	return &((row_t const *) record)->sample->series;
}

static json_t *server_value(void const *record)
{
	return json_string(((row_t const *) record)->sample->server);
}

static json_t *metric_value(void const *record)
{
	mpsk_series_t const *series = series_of(record);

	return json_sprintf("%s%s", mpsk_metric(series->id)->name, mpsk_series_suffix(series->part));
}

static json_t *type_value(void const *record)
{
	return json_string(mpsk_metric_type_name(mpsk_metric(series_of(record)->id)->type));
}

static void label_put(json_t *labels, char const *name, char const *value)
{
	if (json_object_set_new(labels, name, ctl_need(json_string(value))) < 0) ctl_need(NULL);
}

/* An object; in TSV the values alone. */
static json_t *labels_value(void const *record)
{
	mpsk_series_t const *series = series_of(record);
	mpsk_metric_t const *metric = mpsk_metric(series->id);
	json_t *labels = ctl_need(json_object()), *values = ctl_need(json_array()), *value;
	char const *name;

	for (size_t i = 0; metric->labels[i]; i++) label_put(labels, metric->labels[i], series->labels[i]);
	if (series->part == MPSK_SERIES_BUCKET) label_put(labels, "le", mpsk_histogram_le(series->bucket));
	if (((row_t const *) record)->format != CTL_TSV) {
		json_decref(values);
		return labels;
	}
	json_object_foreach(labels, name, value) {
		if (json_array_append(values, value) < 0) ctl_need(NULL);
	}
	json_decref(labels);
	return values;
}

static json_t *value_value(void const *record)
{
	mpsk_series_t const *series = series_of(record);

	return strchr(series->text, '.') ? json_real(series->value) : json_integer((json_int_t) series->value);
}

static ctl_column_t const columns[] = {
	{ .name = "server", .value = server_value },
	{ .name = "metric", .value = metric_value },
	{ .name = "type", .value = type_value },
	{ .name = "labels", .value = labels_value },
	{ .name = "value", .value = value_value },
	{ .name = NULL }
};

static void table_print(ctl_t *ctl, mpsk_samples_t const *samples)
{
	ctl_table_t *table = ctl_table_create(ctl->mem, columns, ctl->format, 0);

	for (size_t i = 0; i < samples->n; i++) {
		ctl_table_add(table, &(row_t) { .sample = &samples->samples[i], .format = ctl->format });
	}
	ctl_table_print(table);
}

ctl_exit_t metrics(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .parser = parse_opt, .doc = doc, .children = children };
	metrics_t input = { .ctl = ctl };
	mpsk_samples_t samples;
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &input) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	if ((code = ctl_stats_read(ctl, ctl->mem, &samples)) != CTL_OK) return code;
	if (ctl->format != CTL_TEXT) {
		table_print(ctl, &samples);
	} else {
		fputs(ctl_need(mpsk_metrics_text(ctl->mem, &samples)), stdout);
	}
	return samples.n ? CTL_OK : ctl_fail(CTL_NOTHING, "no server wrote figures within the last minute");
}
