/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "maintain.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rotation.h"
#include "store/session_reap.h"
#include "verb.h"
#include "when.h"

#define LEASE_NAME "maintain"

/* In the order in which they are done. */
static ctl_maintain_step_t const steps[] = {
	{ "grace", "remove old passphrases whose grace is over", maintain_grace_wants, maintain_grace, false },
	{ "rotate", "rotate keys whose passphrase is as old as their rotate_every says", maintain_rotate_wants,
	  maintain_rotate, false },
	{ "sessions", "end sessions that nothing was heard of, forget old ones", NULL, maintain_sessions, false },
	{ "disconnect", "disconnect devices that are on and may not be", NULL, maintain_disconnect, false },
	{ "alerts", "note signs that a passphrase has leaked", NULL, maintain_alerts, false },
	{ "mail", "mail keys that are new or were changed to those who hold them", maintain_mail_wants, maintain_mail,
	  false },
	{ "remind", "mail those whose key expires soon", maintain_remind_wants, maintain_remind, false },
	{ "idle", "forget devices that were not seen for --idle-devices", maintain_idle_wants, maintain_idle, true },
	{ "purge", "delete keys that expired --purge-expired ago", maintain_purge_wants, maintain_purge, false },
};
#define N_STEPS (sizeof(steps) / sizeof(*steps))

enum {
	OPT_DRY_RUN = 0x300,
	OPT_AT,
	OPT_ONLY,
	OPT_SESSION_STALE,
	OPT_ROTATE_GRACE,
	OPT_EARLY_GRACE,
	OPT_IDLE_DEVICES,
	OPT_PURGE_EXPIRED
};

/* The keys that a step wanted. */
typedef struct {
	mpsk_key_t	**keys;
	size_t		n, room;
} wanted_t;

typedef struct {
	ctl_maintain_t	maintain;
	ctl_args_t	args;
	bool		only[N_STEPS];
	bool		some;		/* of them: --only was given */
	wanted_t	wanted[N_STEPS];
} run_t;

static struct argp_option const options[] = {
	{ .name = "dry-run", .key = OPT_DRY_RUN, .group = 1, .doc = "Say what would be done, and write nothing" },
	{ .name = "at", .key = OPT_AT, .arg = "TIME", .group = 1,
	  .doc = "With --dry-run: what would be done at another time, as +7d or 2026-12-31" },
	{ .name = "only", .key = OPT_ONLY, .arg = "STEP", .group = 1,
	  .doc = "Only this step; may be given more than once" },
	{ .name = "session-stale", .key = OPT_SESSION_STALE, .arg = "SECONDS", .group = 1,
	  .doc = "When a session that nothing is heard of counts as ended: the servers' session_stale (3600)" },
	{ .name = "rotate-grace", .key = OPT_ROTATE_GRACE, .arg = "DURATION", .group = 1,
	  .doc = "How long the old passphrase of a key that is rotated on time is taken: 7d, 12h, ..., and until the "
		 "next rotation at most; 0: it ends at once [$MPSK_ROTATE_GRACE, else 7d]" },
	{ .name = "early-grace", .key = OPT_EARLY_GRACE, .arg = "DURATION", .group = 1,
	  .doc = "End a grace before its time where nobody used the old passphrase for so long, and every device of "
		 "the key came with the new one since: 1d, 12h, ..., 10m at least [$MPSK_EARLY_GRACE, else never]" },
	{ .name = "idle-devices", .key = OPT_IDLE_DEVICES, .arg = "DURATION", .group = 1,
	  .doc = "Forget devices that were not seen for so long, or for the `idle` of their key where that has one (0: "
		 "none of that key): 180d, ..., 1h at least [$MPSK_IDLE_DEVICES, else never]" },
	{ .name = "purge-expired", .key = OPT_PURGE_EXPIRED, .arg = "DURATION", .group = 1,
	  .doc = "Delete keys that expired so long ago, with their devices and sessions: 90d, ..., 1h at least "
		 "[$MPSK_PURGE_EXPIRED, else never]" },
	{ 0 }
};

static void only_take(run_t *run, char const *name, struct argp_state *state)
{
	run->some = true;
	for (size_t i = 0; i < N_STEPS; i++) {
		if (strcmp(steps[i].name, name) != 0) continue;
		run->only[i] = true;
		return;
	}
	ctl_stop(state, CTL_INVALID, "--only: there is no step '%s': see --help", name);
}

static void at_take(run_t *run, char const *text, struct argp_state *state)
{
	mpsk_error_t err = { "" };

	if (ctl_when_parse(&run->maintain.now, text, CTL_WHEN_FROM, run->maintain.ctl->now, &err) != MPSK_OK)
		ctl_stop(state, CTL_INVALID, "--at: %s", err.text);
}

