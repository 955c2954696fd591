/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Leases: mpsk:lease:<name>, held by one program at a time, and by nobody
 * once it did not renew it for long enough.
 */
#ifndef MPSK_STORE_LEASE_H
#define MPSK_STORE_LEASE_H

#include "base/status.h"
#include "store/store.h"

typedef enum {
	MPSK_LEASE_TAKE = 0,
	MPSK_LEASE_RENEW,
	MPSK_LEASE_DROP
} mpsk_lease_op_t;

/*
 * Take, renew or drop a lease, in one atomic step. The token tells one holder
 * from another, so it is random in part; name is an id. It ends after these
 * seconds without a renewal. MISS where somebody else holds it, with a text
 * that is their token, or where what is to be renewed or dropped has ended.
 */
mpsk_status_t mpsk_store_lease(mpsk_store_t *store, mpsk_lease_op_t op, char const *name, char const *token,
			       int seconds, mpsk_error_t *err);

#endif
