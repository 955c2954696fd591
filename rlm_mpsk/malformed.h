/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests that the server drops as malformed, of which it says a word only
 * with -x, and no module sees any.
 */
#ifndef RLM_MPSK_MALFORMED_H
#define RLM_MPSK_MALFORMED_H

#include <time.h>

#include "rlm_mpsk/instance.h"

/* Tell the log how many there were since it was told last, at most once a minute. For one thread. */
void rlm_mpsk_malformed_log(rlm_mpsk_t *inst, time_t now);

#endif