static void stale_take(run_t *run, char const *text, struct argp_state *state)
{
	int64_t *stale = &run->maintain.session_stale;

	if (!mpsk_number_parse(stale, text, strlen(text)) || *stale < 60)
		ctl_stop(state, CTL_INVALID, "--session-stale: give 60 or more seconds");
}

/* Options that are durations. A variable of the environment stands for each, for a service has no others. */
static struct {
	int		key;
	char const	*option, *variable;
	size_t		offset;		/* of the seconds in a ctl_maintain_t */
	int64_t		min;
	bool		never;		/* may be "never", which is 0 */
} const durations[] = {
	{ OPT_ROTATE_GRACE, "rotate-grace", "MPSK_ROTATE_GRACE", offsetof(ctl_maintain_t, rotate_grace), 0, false },
	{ OPT_EARLY_GRACE, "early-grace", "MPSK_EARLY_GRACE", offsetof(ctl_maintain_t, early_grace), 600, true },
	{ OPT_IDLE_DEVICES, "idle-devices", "MPSK_IDLE_DEVICES", offsetof(ctl_maintain_t, idle_devices), 3600, true },
	{ OPT_PURGE_EXPIRED, "purge-expired", "MPSK_PURGE_EXPIRED", offsetof(ctl_maintain_t, purge_expired), 3600,
	  true },
};
#define N_DURATIONS (sizeof(durations) / sizeof(*durations))

static void duration_take(run_t *run, size_t i, char const *text, struct argp_state *state)
{
	int64_t *seconds = (int64_t *) (void *) ((char *) &run->maintain + durations[i].offset);
	bool never = strcmp(text, "never") == 0;
	mpsk_error_t err = { "" };
	char min[CTL_WHEN_TEXT_MAX];

	if (ctl_when_duration(seconds, text, &err) != MPSK_OK)
		ctl_stop(state, CTL_INVALID, "--%s: %s", durations[i].option, err.text);
	if ((never && !durations[i].never) || *seconds > MPSK_NUMBER_MAX - run->maintain.ctl->now)
		ctl_stop(state, CTL_INVALID, "--%s: '%s' is too long", durations[i].option, text);
	if (!never && *seconds < durations[i].min)
		ctl_stop(state, CTL_INVALID, "--%s: '%s' is less than %s", durations[i].option, text,
			 ctl_when_print_duration(min, durations[i].min));
}

static void environment(run_t *run, struct argp_state *state)
{
	for (size_t i = 0; i < N_DURATIONS; i++) {
		char const *value = getenv(durations[i].variable);

		if (value && *value) duration_take(run, i, value, state);
	}
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	run_t *run = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = run->maintain.ctl;
		state->child_inputs[1] = &run->maintain.mail;
		state->child_inputs[2] = &run->maintain.alert_limits;
		environment(run, state);
		return 0;

	case OPT_DRY_RUN:
		run->maintain.dry_run = true;
		return 0;

	case OPT_AT:
		at_take(run, arg, state);
		return 0;

	case OPT_ONLY:
		only_take(run, arg, state);
		return 0;

	case OPT_SESSION_STALE:
		stale_take(run, arg, state);
		return 0;

	case ARGP_KEY_SUCCESS:
		if (run->maintain.now != run->maintain.ctl->now && !run->maintain.dry_run)
			ctl_stop(state, CTL_USAGE, "--at needs --dry-run");
		return 0;

	default:
		for (size_t i = 0; i < N_DURATIONS; i++) {
			if (durations[i].key != key) continue;
			duration_take(run, i, arg, state);
			return 0;
		}
		return ctl_args_parse(&run->args, key, state, 0, 0);
	}
}

/*
 * --- Which keys ---
 */
static bool is_chosen(run_t const *run, size_t step)
{
	return !run->some || run->only[step];
}

static void wanted_add(ctl_t *ctl, wanted_t *wanted, mpsk_key_t *key)
{
	if (wanted->n == wanted->room) {
		wanted->room = wanted->room ? 2 * wanted->room : 64;
		wanted->keys = ctl_need(talloc_realloc(ctl->mem, wanted->keys, mpsk_key_t *, wanted->room));
	}
	wanted->keys[wanted->n++] = key;
}

static mpsk_status_t look(void *uctx, char const *id __attribute__((unused)), mpsk_key_t *key,
			  mpsk_error_t const *err __attribute__((unused)))
{
	run_t *run = uctx;
	bool any = false;

	for (size_t i = 0; key && i < N_STEPS; i++) {
		if (!is_chosen(run, i) || !steps[i].wants || !steps[i].wants(&run->maintain, key)) continue;
		wanted_add(run->maintain.ctl, &run->wanted[i], key);
		any = true;
	}
	if (any) talloc_steal(run->maintain.ctl->mem, key);
	return ctl_maintain_ends(&run->maintain) ? MPSK_MISS : MPSK_OK;
}

