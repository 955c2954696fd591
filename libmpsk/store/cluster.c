/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Redis Cluster: which node has which slot. Nodes are numbered in the order
 * in which they were met, and stay until the end, so that their numbers and
 * addresses need no lock once they are known.
 */
#include "store/topology.h"

#include <pthread.h>
#include <string.h>

#include "store/reply.h"
#include "store/slots.h"

#define CLUSTER_AGAIN_MS	100	/* between two attempts to learn the map */
#define CLUSTER_MOVED_MS	1000	/* between two that only a MOVED asks for: it is learned from already */
#define CLUSTER_TRIES		3	/* nodes that share the time of one attempt */

typedef struct {
	pthread_mutex_t	asking;			/* one thread at a time; taken before lock */
	pthread_mutex_t	lock;			/* of all below */
	mpsk_address_t	nodes[MPSK_NODES_MAX];
	unsigned	n;
	uint16_t	owner[MPSK_SLOTS];	/* a node's number and 1, or 0: nobody */
	bool		known;
	int64_t		stale_at;		/* when to ask again, or INT64_MAX */
	int64_t		asked_at;
	unsigned	last;			/* the node that answered last */
	mpsk_error_t	why;			/* the last attempt failed */
} cluster_t;

static int cluster_free(cluster_t *state)
{
	pthread_mutex_destroy(&state->lock);
	pthread_mutex_destroy(&state->asking);
	return 0;
}

/* The number of an address, a new one where it was never met; false where there is no room. The lock is held. */
static bool cluster_number(mpsk_endpoint_t *endpoint, unsigned *node, char const *host, size_t len, uint16_t port)
{
	cluster_t *state = endpoint->state;

	for (*node = 0; *node < state->n; (*node)++) {
		mpsk_address_t const *known = &state->nodes[*node];

		if (known->port != port || strlen(known->host) != len) continue;
		if (memcmp(known->host, host, len) == 0) return true;
	}
	if (state->n == MPSK_NODES_MAX) return false;
	if (!mpsk_address_init(state, &state->nodes[*node], host, len, port, endpoint->tls != NULL)) return false;
	state->n++;
	return true;
}

static mpsk_status_t cluster_init(mpsk_endpoint_t *endpoint, mpsk_error_t *err)
{
	cluster_t *state = talloc_zero(endpoint, cluster_t);
	unsigned node;

	endpoint->state = state;
	if (!state) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	pthread_mutex_init(&state->lock, NULL);
	pthread_mutex_init(&state->asking, NULL);
	talloc_set_destructor(state, cluster_free);
	for (size_t i = 0; i < endpoint->uri->n; i++) {
		mpsk_address_t const *seed = &endpoint->uri->addresses[i];

		if (!cluster_number(endpoint, &node, seed->host, strlen(seed->host), seed->port)) {
			return mpsk_error_set(err, MPSK_ERR, "out of memory");
		}
	}
	return MPSK_OK;
}

/*
 * --- The map ---
 */

/* The node of {host, port, ...}. No host, "" or "?" mean the host that was asked. The lock is held. */
static bool map_node(mpsk_endpoint_t *endpoint, unsigned *node, unsigned asked, redisReply const *reply)
{
	cluster_t *state = endpoint->state;
	char const *host = state->nodes[asked].host;
	redisReply const *first;
	int64_t port;

	if (!mpsk_reply_is_array(reply, 2) || !mpsk_reply_number(&port, reply->element[1])) return false;
	if (port < 1 || port > UINT16_MAX) return false;
	first = reply->element[0];
	if (first->type == REDIS_REPLY_STRING && first->len && first->len < MPSK_REDIRECT_HOST_MAX &&
	    !mpsk_reply_is_text(first, "?")) {
		host = first->str;
	}
	return cluster_number(endpoint, node, host, strlen(host), (uint16_t) port);
}

/* {{first slot, last slot, primary, replicas...}...} */
static bool map_read(mpsk_endpoint_t *endpoint, uint16_t owner[static MPSK_SLOTS], unsigned asked,
		     redisReply const *reply)
{
	if (!mpsk_reply_is_array(reply, 0)) return false;
	for (size_t i = 0; i < reply->elements; i++) {
		redisReply const *range = reply->element[i];
		int64_t first, last;
		unsigned node;

		if (!mpsk_reply_is_array(range, 3) || !mpsk_reply_number(&first, range->element[0]) ||
		    !mpsk_reply_number(&last, range->element[1])) {
			return false;
		}
		if (first < 0 || last >= MPSK_SLOTS) return false;
		if (!map_node(endpoint, &node, asked, range->element[2])) return false;
		for (int64_t slot = first; slot <= last; slot++) owner[slot] = (uint16_t) (node + 1);
	}
	return true;
}

