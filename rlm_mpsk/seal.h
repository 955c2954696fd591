/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * seal_plaintext: keys that come with a secret in clear are sealed in the
 * store. All on the sync thread.
 */
#ifndef RLM_MPSK_SEAL_H
#define RLM_MPSK_SEAL_H

#include "key/key.h"
#include "rlm_mpsk/instance.h"

/* A key was read. */
void rlm_mpsk_seal_note(rlm_mpsk_t *inst, mpsk_key_t const *key);

/* Seal some of those that wait, for about 10 ms. Returns whether there are more. */
bool rlm_mpsk_seal_some(rlm_mpsk_t *inst);

#endif
