/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing what accounting told: which key a session is of, as far as only
 * Redis knows it, then session.lua for each.
 */
#ifndef MPSK_STORE_SESSION_WRITE_H
#define MPSK_STORE_SESSION_WRITE_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"
#include "store/session.h"
#include "store/store.h"

#define MPSK_SESSION_BATCH 256

typedef struct mpsk_session_writer mpsk_session_writer_t;

/*
 * Room for a batch. The terms are copied; facts and uctx: outbox.h. The store
 * has to outlive it. NULL where memory is out.
 */
mpsk_session_writer_t *mpsk_session_writer_create(TALLOC_CTX *ctx, mpsk_store_t *store,
						  mpsk_session_terms_t const *terms,
						  void (*facts)(void *uctx, mpsk_session_t *session), void *uctx);

/*
 * Write at most MPSK_SESSION_BATCH events, of as many sessions, as they are
 * at `now`; of each, what came of it: OK; MISS where it is of no key; AGAIN
 * where Redis did not answer, or a cluster is moving it; BAD, ERR: Redis refuses it for good. An event's
 * key and what comes with it may be set to others. Returns AGAIN where Redis
 * did not answer; else OK; err says why, also of a refusal.
 */
mpsk_status_t mpsk_session_write(mpsk_session_writer_t *writer, mpsk_session_event_t **events, mpsk_status_t *results,
				 size_t n, int64_t now, mpsk_error_t *err);

/*
 * End the sessions of a NAS, or of one of its radios, that began before it
 * was started or stopped and were not heard of since. AGAIN where Redis did
 * not answer: then it has to be done again.
 */
mpsk_status_t mpsk_session_restart(mpsk_store_t *store, mpsk_session_restart_t const *restart,
				   mpsk_session_terms_t const *terms, int64_t now, mpsk_error_t *err);

#endif
