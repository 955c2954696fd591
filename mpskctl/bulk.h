/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PMKs in bulk: PSKs in, PMKs out, several at a time in the lanes of every
 * core, while the caller goes on adding.
 */
#ifndef MPSKCTL_BULK_H
#define MPSKCTL_BULK_H

#include <stddef.h>

#include "match/pbkdf2.h"

typedef struct ctl_bulk ctl_bulk_t;

/* A PMK that is wanted. The PSK and the SSID are the caller's until the bulk has ended. */
typedef struct {
	wpa_psk_t const		*psk;	/* NULL: none is wanted, and the callback is called without */
	mpsk_ssid_t const	*ssid;
	void			*what;	/* what it is for */
} ctl_bulk_want_t;

/*
 * Called for each PMK, on a thread of the bulk, some of them at the same
 * time; it may wait for Redis. ERR: the bulk takes no more, and ends so.
 */
typedef mpsk_status_t (*ctl_bulk_done_t)(void *uctx, void *what, wpa_pmk_t const *pmk);

/*
 * Start the threads: at least as many as there are cores, and more, for some
 * wait for Redis. Memory or threads that run out end the program.
 */
ctl_bulk_t *ctl_bulk_begin(ctl_bulk_done_t done, void *uctx);

/* Add one; waits where too many are on their way. ERR where the bulk has failed. */
mpsk_status_t ctl_bulk_add(ctl_bulk_t *bulk, ctl_bulk_want_t const *want);

/* Wait for the last one, and free it. ERR where libcrypto or a callback failed: some are then not done. */
mpsk_status_t ctl_bulk_end(ctl_bulk_t *bulk);

#endif
