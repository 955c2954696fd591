/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the verbs that change a key's devices have in common.
 */
#ifndef MPSKCTL_DEVICE_H
#define MPSKCTL_DEVICE_H

#include "ctl.h"

/*
 * Take the operands ID MAC... and connect. The MACs come in the store's form,
 * args->n - 1 of them in a new array that belongs to ctl->mem. What is wrong
 * was said: CTL_INVALID for an operand, else the code of ctl_open().
 */
ctl_exit_t ctl_device_begin(ctl_t *ctl, ctl_args_t const *args, char ***macs);

/* Claim or release; the codes that refuse are said, with what cures them. */
ctl_exit_t ctl_device_claim(ctl_t *ctl, char const *id, mpsk_mac_t const *mac, mpsk_claim_op_t op,
			    mpsk_claim_result_t *result);

#endif
