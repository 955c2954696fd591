/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims that are made again: when Redis is back, and when another server is
 * in its place. All on the sync thread.
 */
#ifndef RLM_MPSK_REPLAY_H
#define RLM_MPSK_REPLAY_H

#include "rlm_mpsk/instance.h"

/* Make what is deferred, and with lost what was granted lately too; tells the log how it went. */
void rlm_mpsk_replay(rlm_mpsk_t *inst, bool lost);

/* Something is deferred, and Redis can be asked. */
bool rlm_mpsk_replay_due(rlm_mpsk_t const *inst);

/* The devices of a key, as Redis tells them while nothing is being loaded. */
void rlm_mpsk_replay_devices(rlm_mpsk_t *inst, char const *id, mpsk_device_t const *devices, size_t n);

#endif
