/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the verbs that change a key's devices have in common.
 */
#ifndef MPSKCTL_DEVICE_H
#define MPSKCTL_DEVICE_H

#include "ctl.h"

/*
 * Bring MACs into the store's form, a new array that belongs to ctl->mem.
 * CTL_INVALID, said, where one is none.
 */
ctl_exit_t ctl_device_macs(ctl_t *ctl, char *const *typed, int n, char ***macs);

/* Claim or release; the codes that refuse are said, with what cures them. */
ctl_exit_t ctl_device_claim(ctl_t *ctl, char const *id, mpsk_mac_t const *mac, mpsk_claim_op_t op,
			    mpsk_claim_result_t *result);

#endif
