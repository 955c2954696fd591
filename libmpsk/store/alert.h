/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alerts in the store: `mpsk:alert:<kind>`, of which servers are not told.
 */
#ifndef MPSK_STORE_ALERT_H
#define MPSK_STORE_ALERT_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"
#include "key/alert.h"
#include "store/store.h"
#include "store/trail.h"

/* Read those of a kind, in the order of their subjects; none is no error. What is malformed is passed over. */
mpsk_status_t mpsk_alerts_read(mpsk_store_t *store, TALLOC_CTX *ctx, mpsk_alert_kind_t kind, mpsk_alert_t **alerts,
			       size_t *n, mpsk_error_t *err);

/* Write one in the place of what was there. */
mpsk_status_t mpsk_alert_write(mpsk_store_t *store, mpsk_alert_t const *alert, mpsk_error_t *err);

/* Remove one. */
mpsk_status_t mpsk_alert_drop(mpsk_store_t *store, mpsk_alert_t const *alert, mpsk_error_t *err);

/*
 * How far the signs were looked for: `mpsk:alert:looked`, a hash. The entry of
 * an organisation's decisions that was read last, "" where none was; and when
 * it was looked, 0: never.
 */
mpsk_status_t mpsk_alert_place(mpsk_store_t *store, char const *org, char entry[static MPSK_TRAIL_ID_MAX],
			       mpsk_error_t *err);
mpsk_status_t mpsk_alert_place_set(mpsk_store_t *store, char const *org, char const *entry, mpsk_error_t *err);
mpsk_status_t mpsk_alert_looked(mpsk_store_t *store, int64_t *at, mpsk_error_t *err);
mpsk_status_t mpsk_alert_looked_set(mpsk_store_t *store, int64_t at, mpsk_error_t *err);

#endif
