/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the primaries are found, one table of functions for each kind of URI.
 * Only endpoint.c and the topologies themselves look in here.
 */
#ifndef MPSK_STORE_TOPOLOGY_H
#define MPSK_STORE_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/deadline.h"
#include "base/status.h"
#include "store/conn.h"
#include "store/endpoint.h"
#include "store/redirect.h"
#include "store/uri.h"

typedef struct mpsk_topology mpsk_topology_t;

struct mpsk_endpoint {
	mpsk_topology_t const	*topology;
	void			*state;		/* the topology's, talloc'd under the endpoint */
	mpsk_uri_t		*uri;
	mpsk_tls_t		*tls;		/* NULL: plain */
	mpsk_access_t		redis;
	mpsk_access_t		sentinel;
	int			connect_ms;
};

struct mpsk_topology {
	/* Make the state. */
	mpsk_status_t	(*init)(mpsk_endpoint_t *endpoint, mpsk_error_t *err);
	/* See mpsk_endpoint_connect(). */
	mpsk_status_t	(*connect)(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_endpoint_t *endpoint, unsigned node,
				   int cancel_fd, mpsk_deadline_t deadline, mpsk_error_t *err);
	/* NULL: nobody tells; there is one. */
	mpsk_status_t	(*primaries)(mpsk_endpoint_t *endpoint, mpsk_node_set_t *set, int cancel_fd,
				     mpsk_error_t *err);
	/* The rest only where there are several primaries; NULL: there is one. */
	mpsk_status_t	(*route)(mpsk_endpoint_t *endpoint, unsigned *node, char const *rkey, size_t len,
				 int cancel_fd, mpsk_error_t *err);
	mpsk_status_t	(*follow)(mpsk_endpoint_t *endpoint, unsigned *node, mpsk_redirect_t const *redirect,
				  mpsk_error_t *err);
	char const	*(*name)(mpsk_endpoint_t *endpoint, unsigned node);
	/* A node failed, or did not do what a primary does. */
	void		(*doubt)(mpsk_endpoint_t *endpoint);
	/* Others may have been made primaries meanwhile: connections are trusted for a time only. */
	bool		moves;
};

extern mpsk_topology_t const mpsk_topology_standalone;
extern mpsk_topology_t const mpsk_topology_sentinel;
extern mpsk_topology_t const mpsk_topology_cluster;

/*
 * The time for one of several attempts that are left, each of which has to
 * leave its share to the next.
 */
mpsk_deadline_t mpsk_topology_share(mpsk_deadline_t deadline, size_t attempts);

/* Open a connection, and keep it only where the server is a primary. */
mpsk_status_t mpsk_topology_open_primary(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_address_t const *address,
					 mpsk_access_t const *access, int cancel_fd, mpsk_deadline_t deadline,
					 mpsk_error_t *err);

#endif
