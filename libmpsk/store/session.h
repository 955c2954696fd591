/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions in the store: `mpsk:sess:{id}`.
 */
#ifndef MPSK_STORE_SESSION_H
#define MPSK_STORE_SESSION_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"
#include "key/session.h"
#include "store/store.h"

/*
 * The sessions of a key, open ones and those that ended lately, the one seen
 * last first. The array belongs to ctx. MISS where it has none, be there such
 * a key or not. A record that is malformed is passed over.
 */
mpsk_status_t mpsk_store_sessions(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_session_t **sessions,
				  size_t *n, mpsk_error_t *err);

/*
 * The sessions of every key that has some, in no order, as
 * mpsk_store_devices_each(); where mpsk:sess:{id} is no hash they are NULL,
 * and err says why. They are freed after the call.
 */
typedef mpsk_status_t (*mpsk_store_sessions_cb_t)(void *uctx, char const *id, mpsk_session_t const *sessions, size_t n,
						  mpsk_error_t const *err);
mpsk_status_t mpsk_store_sessions_each(mpsk_store_t *store, mpsk_store_sessions_cb_t cb, void *uctx,
				       mpsk_error_t *err);

#endif
