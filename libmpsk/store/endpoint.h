/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is connected to, and how: the one place where a configuration becomes
 * a connection.
 *
 * Where one primary holds all keys it is node 0, whichever server that is
 * at the moment. In a cluster every address that was ever met has a number
 * of its own, which stays. Any thread may call.
 */
#ifndef MPSK_STORE_ENDPOINT_H
#define MPSK_STORE_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/status.h"
#include "store/conn.h"
#include "store/redirect.h"
#include "store/store.h"

#define MPSK_NODES_MAX 256

typedef struct mpsk_endpoint mpsk_endpoint_t;

/* Some nodes. */
typedef struct {
	bool		whole;		/* every slot has one of them */
	bool		moved;		/* it is another server than the one that was connected to last */
	unsigned	n;
	unsigned	nodes[MPSK_NODES_MAX];
} mpsk_node_set_t;

/* BAD for a wrong URI, password file or TLS file. Nothing of the config is referred to later. */
mpsk_status_t mpsk_endpoint_create(TALLOC_CTX *ctx, mpsk_endpoint_t **endpoint, mpsk_store_config_t const *config,
				   mpsk_error_t *err);

/* What messages call all of it, and one node. */
char const *mpsk_endpoint_name(mpsk_endpoint_t const *endpoint);
char const *mpsk_endpoint_node_name(mpsk_endpoint_t *endpoint, unsigned node);

/*
 * The node that holds a Redis key (NULL: any). Where that has to be asked
 * for, within the time for a connection; AGAIN where nobody answers.
 */
mpsk_status_t mpsk_endpoint_route(mpsk_endpoint_t *endpoint, unsigned *node, char const *rkey, size_t len,
				  int cancel_fd, mpsk_error_t *err);

/* All primaries, freshly asked for. */
mpsk_status_t mpsk_endpoint_primaries(mpsk_endpoint_t *endpoint, mpsk_node_set_t *set, int cancel_fd,
				      mpsk_error_t *err);

/*
 * A connection to a node, as mpsk_conn_open(), within the time that the
 * configuration gives. Where there may be several servers to choose from,
 * AGAIN where none of them is a primary.
 */
mpsk_status_t mpsk_endpoint_connect(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_endpoint_t *endpoint, unsigned node,
				    int cancel_fd, mpsk_error_t *err);

/*
 * A node answered with a redirect. OK: after ASK, go to the node that *node
 * is now, with ASKING; after any other, ask for the route anew. AGAIN: it
 * leads nowhere; err is left alone or says more.
 */
mpsk_status_t mpsk_endpoint_follow(mpsk_endpoint_t *endpoint, unsigned *node, mpsk_redirect_t const *redirect,
				   mpsk_error_t *err);

/* A node failed or is no primary: what is known of who is, is to be asked for anew. */
void mpsk_endpoint_doubt(mpsk_endpoint_t *endpoint);

/*
 * Whether another server may have taken the place of one that a connection
 * leads to, without the connection ending.
 */
bool mpsk_endpoint_moves(mpsk_endpoint_t const *endpoint);

/* Whether somebody other than the primaries knows who they are: mpsk_endpoint_primaries() then tells news. */
bool mpsk_endpoint_tells(mpsk_endpoint_t const *endpoint);

/* Whether there are several primaries. */
bool mpsk_endpoint_is_cluster(mpsk_endpoint_t const *endpoint);

#endif
