/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the store's sync puts what it reads: our index, and the log.
 */
#ifndef RLM_MPSK_SINK_H
#define RLM_MPSK_SINK_H

#include "store/sync.h"

/* Callbacks whose uctx is the rlm_mpsk_t. */
extern mpsk_sync_sink_t const rlm_mpsk_sink;

#endif
