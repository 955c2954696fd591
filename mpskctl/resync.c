/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "verb.h"

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	bool		accept;
} resync_t;

#define OPT_ACCEPT 'A'

static struct argp_option const options[] = {
	{ "accept", OPT_ACCEPT, NULL, 0, "What Redis holds is right", 0 },
	{ 0 }
};

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	resync_t *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = input->ctl;
		return 0;

	case OPT_ACCEPT:
		input->accept = true;
		return 0;

	case ARGP_KEY_END:
		if (!input->accept) ctl_stop(state, CTL_USAGE, "give --accept: it cannot be taken back");
		return 0;

	default:
		return ctl_args_parse(&input->args, key, state, 0, 0);
	}
}

static char const doc[] =
	"Have every server take over what Redis holds, though it looks as if data were lost. Servers keep the keys "
	"that they have in memory, and say so in their logs, when Redis comes back with other data, older ones or "
	"less than half of them. "
	"Bring the data back if you can; this is for when what is there is what you want."
	"\vExample:\n"
	"  mpskctl resync --accept" CTL_EXIT_DOC;

ctl_exit_t resync(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .options = options, .parser = parse_opt, .doc = doc, .children = children };
	resync_t input = { .ctl = ctl };
	mpsk_error_t err = { "" };
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &input) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	if (mpsk_store_accept(ctl->store, &err) != MPSK_OK) return ctl_fail(CTL_FAILED, "%s", err.text);
	if (!ctl->quiet && ctl->format == CTL_TEXT) puts("accepted: servers take it over within seconds");
	return CTL_OK;
}
