/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "alert.h"
#include "trails.h"
#include "verb.h"
#include "when.h"

#define LATE_S 600	/* without a look, after which a person is told so */

enum {
	OPT_KIND = 0x300,
	OPT_KEY,
	OPT_SINCE,
	OPT_CLEAR
};

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	bool		kinds[MPSK_ALERT_KINDS];
	bool		some;		/* of them */
	char const	*key;
	int64_t		since;
	bool		clear;
	ctl_table_t	*table;
	size_t		n;
} alerts_t;

static struct argp_option const options[] = {
	{ .name = "kind", .key = OPT_KIND, .arg = "KIND", .group = 1,
	  .doc = "Those of this kind: devices, sites, aps, wrong-key, wrong-device or flood; may be given more than "
		 "once" },
	{ .name = "key", .key = OPT_KEY, .arg = "ID", .group = 1, .doc = "Those of this key" },
	{ .name = "since", .key = OPT_SINCE, .arg = "TIME", .group = 1,
	  .doc = "Those that were so within 24h, 7d, ... or since a time" },
	{ .name = "clear", .key = OPT_CLEAR, .group = 1,
	  .doc = "Forget them: what is so still, or again, is an alert again" },
	{ 0 }
};

static void kind_take(alerts_t *alerts, char const *name, struct argp_state *state)
{
	alerts->some = true;
	for (int kind = 0; kind < MPSK_ALERT_KINDS; kind++) {
		if (strcmp(name, mpsk_alert_name((mpsk_alert_kind_t) kind)) != 0) continue;
		alerts->kinds[kind] = true;
		return;
	}
	ctl_stop(state, CTL_INVALID, "--kind: there is no kind '%s': see --help", name);
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	alerts_t *alerts = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = alerts->ctl;
		return 0;

	case OPT_KIND:
		kind_take(alerts, arg, state);
		return 0;

	case OPT_KEY:
		alerts->key = arg;
		return 0;

	case OPT_SINCE:
		alerts->since = ctl_trails_when(alerts->ctl, "since", arg, state);
		return 0;

	case OPT_CLEAR:
		alerts->clear = true;
		return 0;

	default:
		return ctl_args_parse(&alerts->args, key, state, 0, 0);
	}
}

static char const doc[] =
	"Show signs that a passphrase is known to more than it should be, as `mpskctl maintain` notes them: a key on "
	"many devices, at many sites or access points at once; a device that came with another passphrase than its "
	"key's; a key that came from a device that is none of its own; an access point with many wrong keys."
	"\vExamples:\n"
	"  mpskctl alerts\n"
	"  mpskctl alerts --kind wrong-key --since 24h --json\n"
	"  mpskctl alerts --key bob --clear\n\n"
	"An alert is kept for a week after it was last so. docs/how-to/find-leaked-keys.md tells what to do about "
	"each."
	"\n\nExit codes: 0 there are none, or they were cleared; 1 there are some; 2 a value is wrong; 3 Redis cannot "
	"be reached or used, or the result cannot be written; 64 wrong options.";

static bool is_chosen(alerts_t const *alerts, mpsk_alert_t const *alert)
{
	if (alert->seen < alerts->since) return false;
	return !alerts->key || strcmp(alerts->key, ctl_alert_subject(alert).key) == 0;
}

static ctl_exit_t take(alerts_t *alerts, mpsk_alert_kind_t kind)
{
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	mpsk_alert_t *list;
	mpsk_error_t err = { "" };
	size_t n;
	mpsk_status_t status = mpsk_alerts_read(alerts->ctl->store, ctx, kind, &list, &n, &err);

	for (size_t i = 0; i < n && status == MPSK_OK; i++) {
		if (!is_chosen(alerts, &list[i])) continue;
		alerts->n++;
		if (alerts->clear) {
			status = mpsk_alert_drop(alerts->ctl->store, &list[i], &err);
		} else {
			ctl_table_add(alerts->table, &list[i]);
		}
	}
	talloc_free(ctx);
	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "%s", err.text);
}

/* No alert says nothing where nobody looks. */
static ctl_exit_t look_warn(ctl_t *ctl)
{
	char when[CTL_WHEN_TEXT_MAX];
	mpsk_error_t err = { "" };
	int64_t at;
	mpsk_status_t status = mpsk_alert_looked(ctl->store, &at, &err);

	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	if (at > ctl->now - LATE_S) return CTL_OK;
	ctl_fail(CTL_OK, "warning: nobody looked for signs %s%s: is `mpskctl maintain` run each minute?",
		 at ? "since " : "yet", at ? ctl_when_print(when, at) : "");
	return CTL_OK;
}

static ctl_exit_t finish(alerts_t const *alerts)
{
	if (!alerts->clear) {
		ctl_table_sort(alerts->table);
		ctl_table_print(alerts->table);
		return alerts->n ? CTL_NOTHING : CTL_OK;
	}
	if (alerts->ctl->format == CTL_JSON) {
		printf("{\"cleared\": %zu}\n", alerts->n);
	} else if (!alerts->ctl->quiet) {
		printf("cleared %zu alert%s\n", alerts->n, alerts->n == 1 ? "" : "s");
	}
	return CTL_OK;
}

ctl_exit_t alerts(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .options = options, .parser = parse_opt, .doc = doc, .children = children };
	alerts_t alerts = { .ctl = ctl };
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &alerts) != CTL_OK) return CTL_USAGE;
	if (alerts.key && (code = ctl_check_id(alerts.key)) != CTL_OK) return code;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	alerts.table = ctl_table_create(ctl->mem, ctl_alert_columns, ctl->format, 0);
	code = look_warn(ctl);
	for (int kind = 0; kind < MPSK_ALERT_KINDS && code == CTL_OK; kind++)
		if (!alerts.some || alerts.kinds[kind]) code = take(&alerts, (mpsk_alert_kind_t) kind);
	return code == CTL_OK ? finish(&alerts) : code;
}
