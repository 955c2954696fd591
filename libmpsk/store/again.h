/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices that are to be disconnected once more: an access point that keeps
 * its answers for a time lets one back in that was just cut off. They stand
 * in `mpsk:again`, scored by when that time is over.
 */
#ifndef MPSK_STORE_AGAIN_H
#define MPSK_STORE_AGAIN_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/mac.h"
#include "base/status.h"
#include "key/session.h"
#include "store/store.h"

typedef struct {
	char		nas[MPSK_SESSION_NAS_MAX + 1];
	char		address[MPSK_SESSION_ADDRESS_MAX];
	mpsk_mac_t	mac;
	int64_t		due;	/* epoch seconds */
} mpsk_again_t;

/* Add them; of one that is there the later time counts. */
mpsk_status_t mpsk_store_again_put(mpsk_store_t *store, mpsk_again_t const *again, size_t n, mpsk_error_t *err);

/* Those whose time has come, which stay. The array belongs to ctx; a member that is malformed is passed over. */
mpsk_status_t mpsk_store_again_due(mpsk_store_t *store, TALLOC_CTX *ctx, int64_t now, mpsk_again_t **again, size_t *n,
				   mpsk_error_t *err);

/* Remove them. */
mpsk_status_t mpsk_store_again_drop(mpsk_store_t *store, mpsk_again_t const *again, size_t n, mpsk_error_t *err);

#endif
