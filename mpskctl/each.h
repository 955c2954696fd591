/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One act upon each of several operands: every one is tried, what became of
 * it is printed, and the worst exit code counts.
 */
#ifndef MPSKCTL_EACH_H
#define MPSKCTL_EACH_H

#include "ctl.h"
#include "disconnect.h"

typedef struct {
	char const		*id;
	char const		*mac;		/* NULL: the act is upon the key */
	char const		*result;	/* set by the act: "deleted" */
	ctl_disconnect_t	*disconnect;	/* for sessions that the act ends; NULL: none are to be */
} ctl_each_t;

/*
 * What is done to one operand. Sets result, and where it fails says why.
 * CTL_FAILED ends the walk: Redis is away.
 */
typedef ctl_exit_t (*ctl_each_act_t)(ctl_t *ctl, ctl_each_t *each, void *uctx);

/*
 * To keys. Ids outside their grammar are refused before anything is done.
 * Once all was done, the sessions that were added to disconnect (NULL: none
 * are) are ended, and reported with the operand that they are of.
 */
ctl_exit_t ctl_each_key(ctl_t *ctl, ctl_args_t const *ids, ctl_each_act_t act, void *uctx,
			ctl_disconnect_options_t const *disconnect);

/* To devices of one key. */
ctl_exit_t ctl_each_device(ctl_t *ctl, char const *id, char *const *macs, size_t n, ctl_each_act_t act, void *uctx,
			   ctl_disconnect_options_t const *disconnect);

#endif
