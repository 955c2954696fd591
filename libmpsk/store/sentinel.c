/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sentinels, who know which server is the primary.
 */
#include "store/topology.h"

#include <pthread.h>
#include <string.h>

#include "base/text.h"
#include "store/reply.h"

#define SENTINEL_FRESH_MS 250	/* for so long an answer serves other connections too: no failover is as quick */

typedef struct {
	pthread_mutex_t	lock;
	unsigned	last;		/* the Sentinel to ask first: who answered last */
	bool		known;
	int64_t		asked_at;
	char		host[MPSK_REDIRECT_HOST_MAX];
	uint16_t	port;
	bool		moved;		/* it is another one than before, and nobody has connected to it yet */
} sentinel_t;

static int sentinel_free(sentinel_t *state)
{
	pthread_mutex_destroy(&state->lock);
	return 0;
}

static mpsk_status_t sentinel_init(mpsk_endpoint_t *endpoint, mpsk_error_t *err)
{
	sentinel_t *state = talloc_zero(endpoint, sentinel_t);

	endpoint->state = state;
	if (!state || pthread_mutex_init(&state->lock, NULL) != 0) {
		return mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	talloc_set_destructor(state, sentinel_free);
	return MPSK_OK;
}

static void sentinel_doubt(mpsk_endpoint_t *endpoint)
{
	sentinel_t *state = endpoint->state;

	pthread_mutex_lock(&state->lock);
	state->known = false;
	pthread_mutex_unlock(&state->lock);
}

/* {host, port}, or nil. */
static mpsk_status_t sentinel_read(mpsk_endpoint_t *endpoint, unsigned at, redisReply const *reply, mpsk_error_t *err)
{
	sentinel_t *state = endpoint->state;
	char const *name = endpoint->uri->addresses[at].name;
	redisReply const *host, *port_text;
	int64_t port;

	if (reply->type == REDIS_REPLY_NIL) {
		return mpsk_error_set(err, MPSK_AGAIN, "the Sentinel %s knows no master %s", name,
				      endpoint->uri->master);
	}
	if (!mpsk_reply_is_array(reply, 2)) return mpsk_reply_unexpected("SENTINEL", err);
	host = reply->element[0];
	port_text = reply->element[1];
	if (host->type != REDIS_REPLY_STRING || host->len == 0 || host->len >= sizeof(state->host) ||
	    !mpsk_reply_number(&port, port_text) || port < 1 || port > UINT16_MAX) {
		return mpsk_reply_unexpected("SENTINEL", err);
	}
	pthread_mutex_lock(&state->lock);
	if (state->port && (state->port != port || strcmp(state->host, host->str) != 0)) state->moved = true;
	memcpy(state->host, host->str, host->len + 1);
	state->port = (uint16_t) port;
	state->asked_at = mpsk_monotonic_ms();
	state->known = true;
	state->last = at;
	pthread_mutex_unlock(&state->lock);
	return MPSK_OK;
}

static mpsk_status_t sentinel_ask(mpsk_endpoint_t *endpoint, unsigned at, int cancel_fd, mpsk_deadline_t deadline,
				  mpsk_error_t *err)
{
	mpsk_address_t const *address = &endpoint->uri->addresses[at];
	mpsk_conn_t *conn;
	redisReply *reply = NULL;
	mpsk_error_t why;
	mpsk_status_t status = mpsk_conn_open(NULL, &conn, address, &endpoint->sentinel, cancel_fd, deadline, &why);

	if (status == MPSK_OK) {
		status = mpsk_conn_callf(conn, &reply, deadline, &why, "SENTINEL GET-MASTER-ADDR-BY-NAME %s",
					 endpoint->uri->master);
	}
	if (status == MPSK_OK) {
		status = sentinel_read(endpoint, at, reply, err);
	} else {
		mpsk_error_set(err, status, "the Sentinel %s: %s%s", address->name, why.text,
			       conn && status == MPSK_ERR ? ": is it a Sentinel's port?" : "");
	}
	mpsk_reply_free(&reply);
	talloc_free(conn);
	return status;
}

/* Until one of them knows. Each leaves the others, and the primary, their share of the time. */
static mpsk_status_t sentinel_ask_all(mpsk_endpoint_t *endpoint, int cancel_fd, mpsk_deadline_t deadline,
				      mpsk_error_t *err)
{
	sentinel_t *state = endpoint->state;
	unsigned n = (unsigned) endpoint->uri->n;
	mpsk_status_t status = MPSK_AGAIN;
	unsigned first;

	pthread_mutex_lock(&state->lock);
	first = state->last;
	pthread_mutex_unlock(&state->lock);
	for (unsigned i = 0; i < n && status != MPSK_OK; i++) {
		status = sentinel_ask(endpoint, (first + i) % n, cancel_fd, mpsk_topology_share(deadline, n - i + 1),
				      err);
	}
	return status;
}

static bool sentinel_master(mpsk_endpoint_t *endpoint, char host[static MPSK_REDIRECT_HOST_MAX], uint16_t *port)
{
	sentinel_t *state = endpoint->state;
	bool fresh;

	pthread_mutex_lock(&state->lock);
	fresh = state->known && mpsk_monotonic_ms() - state->asked_at < SENTINEL_FRESH_MS;
	memcpy(host, state->host, MPSK_REDIRECT_HOST_MAX);
	*port = state->port;
	pthread_mutex_unlock(&state->lock);
	return fresh;
}

/* For those who keep a connection: its server may hold itself for the primary long after it was replaced. */
static mpsk_status_t sentinel_primaries(mpsk_endpoint_t *endpoint, mpsk_node_set_t *set, int cancel_fd,
					mpsk_error_t *err)
{
	sentinel_t *state = endpoint->state;
	mpsk_status_t status = sentinel_ask_all(endpoint, cancel_fd, mpsk_deadline_in(endpoint->connect_ms), err);

	if (status != MPSK_OK) return status;
	pthread_mutex_lock(&state->lock);
	*set = (mpsk_node_set_t) { .whole = true, .moved = state->moved, .n = 1 };
	state->moved = false;
	pthread_mutex_unlock(&state->lock);
	return MPSK_OK;
}

/* Whoever named this one may be cut off from the others: the next one is asked first. */
static void sentinel_mistrust(mpsk_endpoint_t *endpoint)
{
	sentinel_t *state = endpoint->state;

	pthread_mutex_lock(&state->lock);
	state->known = false;
	state->last = (state->last + 1) % (unsigned) endpoint->uri->n;
	pthread_mutex_unlock(&state->lock);
}

/* Whom they name: as known, where that is fresh. */
static mpsk_status_t sentinel_current(mpsk_endpoint_t *endpoint, char host[static MPSK_REDIRECT_HOST_MAX],
				      uint16_t *port, int cancel_fd, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	mpsk_status_t status;

	if (sentinel_master(endpoint, host, port)) return MPSK_OK;
	status = sentinel_ask_all(endpoint, cancel_fd, deadline, err);
	if (status == MPSK_OK) (void) sentinel_master(endpoint, host, port);
	return status;
}

static mpsk_status_t sentinel_open(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_endpoint_t *endpoint, char const *host,
				   uint16_t port, int cancel_fd, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	TALLOC_CTX *names = talloc_new(NULL);
	mpsk_address_t address;
	mpsk_status_t status;

	if (!names || !mpsk_address_init(names, &address, host, strlen(host), port, endpoint->tls != NULL)) {
		status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	} else {
		status = mpsk_topology_open_primary(ctx, conn, &address, &endpoint->redis, cancel_fd, deadline, err);
	}
	talloc_free(names);
	return status;
}

/*
 * Sentinels know of a failover before the old primary does: its ROLE alone is
 * no proof. Nor is what one of them says, where nobody is that: another may name another.
 */
static mpsk_status_t sentinel_connect(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_endpoint_t *endpoint, unsigned node,
				      int cancel_fd, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	char host[MPSK_REDIRECT_HOST_MAX], tried[MPSK_REDIRECT_HOST_MAX];
	uint16_t port, tried_port;
	mpsk_error_t ignored;
	mpsk_status_t status = sentinel_current(endpoint, host, &port, cancel_fd, deadline, err);

	(void) node;
	*conn = NULL;
	if (status != MPSK_OK) return status;
	for (size_t others = endpoint->uri->n - 1; ; others--) {
		status = sentinel_open(ctx, conn, endpoint, host, port, cancel_fd, deadline, err);
		if (status == MPSK_OK) return MPSK_OK;
		sentinel_mistrust(endpoint);
		if (status != MPSK_AGAIN || others == 0 || mpsk_deadline_passed(deadline)) return status;
		memcpy(tried, host, sizeof(tried));
		tried_port = port;
		if (sentinel_current(endpoint, host, &port, cancel_fd, deadline, &ignored) != MPSK_OK) return status;
		if (port == tried_port && strcmp(host, tried) == 0) return status;
	}
}

mpsk_topology_t const mpsk_topology_sentinel = {
	.init = sentinel_init,
	.connect = sentinel_connect,
	.primaries = sentinel_primaries,
	.doubt = sentinel_doubt,
	.moves = true,
};
