/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often sync looks at everything again; tests cannot wait that long.
 */
#ifndef MPSK_STORE_SYNC_TIMING_H
#define MPSK_STORE_SYNC_TIMING_H

#include "store/sync.h"

typedef struct {
	int		rescan_ms;		/* 15 min: SWAPDB is told to nobody */
	int		untracked_rescan_ms;	/* 30 s: where the server tells nothing at all */
	unsigned	pace;			/* keys/s of a re-scan: 20000 */
	int		hold_ms;		/* 10 min: so long are data held that look lost; 0: never */
} mpsk_sync_timing_t;

extern mpsk_sync_timing_t const mpsk_sync_timing;

/* As mpsk_sync_start(), with other times. */
mpsk_status_t mpsk_sync_start_timed(TALLOC_CTX *ctx, mpsk_sync_t **sync, mpsk_store_config_t const *config,
				    mpsk_sync_sink_t const *sink, void *uctx, mpsk_sync_timing_t const *timing,
				    mpsk_error_t *err);

#endif
