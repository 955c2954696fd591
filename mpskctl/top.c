/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"
#include "load.h"
#include "stats.h"
#include "verb.h"

#define STEP_MS		1000	/* between two looks; servers write each ten seconds */
#define PATIENCE_MS	25000	/* for a server's next figures, with --once */
#define REASONS_SHOWN	3
#define CLEAR		"\033[H\033[J"

enum {
	OPT_ONCE = 0x300,
	OPT_SINCE_START
};

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	bool		once, since_start;
	ctl_servers_t	servers;
} top_t;

static struct argp_option const options[] = {
	{ .name = "once", .key = OPT_ONCE, .group = 1, .doc = "Show one measurement, and end" },
	{ .name = "since-start", .key = OPT_SINCE_START, .group = 1,
	  .doc = "Show what each server did since its start; with --once that takes no wait" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	top_t *top = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = top->ctl;
		return 0;

	case OPT_ONCE:
		top->once = true;
		return 0;

	case OPT_SINCE_START:
		top->since_start = true;
		return 0;

	case ARGP_KEY_SUCCESS:
		if (!top->once && (top->ctl->format != CTL_TEXT || !isatty(STDOUT_FILENO)))
			ctl_stop(state, CTL_USAGE, "to what is no terminal, and with --json or --tsv: give --once");
		return 0;

	default:
		return ctl_args_parse(&top->args, key, state, 0, 0);
	}
}

static char const doc[] =
	"Show what the servers are busy with, until Ctrl-C: requests, answers and reasons a second, how long answers "
	"take, and how Redis looks from there."
	"\vExamples:\n"
	"  mpskctl top\n"
	"  mpskctl top --once --json | jq '.[] | select(.state != \"healthy\")'\n"
	"  mpskctl top --once --since-start\n\n"
	"Servers write their figures each ten seconds, so that --once waits for up to ten for the next ones. OVER says "
	"for how many seconds the figures are. CLIENTS are open sessions, as far as accounting tells." CTL_EXIT_DOC;

/*
 * --- Rows ---
 */
typedef struct {
	ctl_server_t const	*server;
	ctl_load_t		load;
} row_t;

static ctl_server_t const *server_of(void const *record)
{
	return ((row_t const *) record)->server;
}

static ctl_load_t const *load_of(void const *record)
{
	return &((row_t const *) record)->load;
}

static json_t *server_value(void const *record)
{
	return json_string(server_of(record)->server);
}

static json_t *state_value(void const *record)
{
	char const *state = server_of(record)->now.state;

	return *state ? json_string(state) : json_null();
}

static json_t *age_value(void const *record)
{
	int64_t age = (int64_t) time(NULL) - server_of(record)->now.at;

	return json_integer(age > 0 ? age : 0);
}

#define VALUE(_name, _json) \
	static json_t *_name##_value(void const *record) \
	{ \
		return _json; \
	}
VALUE(over, json_integer(load_of(record)->over))
VALUE(requests, json_real(load_of(record)->requests))
VALUE(accepted, json_real(load_of(record)->accepted))
VALUE(refused, json_real(load_of(record)->refused))
VALUE(p50, json_real(load_of(record)->p50_ms))
VALUE(p99, json_real(load_of(record)->p99_ms))
VALUE(clients, json_integer((json_int_t) server_of(record)->now.sessions))
VALUE(keys, json_integer((json_int_t) server_of(record)->now.keys))
VALUE(devices, json_integer((json_int_t) server_of(record)->now.devices))

static json_t *reasons_value(void const *record)
{
	ctl_load_t const *load = load_of(record);
	json_t *reasons = ctl_need(json_array());

	for (size_t i = 0; i < load->n_reasons; i++) {
		json_t *reason = ctl_need(json_pack("{s:s,s:f}", "reason", load->reasons[i].name, "per_s",
						    load->reasons[i].n));

		if (json_array_append_new(reasons, reason) < 0) ctl_need(NULL);
	}
	return reasons;
}

static char *rate_text(TALLOC_CTX *ctx, json_t const *value)
{
	return ctl_need(talloc_asprintf(ctx, "%.1f", json_real_value(value)));
}

static char *ms_text(TALLOC_CTX *ctx, json_t const *value)
{
	return ctl_need(talloc_asprintf(ctx, "%.2f", json_real_value(value)));
}

