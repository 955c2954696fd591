/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "nas_record.h"
#include "verb.h"

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	ids;
} remove_t;

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	remove_t *remove = state->input;

	if (key != ARGP_KEY_INIT) return ctl_args_parse(&remove->ids, key, state, 1, 1);
	state->child_inputs[0] = remove->ctl;
	return 0;
}

static char const doc[] =
	"Remove all that is known of an access point or a controller: its site, its dialect, its secret."
	"\vExample:\n"
	"  mpskctl nas remove ap-7" CTL_EXIT_DOC;

ctl_exit_t nas_remove(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .parser = parse_opt, .args_doc = "NAS", .doc = doc, .children = children };
	remove_t remove = { .ctl = ctl };
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &remove) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	status = mpsk_store_nas_delete(ctl->store, remove.ids.v[0], &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	ctl_nas_print(ctl, remove.ids.v[0], "removed");
	return CTL_OK;
}
