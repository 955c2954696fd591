/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many sessions are open, as far as one server hears of them: for a
 * figure, not for a decision. Of more than there is room for, those are
 * forgotten that were heard of least recently. Any thread may call.
 */
#ifndef MPSK_POLICY_ONLINE_H
#define MPSK_POLICY_ONLINE_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "key/session.h"

typedef struct mpsk_online mpsk_online_t;

/* Room for about so many. NULL where memory or randomness is out. */
mpsk_online_t *mpsk_online_create(TALLOC_CTX *ctx, size_t max);

/* An event of a session; in whichever order they come, the latest counts. */
void mpsk_online_note(mpsk_online_t *online, mpsk_session_t const *session);

/* How many are open that were heard of after this time. */
size_t mpsk_online_count(mpsk_online_t *online, int64_t since);

#endif
