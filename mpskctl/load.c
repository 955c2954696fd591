/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include "ctl.h"

/*
 * --- Figures of one time ---
 */
static double *reason_of(ctl_figures_t *figures, char const *name)
{
	size_t i = 0;

	while (i < figures->n_reasons && strcmp(figures->reasons[i].name, name) != 0) i++;
	if (i == CTL_LOAD_REASONS) return NULL;
	if (i == figures->n_reasons) strcpy(figures->reasons[figures->n_reasons++].name, name);
	return &figures->reasons[i].n;
}

static void request_take(ctl_figures_t *figures, mpsk_series_t const *series)
{
	double *n = reason_of(figures, series->labels[1]);

	figures->requests += series->value;
	if (n) *n += series->value;
}

static void answer_take(ctl_figures_t *figures, mpsk_series_t const *series)
{
	if (strcmp(series->labels[0], "Access-Accept") == 0) figures->accepted = series->value;
	if (strcmp(series->labels[0], "Access-Reject") == 0) figures->refused = series->value;
}

static void series_take(ctl_figures_t *figures, mpsk_series_t const *series)
{
	switch (series->id) {
	case MPSK_METRIC_FIGURES_TIME:
		figures->at = (int64_t) series->value;
		break;
	case MPSK_METRIC_START_TIME:
		figures->started = (int64_t) series->value;
		break;
	case MPSK_METRIC_REQUESTS:
		request_take(figures, series);
		break;
	case MPSK_METRIC_ANSWERS:
		answer_take(figures, series);
		break;
	case MPSK_METRIC_ANSWER_SECONDS:
		if (series->part == MPSK_SERIES_BUCKET) figures->answers[series->bucket] = series->value;
		break;
	case MPSK_METRIC_INDEX_KEYS:
		figures->keys = series->value;
		break;
	case MPSK_METRIC_INDEX_DEVICES:
		figures->devices = series->value;
		break;
	case MPSK_METRIC_SESSIONS_OPEN:
		figures->sessions = series->value;
		break;
	case MPSK_METRIC_STORE_STATE:
		if (series->value > 0) strcpy(figures->state, series->labels[0]);
		break;
	default:
		break;
	}
}

/*
 * --- Servers ---
 */
static int by_name(void const *a, void const *b)
{
	return strcmp(((ctl_server_t const *) a)->server, ((ctl_server_t const *) b)->server);
}

static ctl_server_t *server_find(ctl_servers_t *servers, char const *name)
{
	for (size_t i = 0; i < servers->n; i++) {
		if (strcmp(servers->servers[i].server, name) == 0) return &servers->servers[i];
	}
	return NULL;
}

/* Those of a server that was started anew meanwhile have nothing to do with the ones before. */
static void server_set(ctl_server_t *server, ctl_figures_t const *figures)
{
	server->is_there = true;
	if (figures->at == server->now.at && figures->started == server->now.started) return;
	server->has_before = server->now.at && figures->at > server->now.at && figures->started == server->now.started;
	server->before = server->now;
	server->now = *figures;
}

static void server_take(ctl_servers_t *servers, char const *name, ctl_figures_t const *figures)
{
	ctl_server_t *server = server_find(servers, name);

	if (!server) {
		servers->servers = ctl_need(talloc_realloc(servers->ctx, servers->servers, ctl_server_t,
							   servers->n + 1));
		server = &servers->servers[servers->n++];
		*server = (ctl_server_t) { .server = "" };
		strcpy(server->server, name);
	}
	server_set(server, figures);
}

void ctl_servers_update(ctl_servers_t *servers, mpsk_samples_t const *samples)
{
	TALLOC_CTX *done = ctl_need(talloc_new(NULL));
	ctl_figures_t *figures = ctl_need(talloc_zero(done, ctl_figures_t));
	size_t n = 0;

	for (size_t i = 0; i < servers->n; i++) servers->servers[i].is_there = false;
	/* Every server has this figure, once. */
	for (size_t i = 0; i < samples->n; i++) {
		char const *name = samples->samples[i].server;

		if (samples->samples[i].series.id != MPSK_METRIC_FIGURES_TIME) continue;
		*figures = (ctl_figures_t) { .state = "" };
		for (size_t j = 0; j < samples->n; j++) {
			mpsk_sample_t const *sample = &samples->samples[j];

			if (strcmp(sample->server, name) == 0) series_take(figures, &sample->series);
		}
		server_take(servers, name, figures);
	}
	for (size_t i = 0; i < servers->n; i++) {
		if (servers->servers[i].is_there) servers->servers[n++] = servers->servers[i];
	}
	servers->n = n;
	if (n) qsort(servers->servers, n, sizeof(servers->servers[0]), by_name);
	talloc_free(done);
}

/*
 * --- What was done ---
 */
static int most_first(void const *a, void const *b)
{
	ctl_reason_t const *x = a, *y = b;

	if (x->n != y->n) return x->n < y->n ? 1 : -1;
	return strcmp(x->name, y->name);
}

static double rate(double now, double before, int64_t over)
{
	return over > 0 && now > before ? (now - before) / (double) over : 0;
}

static void reasons_take(ctl_load_t *load, ctl_figures_t const *now, ctl_figures_t const *before)
{
	ctl_figures_t was = *before;

	for (size_t i = 0; i < now->n_reasons; i++) {
		ctl_reason_t *reason = &load->reasons[load->n_reasons];
		double *n = reason_of(&was, now->reasons[i].name);

		*reason = now->reasons[i];
		reason->n = rate(reason->n, n ? *n : 0, load->over);
		load->n_reasons += reason->n > 0;
	}
	if (load->n_reasons) qsort(load->reasons, load->n_reasons, sizeof(load->reasons[0]), most_first);
}

static void times_take(ctl_load_t *load, ctl_figures_t const *now, ctl_figures_t const *before)
{
	uint64_t counts[MPSK_HISTOGRAM_BOUNDS + 1];
	double sum = 0;

	for (size_t i = 0; i <= MPSK_HISTOGRAM_BOUNDS; i++) {
		double all = now->answers[i] - before->answers[i];

		counts[i] = all > sum ? (uint64_t) (all - sum) : 0;
		if (all > sum) sum = all;
	}
	load->p50_ms = mpsk_histogram_quantile(counts, 0.5) * 1000;
	load->p99_ms = mpsk_histogram_quantile(counts, 0.99) * 1000;
}

void ctl_load_of(ctl_load_t *load, ctl_server_t const *server, bool since_start)
{
	ctl_figures_t const nothing = { .at = server->now.started };
	ctl_figures_t const *before = server->has_before && !since_start ? &server->before : &nothing;
	ctl_figures_t const *now = &server->now;

	*load = (ctl_load_t) { .over = now->at - before->at };
	load->requests = rate(now->requests, before->requests, load->over);
	load->accepted = rate(now->accepted, before->accepted, load->over);
	load->refused = rate(now->refused, before->refused, load->over);
	reasons_take(load, now, before);
	times_take(load, now, before);
}
