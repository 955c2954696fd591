/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How access points and controllers are reached with Disconnect-Requests:
 * from a file (--nas-file), else from mpsk:cfg:nas:<id>. Memory that runs out
 * ends the program.
 */
#ifndef MPSKCTL_NAS_H
#define MPSKCTL_NAS_H

#include <stdbool.h>
#include <stdint.h>

#include "ctl.h"
#include "key/session.h"
#include "radius/disconnect.h"
#include "radius/peer.h"

typedef enum {
	CTL_NAS_READY = 0,
	CTL_NAS_NO_SECRET,	/* nobody has told one */
	CTL_NAS_WRONG		/* what is told of it is malformed, or leads nowhere */
} ctl_nas_state_t;

typedef struct {
	char				id[MPSK_SESSION_NAS_MAX + 1];
	char				address[MPSK_SESSION_ADDRESS_MAX];	/* that it sends from; or "" */
	ctl_nas_state_t			state;
	mpsk_error_t			why;		/* of the other two, and what cures it */
	radius_secret_t			secret;
	radius_peer_t			peer;
	radius_disconnect_way_t const	*way;
	int64_t				cache;		/* seconds that it keeps answers; -1: not told */
	bool				told;		/* the caller's: why was said */
} ctl_nas_t;

typedef struct ctl_nases ctl_nases_t;

/* None yet; reads the file. CTL_INVALID, said, where it cannot be used. Freed with ctl->mem, secrets are wiped. */
ctl_exit_t ctl_nases_create(ctl_t *ctl, ctl_nases_t **nases);

/*
 * The NAS of a session: what is told of it is asked for once. CTL_FAILED,
 * said, where Redis fails. The pointer is good for as long as nases.
 */
ctl_exit_t ctl_nas_find(ctl_nases_t *nases, char const *id, char const *address, ctl_nas_t **nas);

#endif
