/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metrics/text.h"

#include <stdlib.h>
#include <string.h>

mpsk_status_t mpsk_samples_add(mpsk_samples_t *samples, char const *server, mpsk_field_t const *fields, size_t n)
{
	if (samples->n + n > samples->room) {
		size_t room = 2 * samples->room + n;
		mpsk_sample_t *grown = talloc_realloc(samples->ctx, samples->samples, mpsk_sample_t, room);

		if (!grown) return MPSK_ERR;
		samples->samples = grown;
		samples->room = room;
	}
	for (size_t i = 0; i < n; i++) {
		mpsk_sample_t *sample = &samples->samples[samples->n];

		sample->server = server;
		samples->n += mpsk_series_parse(&sample->series, &fields[i]);
	}
	return MPSK_OK;
}

static int sample_cmp(void const *a, void const *b)
{
	mpsk_sample_t const *x = a, *y = b;
	int order = (int) x->series.id - (int) y->series.id;

	if (order == 0) order = strcmp(x->server, y->server);
	for (size_t i = 0; order == 0 && i < MPSK_METRIC_LABELS; i++) {
		order = strcmp(x->series.labels[i], y->series.labels[i]);
	}
	if (order == 0) order = (int) x->series.part - (int) y->series.part;
	return order ? order : (int) x->series.bucket - (int) y->series.bucket;
}

void mpsk_samples_sort(mpsk_samples_t *samples)
{
	if (samples->n) qsort(samples->samples, samples->n, sizeof(samples->samples[0]), sample_cmp);
}

static char *head_print(char *text, mpsk_metric_t const *metric)
{
	return talloc_asprintf_append_buffer(text, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help,
					     metric->name, mpsk_metric_type_name(metric->type));
}

static char *sample_print(char *text, mpsk_sample_t const *sample)
{
	mpsk_series_t const *series = &sample->series;
	mpsk_metric_t const *metric = mpsk_metric(series->id);

	text = talloc_asprintf_append_buffer(text, "%s%s{server=\"%s\"", metric->name, mpsk_series_suffix(series->part),
					     sample->server);
	for (size_t i = 0; text && metric->labels[i]; i++) {
		text = talloc_asprintf_append_buffer(text, ",%s=\"%s\"", metric->labels[i], series->labels[i]);
	}
	if (text && series->part == MPSK_SERIES_BUCKET) {
		text = talloc_asprintf_append_buffer(text, ",le=\"%s\"", mpsk_histogram_le(series->bucket));
	}
	return text ? talloc_asprintf_append_buffer(text, "} %s\n", series->text) : NULL;
}

char *mpsk_metrics_text(TALLOC_CTX *ctx, mpsk_samples_t const *samples)
{
	char *text = talloc_strdup(ctx, "");

	for (size_t i = 0; text && i < samples->n; i++) {
		mpsk_sample_t const *sample = &samples->samples[i];
		mpsk_metric_id_t id = sample->series.id;

		if (i == 0 || sample[-1].series.id != id) text = head_print(text, mpsk_metric(id));
		if (text) text = sample_print(text, sample);
	}
	return text;
}