static mpsk_status_t map_adopt(mpsk_endpoint_t *endpoint, unsigned asked, redisReply const *reply, mpsk_error_t *err)
{
	cluster_t *state = endpoint->state;
	uint16_t owner[MPSK_SLOTS] = { 0 };
	bool ok;

	pthread_mutex_lock(&state->lock);
	ok = map_read(endpoint, owner, asked, reply);
	if (ok) {
		memcpy(state->owner, owner, sizeof(owner));
		state->known = true;
		state->stale_at = INT64_MAX;
		state->last = asked;
	}
	pthread_mutex_unlock(&state->lock);
	return ok ? MPSK_OK : mpsk_reply_unexpected("CLUSTER SLOTS", err);
}

static mpsk_status_t cluster_ask(mpsk_endpoint_t *endpoint, unsigned node, int cancel_fd, mpsk_deadline_t deadline,
				 mpsk_error_t *err)
{
	cluster_t *state = endpoint->state;
	mpsk_address_t const *address = &state->nodes[node];
	mpsk_conn_t *conn;
	redisReply *reply = NULL;
	mpsk_error_t why;
	mpsk_status_t status = mpsk_conn_open(NULL, &conn, address, &endpoint->redis, cancel_fd, deadline, err);

	if (status != MPSK_OK) return status;
	status = mpsk_conn_callf(conn, &reply, deadline, &why, "CLUSTER SLOTS");
	if (status == MPSK_OK) status = map_adopt(endpoint, node, reply, &why);
	if (status != MPSK_OK) {
		mpsk_error_set(err, status, "%s: %s%s", address->name, why.text,
			       strstr(why.text, "cluster support disabled") ? ": its URI begins with redis://" : "");
	}
	mpsk_reply_free(&reply);
	talloc_free(conn);
	return status;
}

/* Until one of them answers; `asking` is held. */
static mpsk_status_t cluster_ask_all(mpsk_endpoint_t *endpoint, int cancel_fd, mpsk_error_t *err)
{
	cluster_t *state = endpoint->state;
	mpsk_deadline_t deadline = mpsk_deadline_in(endpoint->connect_ms);
	mpsk_status_t status = MPSK_AGAIN;
	unsigned first, n;

	pthread_mutex_lock(&state->lock);
	first = state->last;
	n = state->n;
	state->asked_at = mpsk_monotonic_ms();
	pthread_mutex_unlock(&state->lock);
	for (unsigned i = 0; i < n && status != MPSK_OK && (i == 0 || !mpsk_deadline_passed(deadline)); i++) {
		unsigned left = n - i < CLUSTER_TRIES ? n - i : CLUSTER_TRIES;

		status = cluster_ask(endpoint, (first + i) % n, cancel_fd, mpsk_topology_share(deadline, left), err);
	}
	pthread_mutex_lock(&state->lock);
	if (status != MPSK_OK) {
		state->why = *err;
		state->last = (first + 1) % n;
	}
	pthread_mutex_unlock(&state->lock);
	return status;
}

/* Whether to ask now. A map that is doubted serves until there is another. */
static bool cluster_due(cluster_t *state, bool *known)
{
	int64_t now = mpsk_monotonic_ms();
	bool due;

	pthread_mutex_lock(&state->lock);
	*known = state->known;
	due = !state->known || now >= state->stale_at;
	if (state->asked_at && now - state->asked_at < CLUSTER_AGAIN_MS) due = false;
	pthread_mutex_unlock(&state->lock);
	return due;
}

static mpsk_status_t cluster_learn(mpsk_endpoint_t *endpoint, int cancel_fd, mpsk_error_t *err)
{
	cluster_t *state = endpoint->state;
	bool known, due = cluster_due(state, &known);

	if (known && !due) return MPSK_OK;
	/* Without a map there is nothing to do but wait for who asks already. */
	if (!known) {
		pthread_mutex_lock(&state->asking);
	} else if (pthread_mutex_trylock(&state->asking) != 0) {
		return MPSK_OK;
	}
	if (cluster_due(state, &known)) known = cluster_ask_all(endpoint, cancel_fd, err) == MPSK_OK || known;
	pthread_mutex_unlock(&state->asking);
	if (known) return MPSK_OK;
	pthread_mutex_lock(&state->lock);
	mpsk_error_set(err, MPSK_AGAIN, "%s", state->why.text);
	pthread_mutex_unlock(&state->lock);
	return MPSK_AGAIN;
}

