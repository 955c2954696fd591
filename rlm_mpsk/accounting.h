/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The accounting method: a packet becomes an event, which the outbox writes.
 */
#ifndef RLM_MPSK_ACCOUNTING_H
#define RLM_MPSK_ACCOUNTING_H

#include "rlm_mpsk/instance.h"

/* What raddb/mods-available/mpsk says accounting returns. Never waits for Redis. */
rlm_rcode_t rlm_mpsk_accounting(rlm_mpsk_t *inst, REQUEST *request);

/* Start the outbox, on the configuration that the store was made with. */
mpsk_status_t rlm_mpsk_outbox_start(rlm_mpsk_t *inst, mpsk_store_config_t const *config, mpsk_error_t *err);

#endif
