/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lease for as long as work takes: renewed on a thread of its own.
 */
#ifndef MPSKCTL_LEASE_H
#define MPSKCTL_LEASE_H

#include <stdbool.h>

#include "ctl.h"

typedef struct ctl_lease ctl_lease_t;

/*
 * Take it, and renew it until ctl_lease_end(). The token names this machine
 * and process. CTL_NOTHING, said, where another one has it; CTL_FAILED, said,
 * where Redis or a thread fails.
 */
ctl_exit_t ctl_lease_begin(ctl_t *ctl, ctl_lease_t **lease, char const *name);

/* Whether it was not renewed in time, so that another machine may have it; any thread. */
bool ctl_lease_lost(ctl_lease_t const *lease);

/* Drop it, where it is still ours. NULL does nothing. */
void ctl_lease_end(ctl_lease_t *lease);

#endif
