/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * silent_when_stale: what this server cannot know while Redis is away is
 * left to another one, whom an access point asks that hears nothing.
 */
#ifndef RLM_MPSK_SILENCE_H
#define RLM_MPSK_SILENCE_H

#include "policy/policy.h"
#include "rlm_mpsk/instance.h"

/* Whether a request is to be left to another server. */
bool rlm_mpsk_silence_due(rlm_mpsk_t const *inst, mpsk_query_t const *query, mpsk_reason_t reason);

/* Have the server send no answer, whatever the rest of its configuration does. ERR where memory is out. */
mpsk_status_t rlm_mpsk_silence_set(rlm_mpsk_attributes_t const *attributes, REQUEST *request);

#endif
