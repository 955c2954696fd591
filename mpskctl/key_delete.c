/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chosen.h"
#include "each.h"
#include "verb.h"

typedef struct {
	ctl_chosen_t			chosen;
	ctl_disconnect_options_t	disconnect;
} delete_t;

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	delete_t *delete = state->input;

	if (key != ARGP_KEY_INIT) return ctl_chosen_parse(&delete->chosen, key, state);
	state->child_inputs[0] = &delete->disconnect;
	state->child_inputs[1] = delete->chosen.ctl;
	state->child_inputs[2] = &delete->chosen;
	return 0;
}

static char const doc[] =
	"Delete keys, with what the store knows of their devices and sessions, and disconnect the devices that are on. "
	"To cut a key off and keep it, disable it."
	"\vExamples:\n"
	"  mpskctl key delete bob carol\n"
	"  mpskctl key delete --tag conference --state expired --yes\n\n"
	"Keys that are named by their ids are deleted without a question." CTL_EXIT_DOC;

static ctl_exit_t delete_key(ctl_t *ctl, ctl_each_t *each, void *uctx __attribute__((unused)))
{
	mpsk_session_t *sessions = NULL;
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	size_t n;
	ctl_exit_t code = ctl_disconnect_note(each->disconnect, each->id, &sessions, &n);

	if (code != CTL_OK) return code;
	status = mpsk_store_key_delete(ctl->store, each->id, &err);
	for (size_t i = 0; status == MPSK_OK && i < n; i++)
		ctl_disconnect_add(each->disconnect, &sessions[i], MPSK_STANDING_GONE);
	talloc_free(sessions);
	each->result = status == MPSK_OK ? "deleted" : status == MPSK_MISS ? "not found" : "failed";
	return status == MPSK_OK ? CTL_OK : ctl_fail_status(status, each->id, &err);
}

ctl_exit_t key_delete(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = {
		{ &ctl_disconnect_argp, 0, NULL, 1 }, { &ctl_argp, 0, "Common options:", 3 },
		{ &ctl_chosen_argp, 0, NULL, 1 }, { 0 }
	};
	struct argp const argp = { .parser = parse_opt, .args_doc = "[ID...]", .doc = doc, .children = children };
	delete_t delete = { .chosen = { .ctl = ctl, .select = { .ctl = ctl } }, .disconnect = { .ctl = ctl } };

	if (ctl_parse(&argp, argc, argv, 0, &delete) != CTL_OK) return CTL_USAGE;
	return ctl_chosen_run(&delete.chosen, "Delete", "would delete", delete_key, NULL, &delete.disconnect);
}