static char *reasons_text(TALLOC_CTX *ctx, json_t const *value)
{
	char *text = ctl_need(talloc_strdup(ctx, json_array_size(value) ? "" : "-"));

	for (size_t i = 0; i < json_array_size(value) && i < REASONS_SHOWN; i++) {
		json_t const *reason = json_array_get(value, i);

		text = ctl_need(talloc_asprintf_append(text, "%s%s %.1f", i ? ", " : "",
						       json_string_value(json_object_get(reason, "reason")),
						       json_real_value(json_object_get(reason, "per_s"))));
	}
	return text;
}

static ctl_column_t const columns[] = {
	{ .name = "server", .heading = "SERVER", .value = server_value },
	{ .name = "state", .heading = "REDIS", .value = state_value },
	{ .name = "over_s", .heading = "OVER", .value = over_value },
	{ .name = "requests_per_s", .heading = "REQ/S", .value = requests_value, .text = rate_text },
	{ .name = "accepted_per_s", .heading = "ACCEPT/S", .value = accepted_value, .text = rate_text },
	{ .name = "refused_per_s", .heading = "REFUSE/S", .value = refused_value, .text = rate_text },
	{ .name = "p50_ms", .heading = "P50 MS", .value = p50_value, .text = ms_text },
	{ .name = "p99_ms", .heading = "P99 MS", .value = p99_value, .text = ms_text },
	{ .name = "clients", .heading = "CLIENTS", .value = clients_value },
	{ .name = "keys", .heading = "KEYS", .value = keys_value },
	{ .name = "devices", .value = devices_value },
	{ .name = "age_s", .value = age_value },
	{ .name = "reasons", .heading = "REASONS/S", .value = reasons_value, .text = reasons_text },
	{ .name = NULL }
};

static void print(top_t const *top)
{
	ctl_table_t *table = ctl_table_create(top->ctl->mem, columns, top->ctl->format, 0);

	for (size_t i = 0; i < top->servers.n; i++) {
		row_t row = { .server = &top->servers.servers[i] };

		ctl_load_of(&row.load, row.server, top->since_start);
		ctl_table_add(table, &row);
	}
	ctl_table_print(table);
	talloc_free(table);
}

/*
 * --- Looking ---
 */
static mpsk_status_t look(top_t *top, mpsk_error_t *err)
{
	TALLOC_CTX *mem = ctl_need(talloc_new(top->ctl->mem));
	mpsk_samples_t samples;
	mpsk_status_t status = ctl_stats_take(top->ctl, mem, &samples, err);

	if (status == MPSK_OK) ctl_servers_update(&top->servers, &samples);
	talloc_free(mem);
	return status;
}

static void rest(void)
{
	struct timespec const step = { .tv_sec = STEP_MS / 1000, .tv_nsec = STEP_MS % 1000 * 1000000 };

	nanosleep(&step, NULL);
}

static bool all_measured(top_t const *top)
{
	for (size_t i = 0; i < top->servers.n; i++) {
		if (!top->servers.servers[i].has_before && !top->since_start) return false;
	}
	return true;
}

/* A server that writes no more is shown as it was. */
static ctl_exit_t show_once(top_t *top)
{
	mpsk_deadline_t deadline = mpsk_deadline_in(PATIENCE_MS);
	mpsk_error_t err = { "" };
	mpsk_status_t status = look(top, &err);

	while (status == MPSK_OK && !all_measured(top) && !mpsk_deadline_passed(deadline)) {
		rest();
		status = look(top, &err);
	}
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	print(top);
	return top->servers.n ? CTL_OK : ctl_fail(CTL_NOTHING, "no server wrote figures within the last minute");
}

static void show_screen(top_t const *top, mpsk_status_t status, mpsk_error_t const *err)
{
	time_t now = time(NULL);
	char text[24] = "";
	struct tm tm;

	if (localtime_r(&now, &tm)) strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	printf(CLEAR "%s  %zu servers\n", text, top->servers.n);
	if (status == MPSK_OK) {
		putchar('\n');
	} else {
		printf("%s: waiting for it\n", err->text);
	}
	print(top);
	fflush(stdout);
}

static ctl_exit_t show_live(top_t *top)
{
	while (!ferror(stdout)) {
		mpsk_error_t err = { "" };
		mpsk_status_t status = look(top, &err);

		if (status != MPSK_OK && status != MPSK_AGAIN) return ctl_fail(ctl_exit_of(status), "%s", err.text);
		show_screen(top, status, &err);
		rest();
	}
	return CTL_FAILED;
}

ctl_exit_t top(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .options = options, .parser = parse_opt, .doc = doc, .children = children };
	top_t input = { .ctl = ctl, .servers = { .ctx = ctl->mem } };
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &input) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	return input.once ? show_once(&input) : show_live(&input);
}