static int id_cmp(void const *a, void const *b)
{
	return strcmp((*(mpsk_key_t *const *) a)->id, (*(mpsk_key_t *const *) b)->id);
}

/* In their order, each once: a walk may give a key twice. */
static void wanted_order(wanted_t *wanted)
{
	size_t n = 0;

	if (wanted->n) qsort(wanted->keys, wanted->n, sizeof(*wanted->keys), id_cmp);
	for (size_t i = 0; i < wanted->n; i++)
		if (n == 0 || id_cmp(&wanted->keys[n - 1], &wanted->keys[i]) != 0) wanted->keys[n++] = wanted->keys[i];
	wanted->n = n;
}

/* One walk over all keys, for all steps. */
static ctl_exit_t choose(run_t *run)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	bool any = false;

	for (size_t i = 0; i < N_STEPS; i++) any = any || (is_chosen(run, i) && steps[i].wants);
	if (!any) return CTL_OK;
	status = mpsk_store_key_each(run->maintain.ctl->store, look, run, &err);
	if (status == MPSK_MISS) return CTL_OK;
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	for (size_t i = 0; i < N_STEPS; i++) wanted_order(&run->wanted[i]);
	return CTL_OK;
}

/*
 * --- The run ---
 */
static ctl_exit_t run_steps(run_t *run)
{
	ctl_maintain_t *maintain = &run->maintain;
	ctl_t *ctl = maintain->ctl;
	ctl_exit_t code = choose(run);

	if (code != CTL_OK) return code;
	if (ctl->format != CTL_TEXT) maintain->table = ctl_maintain_table(ctl);
	for (size_t i = 0; i < N_STEPS && !ctl_maintain_ends(maintain); i++) {
		wanted_t const *wanted = &run->wanted[i];

		if (!is_chosen(run, i) || (steps[i].wants && !steps[i].always && !wanted->n)) continue;
		maintain->step = &steps[i];
		steps[i].run(maintain, wanted->keys, wanted->n);
	}
	if (maintain->table) ctl_table_print(maintain->table);
	if (!maintain->away && ctl_maintain_ends(maintain))
		return ctl_fail(CTL_FAILED, "stopped: the lease could not be renewed in time");
	return maintain->worst;
}

static char const doc[] =
	"Do what is due: each step by the time that it is. It is made to be run each minute, on several machines: a "
	"lease in Redis (mpsk:lease:maintain) sees to it that one of them is at it at a time."
	"\vExamples:\n"
	"  mpskctl maintain\n"
	"  mpskctl maintain --dry-run --at +7d\n"
	"  mpskctl maintain --only grace --json\n\n";

/* The steps stand before the exit codes. argp frees what is not the text that it gave. */
static char *help_filter(int key, char const *text, void *input __attribute__((unused)))
{
	char *help = NULL;
	size_t len = 0;
	FILE *out;

	if (key != ARGP_KEY_HELP_POST_DOC) return (char *) text;
	out = ctl_need(open_memstream(&help, &len));
	fprintf(out, "%sSteps, in their order:\n", text);
	for (size_t i = 0; i < N_STEPS; i++) fprintf(out, "  %-11s%s\n", steps[i].name, steps[i].help);
	fputs("\nExit 1 says that nothing was done, because another machine is at it." CTL_EXIT_DOC, out);
	if (fclose(out) != 0) ctl_need(NULL);
	return help;
}

ctl_exit_t maintain(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = {
		{ &ctl_argp, 0, "Common options:", 3 }, { &ctl_mail_argp, 0, "Mail:", 2 },
		{ &ctl_alert_argp, 0, "Signs of a leak:", 2 }, { 0 }
	};
	struct argp const argp = {
		.options = options, .parser = parse_opt, .doc = doc, .children = children, .help_filter = help_filter
	};
	run_t run = {
		.maintain = {
			.ctl = ctl, .mail = { .ctl = ctl }, .now = ctl->now,
			.session_stale = mpsk_session_terms.session_stale,
			.rotate_grace = CTL_ROTATION_GRACE_S,
			.alert_limits = ctl_alert_limits
		}
	};
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &run) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	if (!run.maintain.dry_run && (code = ctl_lease_begin(ctl, &run.maintain.lease, LEASE_NAME)) != CTL_OK)
		return code;
	code = run_steps(&run);
	ctl_lease_end(run.maintain.lease);
	return code;
}