/*
 * --- What is asked of a topology ---
 */
static mpsk_status_t cluster_route(mpsk_endpoint_t *endpoint, unsigned *node, char const *rkey, size_t len,
				   int cancel_fd, mpsk_error_t *err)
{
	cluster_t *state = endpoint->state;
	unsigned slot = rkey ? mpsk_slot_of(rkey, len) : 0;
	unsigned owner = 0;
	mpsk_status_t status = cluster_learn(endpoint, cancel_fd, err);

	if (status != MPSK_OK) return status;
	pthread_mutex_lock(&state->lock);
	owner = state->owner[slot];
	for (unsigned i = 0; !rkey && !owner && i < MPSK_SLOTS; i++) owner = state->owner[i];
	if (!owner) state->stale_at = 0;
	pthread_mutex_unlock(&state->lock);
	if (!owner) return mpsk_error_set(err, MPSK_AGAIN, "no node of the Redis cluster has slot %u", slot);
	*node = owner - 1;
	return MPSK_OK;
}

static mpsk_status_t cluster_primaries(mpsk_endpoint_t *endpoint, mpsk_node_set_t *set, int cancel_fd,
				       mpsk_error_t *err)
{
	cluster_t *state = endpoint->state;
	bool is_owner[MPSK_NODES_MAX] = { false };
	mpsk_status_t status;

	pthread_mutex_lock(&state->asking);
	status = cluster_ask_all(endpoint, cancel_fd, err);
	pthread_mutex_unlock(&state->asking);
	*set = (mpsk_node_set_t) { .whole = true };
	if (status != MPSK_OK) return status;
	pthread_mutex_lock(&state->lock);
	for (unsigned slot = 0; slot < MPSK_SLOTS; slot++) {
		if (state->owner[slot]) is_owner[state->owner[slot] - 1] = true;
		else set->whole = false;
	}
	pthread_mutex_unlock(&state->lock);
	for (unsigned node = 0; node < MPSK_NODES_MAX; node++) {
		if (is_owner[node]) set->nodes[set->n++] = node;
	}
	return set->n ? MPSK_OK : mpsk_error_set(err, MPSK_AGAIN, "no node of the Redis cluster has any slot");
}

static mpsk_status_t cluster_connect(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_endpoint_t *endpoint, unsigned node,
				     int cancel_fd, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	cluster_t *state = endpoint->state;

	return mpsk_conn_open(ctx, conn, &state->nodes[node], &endpoint->redis, cancel_fd, deadline, err);
}

static void cluster_ask_at(cluster_t *state, int64_t at)
{
	pthread_mutex_lock(&state->lock);
	if (at < state->stale_at) state->stale_at = at;
	pthread_mutex_unlock(&state->lock);
}

static mpsk_status_t cluster_follow(mpsk_endpoint_t *endpoint, unsigned *node, mpsk_redirect_t const *redirect,
				    mpsk_error_t *err)
{
	cluster_t *state = endpoint->state;
	char const *host = redirect->host[0] ? redirect->host : state->nodes[*node].host;
	int64_t asked_at;
	bool ok;

	pthread_mutex_lock(&state->lock);
	ok = cluster_number(endpoint, node, host, strlen(host), redirect->port);
	if (ok && redirect->kind == MPSK_REDIRECT_MOVED) state->owner[redirect->slot] = (uint16_t) (*node + 1);
	asked_at = state->asked_at;
	pthread_mutex_unlock(&state->lock);
	if (!ok) return mpsk_error_set(err, MPSK_AGAIN, "the Redis cluster has had over %d addresses", MPSK_NODES_MAX);
	if (redirect->kind == MPSK_REDIRECT_MOVED) cluster_ask_at(state, asked_at + CLUSTER_MOVED_MS);
	return MPSK_OK;
}

static void cluster_doubt(mpsk_endpoint_t *endpoint)
{
	cluster_ask_at(endpoint->state, 0);
}

static char const *cluster_name(mpsk_endpoint_t *endpoint, unsigned node)
{
	cluster_t *state = endpoint->state;

	return state->nodes[node].name;
}

mpsk_topology_t const mpsk_topology_cluster = {
	.init = cluster_init,
	.connect = cluster_connect,
	.route = cluster_route,
	.primaries = cluster_primaries,
	.follow = cluster_follow,
	.name = cluster_name,
	.doubt = cluster_doubt,
	.moves = true,
};
