/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which keys: the options by which verbs choose some of all.
 */
#ifndef MPSKCTL_SELECT_H
#define MPSKCTL_SELECT_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "ctl.h"

/* The input of the parser below. */
typedef struct {
	ctl_t const	*ctl;
	bool		any;		/* something was chosen by */
	char const	*ssid_text;
	mpsk_ssid_t	ssid;
	char const	*site;
	char const	*role;
	char const	*org;
	char const	*name;
	char const	*tag;
	char const	*state;
	bool		rotating;
	bool		old_used;
	int64_t		expiring;	/* before this time; 0: not asked */
} ctl_select_t;

extern struct argp const ctl_select_argp;

/* Keys that expire within a duration as people write it; what is wrong ends the program. */
void ctl_select_within(ctl_select_t *select, char const *option, char const *text, struct argp_state *state);

/* Whether a key has a tag. */
bool ctl_select_has_tag(mpsk_key_t const *key, char const *tag);

/* Whether a key is chosen. */
bool ctl_select_key(ctl_select_t const *select, mpsk_key_t const *key);

#endif
