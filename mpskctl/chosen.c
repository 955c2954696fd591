/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chosen.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "confirm.h"

enum {
	OPT_YES = 0x300,
	OPT_DRY_RUN
};

static struct argp_option const options[] = {
	{ .name = "yes", .key = OPT_YES, .doc = "Do not ask before keys that options choose are changed" },
	{ .name = "dry-run", .key = OPT_DRY_RUN, .doc = "Say what would be done, and write nothing" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	ctl_chosen_t *chosen = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &chosen->select;
		return 0;

	case OPT_YES:
		chosen->yes = true;
		return 0;

	case OPT_DRY_RUN:
		chosen->dry_run = true;
		return 0;

	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static struct argp_child const children[] = { { &ctl_select_argp, 0, "Which keys, in place of ids:", 2 }, { 0 } };
struct argp const ctl_chosen_argp = { .options = options, .parser = parse_opt, .children = children };

error_t ctl_chosen_parse(ctl_chosen_t *chosen, int key, struct argp_state *state)
{
	if (key == ARGP_KEY_SUCCESS && chosen->ids.n && chosen->select.any)
		ctl_stop(state, CTL_USAGE, "either ids, or options that choose keys");
	return ctl_args_parse(&chosen->ids, key, state, chosen->select.any ? 0 : 1, INT_MAX);
}

static mpsk_status_t take(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err)
{
	ctl_chosen_t *chosen = uctx;
	ctl_args_t *ids = &chosen->ids;

	if (!key) {
		ctl_fail(CTL_OK, "warning: key %s is malformed, and not chosen: %s", id, err->text);
	} else if (ctl_select_key(&chosen->select, key)) {
		ids->v = ctl_need(talloc_realloc(chosen->ctl->mem, ids->v, char *, (size_t) ids->n + 1));
		ids->v[ids->n++] = ctl_need(talloc_strdup(chosen->ctl->mem, id));
	}
	return MPSK_OK;
}

static int id_cmp(void const *a, void const *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* In order, and of one that the walk came by twice one. */
static void order(ctl_args_t *ids)
{
	int n = 0;

	if (ids->n > 0) qsort(ids->v, (size_t) ids->n, sizeof(*ids->v), id_cmp);
	for (int i = 0; i < ids->n; i++) {
		if (n == 0 || strcmp(ids->v[n - 1], ids->v[i]) != 0) ids->v[n++] = ids->v[i];
	}
	ids->n = n;
}

static ctl_exit_t choose(ctl_chosen_t *chosen, char const *what)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code;

	if ((code = ctl_open(chosen->ctl)) != CTL_OK) return code;
	chosen->ids = (ctl_args_t) { .v = NULL };
	status = mpsk_store_key_each(chosen->ctl->store, take, chosen, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	order(&chosen->ids);
	if (!chosen->ids.n) return ctl_fail(CTL_NOTHING, "no key is chosen by these options");
	if (chosen->yes || chosen->dry_run) return CTL_OK;
	return ctl_confirm("%s %d keys?", what, chosen->ids.n);
}

static ctl_exit_t only_say(ctl_t *ctl __attribute__((unused)), ctl_each_t *each, void *would)
{
	each->result = *(char const *const *) would;
	return CTL_OK;
}

ctl_exit_t ctl_chosen_run(ctl_chosen_t *chosen, char const *what, char const *would, ctl_each_act_t act, void *uctx,
			  ctl_disconnect_options_t const *disconnect)
{
	ctl_exit_t code = chosen->select.any ? choose(chosen, what) : CTL_OK;

	if (code != CTL_OK) return code;
	if (chosen->dry_run) return ctl_each_key(chosen->ctl, &chosen->ids, only_say, &would, NULL);
	return ctl_each_key(chosen->ctl, &chosen->ids, act, uctx, disconnect);
}
