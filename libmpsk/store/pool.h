/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections shared by threads, and a breaker for each node: while it is
 * away all calls but one, the probe, are answered at once.
 */
#ifndef MPSK_STORE_POOL_H
#define MPSK_STORE_POOL_H

#include <stdbool.h>

#include "base/deadline.h"
#include "base/status.h"
#include "store/change.h"
#include "store/conn.h"
#include "store/endpoint.h"
#include "store/script.h"
#include "store/store.h"

typedef struct mpsk_pool mpsk_pool_t;

struct mpsk_store {
	mpsk_pool_t	*pool;
	mpsk_script_t	claim;
	mpsk_script_t	write;
	mpsk_script_t	session;
	mpsk_journal_t	*journal;	/* or NULL */
	mpsk_keyring_t	*keyring;	/* or NULL */
	mpsk_change_cb_t on_change;	/* or NULL */
	void		*on_change_uctx;
};

/* BAD, with a text, where an id is not valid. */
mpsk_status_t mpsk_store_id_check(char const *id, mpsk_error_t *err);

/*
 * Set fields of a hash, which is made where it is not there, and remove those
 * whose value is NULL, in one atomic step. what and id name it in a text.
 * expect_fingerprint NULL: any; AGAIN where its field `secret` has another.
 */
mpsk_status_t mpsk_store_hash_put(mpsk_store_t *store, char const *rkey, char const *what, char const *id,
				  mpsk_field_t const *fields, size_t n_fields, char const *expect_fingerprint,
				  mpsk_error_t *err);

/* The keyring of a configuration, NULL where it names none; BAD, with a text, where it cannot be used. */
mpsk_status_t mpsk_store_keyring_load(TALLOC_CTX *ctx, mpsk_keyring_t **keyring, mpsk_store_config_t const *config,
				      mpsk_error_t *err);

/* An empty pool. The config's texts are not referred to later; talloc_free() closes all. */
mpsk_status_t mpsk_pool_create(TALLOC_CTX *ctx, mpsk_pool_t **pool, mpsk_store_config_t const *config,
			       mpsk_error_t *err);

/*
 * One exchange, or several, on a connection to the right node. err is set
 * where the status is not OK. May be called again on another connection
 * where Redis did not carry out the command that it answered last, but sent
 * us elsewhere with it: what was done before may then be done twice.
 */
typedef mpsk_status_t (*mpsk_exchange_t)(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err);

/*
 * Lend a connection to the node that holds a Redis key (NULL: any), and
 * follow where Redis sends us. AGAIN while the breaker of the node is open,
 * where nobody answers, or where all connections are in use past the
 * deadline; BAD where Redis refuses user or password; else what came of the
 * exchange.
 */
mpsk_status_t mpsk_pool_run(mpsk_pool_t *pool, char const *rkey, mpsk_exchange_t exchange, void *uctx,
			    mpsk_error_t *err);

/* As above, on one node and no other. */
mpsk_status_t mpsk_pool_run_on(mpsk_pool_t *pool, unsigned node, mpsk_exchange_t exchange, void *uctx,
			       mpsk_error_t *err);

/* One command about rkey: see mpsk_conn_callf(). */
mpsk_status_t mpsk_pool_callf(mpsk_pool_t *pool, redisReply **reply, mpsk_error_t *err, char const *rkey,
			      char const *format, ...);

/* All primaries now. */
mpsk_status_t mpsk_pool_primaries(mpsk_pool_t *pool, mpsk_node_set_t *set, mpsk_error_t *err);

/* Another server is in the place of one: no connection that was opened before is lent any more. */
void mpsk_pool_renew(mpsk_pool_t *pool);

/* Whom it connects to. */
mpsk_endpoint_t *mpsk_pool_endpoint(mpsk_pool_t *pool);

#endif
