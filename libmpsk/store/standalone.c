/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One server; or several, of which one at a time is the primary, whoever
 * makes it that.
 */
#include "store/topology.h"

#include <stdatomic.h>

typedef struct {
	atomic_uint	last;	/* the address that served last */
} standalone_t;

static mpsk_status_t standalone_init(mpsk_endpoint_t *endpoint, mpsk_error_t *err)
{
	endpoint->state = talloc_zero(endpoint, standalone_t);
	return endpoint->state ? MPSK_OK : mpsk_error_set(err, MPSK_ERR, "out of memory");
}

/* One server alone is asked at once, and says itself where it is no primary. */
static mpsk_status_t standalone_connect(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_endpoint_t *endpoint, unsigned node,
					int cancel_fd, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	standalone_t *state = endpoint->state;
	mpsk_uri_t const *uri = endpoint->uri;
	unsigned first = atomic_load(&state->last);
	mpsk_status_t status = MPSK_AGAIN;

	(void) node;
	if (uri->n == 1) {
		return mpsk_conn_open(ctx, conn, uri->addresses, &endpoint->redis, cancel_fd, deadline, err);
	}
	for (unsigned i = 0; i < uri->n && status != MPSK_OK; i++) {
		unsigned at = (first + i) % (unsigned) uri->n;

		status = mpsk_topology_open_primary(ctx, conn, &uri->addresses[at], &endpoint->redis, cancel_fd,
						    mpsk_topology_share(deadline, uri->n - i), err);
		if (status == MPSK_OK) atomic_store(&state->last, at);
	}
	return status;
}

mpsk_topology_t const mpsk_topology_standalone = {
	.init = standalone_init,
	.connect = standalone_connect,
};
