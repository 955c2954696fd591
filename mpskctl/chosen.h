/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys by their ids, or by options that choose some of all: whoever chooses
 * so is asked before they are changed.
 */
#ifndef MPSKCTL_CHOSEN_H
#define MPSKCTL_CHOSEN_H

#include <argp.h>
#include <stdbool.h>

#include "ctl.h"
#include "each.h"
#include "select.h"

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	ids;
	ctl_select_t	select;
	bool		yes;
	bool		dry_run;
} ctl_chosen_t;

/* --yes and --dry-run, and as its child the options that choose. Its input is a ctl_chosen_t. */
extern struct argp const ctl_chosen_argp;

/* To be called last in a parser: takes ids, at least one where no option chooses. */
error_t ctl_chosen_parse(ctl_chosen_t *chosen, int key, struct argp_state *state);

/*
 * Do it to each, as ctl_each_key(). Before it is done to keys that options
 * chose, what ("Delete", to be followed by "3 keys?") is asked at the
 * terminal, unless --yes was given; with --dry-run nothing is done, and would
 * ("would delete") is reported.
 */
ctl_exit_t ctl_chosen_run(ctl_chosen_t *chosen, char const *what, char const *would, ctl_each_act_t act, void *uctx,
			  ctl_disconnect_options_t const *disconnect);

#endif
