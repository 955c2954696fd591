/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads that help with work that can be cut into pieces. Whoever has such
 * work does it too, so it gets done while all helpers are busy elsewhere.
 */
#ifndef MPSK_INDEX_TEAM_H
#define MPSK_INDEX_TEAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef struct mpsk_team mpsk_team_t;

/* Do one piece, on any thread, beside others. */
typedef void (*mpsk_team_work_t)(void *uctx, size_t piece);

/* Start so many helpers, with all signals blocked. ERR, and *team NULL, where they cannot be had. */
mpsk_status_t mpsk_team_start(mpsk_team_t **team, size_t helpers);

/* End them, where nobody runs any work. NULL does nothing. */
void mpsk_team_stop(mpsk_team_t **team);

/*
 * Do all pieces, from 0 on, and return when all are done; any number of
 * threads may call at a time. Without a team the caller does them alone.
 * Returns the nanoseconds of CPU that it took on all threads.
 */
uint64_t mpsk_team_run(mpsk_team_t *team, mpsk_team_work_t work, void *uctx, size_t pieces);

#endif
