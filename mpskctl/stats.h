/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the servers tell of themselves.
 */
#ifndef MPSKCTL_STATS_H
#define MPSKCTL_STATS_H

#include "ctl.h"
#include "metrics/text.h"

/* Read the figures of all servers, sorted; they belong to mem. CTL_FAILED, said, where Redis cannot be read. */
ctl_exit_t ctl_stats_read(ctl_t *ctl, TALLOC_CTX *mem, mpsk_samples_t *samples);

/* The same, and what came of it is the caller's to say. */
mpsk_status_t ctl_stats_take(ctl_t *ctl, TALLOC_CTX *mem, mpsk_samples_t *samples, mpsk_error_t *err);

#endif
