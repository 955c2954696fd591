/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections shared by threads, and the breaker: while Redis is away all
 * calls but one, the probe, are answered at once.
 */
#ifndef MPSK_STORE_POOL_H
#define MPSK_STORE_POOL_H

#include <stdbool.h>

#include "base/deadline.h"
#include "base/status.h"
#include "store/conn.h"
#include "store/endpoint.h"
#include "store/script.h"
#include "store/store.h"

typedef struct mpsk_pool mpsk_pool_t;

struct mpsk_store {
	mpsk_pool_t	*pool;
	mpsk_script_t	claim;
	mpsk_script_t	write;
	mpsk_journal_t	*journal;	/* or NULL */
};

/* BAD, with a text, where an id is not valid. */
mpsk_status_t mpsk_store_id_check(char const *id, mpsk_error_t *err);

/* An empty pool. The config's texts are not referred to later; talloc_free() closes all. */
mpsk_status_t mpsk_pool_create(TALLOC_CTX *ctx, mpsk_pool_t **pool, mpsk_store_config_t const *config,
			       mpsk_error_t *err);

/* A connection for one exchange, and until when that has to be done. */
typedef struct {
	mpsk_conn_t	*conn;
	mpsk_deadline_t	deadline;
	bool		probe;
} mpsk_lease_t;

/*
 * Lend a connection to the node that holds a Redis key (NULL: any). AGAIN
 * while the breaker is open, where nobody answers, or where all connections
 * are in use past the deadline; BAD where Redis refuses user or password.
 * Give it back in every other case, whatever came of it.
 */
mpsk_status_t mpsk_pool_lend(mpsk_pool_t *pool, mpsk_lease_t *lease, char const *rkey, mpsk_error_t *err);
void mpsk_pool_give_back(mpsk_pool_t *pool, mpsk_lease_t *lease);

/* Lend, one command about rkey, give back: see mpsk_conn_callf(). */
mpsk_status_t mpsk_pool_callf(mpsk_pool_t *pool, redisReply **reply, mpsk_error_t *err, char const *rkey,
			      char const *format, ...);

#endif
