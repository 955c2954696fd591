/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/pool.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define POOL_REFUSED_MS	5000	/* a password that is refused needs a person */
#define POOL_HOPS	3	/* redirects that are followed at once: more of them are nodes that do not agree yet */
#define POOL_PAUSE_MS	2

/*
 * Where another server may take the place of the one that a connection leads
 * to, a connection is given up that has not been answered for longer than the
 * quickest failover takes, and one that is old.
 */
#define POOL_IDLE_MS	250
#define POOL_AGE_MS	10000

/* A connection that nobody uses. */
typedef struct {
	mpsk_conn_t	*conn;
	unsigned	node;
	int64_t		opened_at;
	int64_t		idle_at;
} pool_idle_t;

/* The breaker of a node. */
typedef struct {
	bool		away;		/* it is open */
	bool		probing;
	int64_t		retry_at;
	mpsk_error_t	why;
} pool_node_t;

/* A connection for one exchange, and until when that has to be done. */
typedef struct {
	mpsk_conn_t	*conn;
	unsigned	node;
	int64_t		opened_at;
	mpsk_deadline_t	deadline;
	bool		probe;
} pool_lease_t;

struct mpsk_pool {
	mpsk_endpoint_t	*endpoint;
	int		command_ms;
	int		retry_ms;
	unsigned	max;
	pthread_mutex_t	lock;
	pthread_cond_t	freed;
	unsigned	open;		/* lent, idle and about to be opened */
	unsigned	n_idle;
	pool_idle_t	*idle;		/* used last is lent first; those at the bottom age */
	int64_t		renewed_at;	/* those that are older may lead to a server that was replaced */
	pool_node_t	nodes[MPSK_NODES_MAX];
};

static int pool_close(mpsk_pool_t *pool)
{
	while (pool->n_idle) talloc_free(pool->idle[--pool->n_idle].conn);
	pthread_cond_destroy(&pool->freed);
	pthread_mutex_destroy(&pool->lock);
	return 0;
}

/* Deadlines are on the monotonic clock, so waits have to be. */
static bool pool_init_locks(mpsk_pool_t *pool)
{
	pthread_condattr_t attr;
	bool ok;

	if (pthread_mutex_init(&pool->lock, NULL) != 0) return false;
	ok = pthread_condattr_init(&attr) == 0;
	if (ok) {
		ok = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 &&
		     pthread_cond_init(&pool->freed, &attr) == 0;
		pthread_condattr_destroy(&attr);
	}
	if (!ok) pthread_mutex_destroy(&pool->lock);
	return ok;
}

mpsk_status_t mpsk_pool_create(TALLOC_CTX *ctx, mpsk_pool_t **pool, mpsk_store_config_t const *config,
			       mpsk_error_t *err)
{
	mpsk_pool_t *p = talloc_zero(ctx, mpsk_pool_t);
	mpsk_status_t status;

	*pool = NULL;
	if (!p) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	p->command_ms = config->command_ms;
	p->retry_ms = config->retry_ms;
	p->max = config->max_connections ? config->max_connections : 1;
	p->idle = talloc_zero_array(p, pool_idle_t, p->max);
	status = mpsk_endpoint_create(p, &p->endpoint, config, err);
	if (status == MPSK_OK && (!p->idle || !pool_init_locks(p))) {
		status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	if (status != MPSK_OK) {
		talloc_free(p);
		return status;
	}
	talloc_set_destructor(p, pool_close);
	*pool = p;
	return MPSK_OK;
}

/*
 * --- The breakers; all with the lock held ---
 */

/* Whether a call may go on; as the probe where the breaker is open. */
static bool pool_admit(mpsk_pool_t *pool, pool_lease_t *lease)
{
	pool_node_t *node = &pool->nodes[lease->node];

	if (!node->away) return true;
	if (node->probing || mpsk_monotonic_ms() < node->retry_at) return false;
	node->probing = lease->probe = true;
	return true;
}

/* What came of a lease, or of the attempt to get one. */
static void pool_learn(mpsk_pool_t *pool, pool_lease_t *lease, bool alive, int retry_ms)
{
	pool_node_t *node = &pool->nodes[lease->node];

	if (lease->probe) node->probing = lease->probe = false;
	if (alive) {
		node->away = false;
	} else if (pool->retry_ms > 0) {
		node->away = true;
		node->retry_at = mpsk_monotonic_ms() + retry_ms;
	}
}

/*
 * --- Idle connections; all with the lock held ---
 */
static pool_idle_t idle_take(mpsk_pool_t *pool, unsigned at)
{
	pool_idle_t idle = pool->idle[at];

	pool->n_idle--;
	memmove(&pool->idle[at], &pool->idle[at + 1], (pool->n_idle - at) * sizeof(idle));
	return idle;
}

/* Those to a node that failed lead, for all one knows, to a server that is no longer what it was. */
static void idle_close(mpsk_pool_t *pool, unsigned node)
{
	for (unsigned i = pool->n_idle; i-- > 0; ) {
		if (pool->idle[i].node != node) continue;
		talloc_free(idle_take(pool, i).conn);
		pool->open--;
	}
}

static bool idle_trusted(mpsk_pool_t const *pool, pool_idle_t const *idle)
{
	int64_t now = mpsk_monotonic_ms();

	if (idle->opened_at <= pool->renewed_at) return false;
	if (!mpsk_endpoint_moves(pool->endpoint)) return true;
	return now - idle->idle_at < POOL_IDLE_MS && now - idle->opened_at < POOL_AGE_MS;
}

/* A place in the pool: that of an idle connection to the node, a free one, or that of one to another node. */
static bool pool_find(mpsk_pool_t *pool, pool_lease_t *lease)
{
	for (unsigned i = pool->n_idle; i-- > 0; ) {
		pool_idle_t idle;

		if (pool->idle[i].node != lease->node) continue;
		idle = idle_take(pool, i);
		lease->conn = idle.conn;
		lease->opened_at = idle.opened_at;
		if (!idle_trusted(pool, &idle)) TALLOC_FREE(lease->conn);
		return true;
	}
	if (pool->open < pool->max) {
		pool->open++;
		return true;
	}
	if (pool->n_idle == 0) return false;
	talloc_free(idle_take(pool, 0).conn);
	return true;
}

/*
 * --- Lending ---
 */

/* Wait until a connection is given back; false at the deadline. */
static bool pool_wait(mpsk_pool_t *pool, mpsk_deadline_t deadline)
{
	struct timespec at = {
		.tv_sec = deadline.at_ms / 1000,
		.tv_nsec = deadline.at_ms % 1000 * 1000000
	};

	return pthread_cond_timedwait(&pool->freed, &pool->lock, &at) == 0;
}

static mpsk_status_t pool_place(mpsk_pool_t *pool, pool_lease_t *lease, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;
	bool late = false;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		if (!pool_admit(pool, lease)) {
			status = mpsk_error_set(err, MPSK_AGAIN, "%s", pool->nodes[lease->node].why.text);
			break;
		}
		if (pool_find(pool, lease)) break;
		if (lease->probe) pool->nodes[lease->node].probing = lease->probe = false;
		if (late) {
			status = mpsk_error_set(err, MPSK_AGAIN, "all %u connections to Redis are in use", pool->max);
			break;
		}
		late = !pool_wait(pool, lease->deadline);
	}
	pthread_mutex_unlock(&pool->lock);
	return status;
}

static mpsk_status_t pool_connect(mpsk_pool_t *pool, pool_lease_t *lease, mpsk_error_t *err)
{
	mpsk_error_t why;
	mpsk_status_t status;

	lease->opened_at = mpsk_monotonic_ms();
	/* No talloc parent: threads must not share one. */
	status = mpsk_endpoint_connect(NULL, &lease->conn, pool->endpoint, lease->node, -1, &why);
	if (status == MPSK_OK) {
		lease->deadline = mpsk_deadline_in(pool->command_ms);
		return MPSK_OK;
	}
	pthread_mutex_lock(&pool->lock);
	pool->open--;
	pool->nodes[lease->node].why = why;
	pool_learn(pool, lease, false, status == MPSK_BAD ? POOL_REFUSED_MS : pool->retry_ms);
	pthread_cond_broadcast(&pool->freed);
	pthread_mutex_unlock(&pool->lock);
	return mpsk_error_set(err, status, "%s", why.text);
}

static mpsk_status_t pool_lend(mpsk_pool_t *pool, pool_lease_t *lease, mpsk_error_t *err)
{
	mpsk_status_t status = pool_place(pool, lease, err);

	if (status != MPSK_OK) return status;
	/* Redis may have been restarted while this one lay idle; that is no reason to fail. */
	if (lease->conn && !mpsk_conn_quiet(lease->conn)) TALLOC_FREE(lease->conn);
	return lease->conn ? MPSK_OK : pool_connect(pool, lease, err);
}

/* A server that says that it is no primary is alive; its place is taken by another. */
static void pool_lost(mpsk_pool_t *pool, pool_lease_t *lease, mpsk_redirect_kind_t kind)
{
	bool moves = mpsk_endpoint_moves(pool->endpoint);

	pool->open--;
	pool_learn(pool, lease, moves && kind == MPSK_REDIRECT_REPLICA, pool->retry_ms);
	if (moves) idle_close(pool, lease->node);
	mpsk_error_set(&pool->nodes[lease->node].why, MPSK_AGAIN, "%s failed a moment ago",
		       mpsk_endpoint_node_name(pool->endpoint, lease->node));
	/* All who wait have to learn that the breaker is open. */
	pthread_cond_broadcast(&pool->freed);
}

static void pool_give_back(mpsk_pool_t *pool, pool_lease_t *lease)
{
	mpsk_conn_t *conn = lease->conn;
	mpsk_redirect_kind_t kind = mpsk_conn_redirect(conn)->kind;
	bool usable = mpsk_conn_usable(conn);

	lease->conn = NULL;
	if (!usable) {
		TALLOC_FREE(conn);
		mpsk_endpoint_doubt(pool->endpoint);
	}
	pthread_mutex_lock(&pool->lock);
	if (usable) {
		pool_learn(pool, lease, true, 0);
		pool->idle[pool->n_idle++] = (pool_idle_t) {
			.conn = conn, .node = lease->node, .opened_at = lease->opened_at,
			.idle_at = mpsk_monotonic_ms(),
		};
		pthread_cond_signal(&pool->freed);
	} else {
		pool_lost(pool, lease, kind);
	}
	pthread_mutex_unlock(&pool->lock);
}

/*
 * --- Whole calls ---
 */
static mpsk_status_t pool_attempt(mpsk_pool_t *pool, pool_lease_t *lease, bool asking, mpsk_redirect_t *redirect,
				  mpsk_exchange_t exchange, void *uctx, mpsk_error_t *err)
{
	mpsk_status_t status = pool_lend(pool, lease, err);

	redirect->kind = MPSK_REDIRECT_NONE;
	if (status != MPSK_OK) return status;
	mpsk_conn_ask(lease->conn, asking);
	status = exchange(lease->conn, lease->deadline, uctx, err);
	*redirect = *mpsk_conn_redirect(lease->conn);
	mpsk_conn_ask(lease->conn, false);
	pool_give_back(pool, lease);
	return status;
}

mpsk_status_t mpsk_pool_run_on(mpsk_pool_t *pool, unsigned node, mpsk_exchange_t exchange, void *uctx,
			       mpsk_error_t *err)
{
	pool_lease_t lease = { .node = node, .deadline = mpsk_deadline_in(pool->command_ms) };
	mpsk_redirect_t redirect;

	return pool_attempt(pool, &lease, false, &redirect, exchange, uctx, err);
}

static void pool_pause(void)
{
	struct timespec const pause = { .tv_nsec = POOL_PAUSE_MS * 1000000 };

	nanosleep(&pause, NULL);
}

mpsk_status_t mpsk_pool_run(mpsk_pool_t *pool, char const *rkey, mpsk_exchange_t exchange, void *uctx,
			    mpsk_error_t *err)
{
	mpsk_deadline_t until = mpsk_deadline_in(pool->command_ms);
	mpsk_redirect_t redirect = { .kind = MPSK_REDIRECT_NONE };
	size_t len = rkey ? strlen(rkey) : 0;
	unsigned node = 0;

	for (int hop = 0; ; hop++) {
		bool asking = redirect.kind == MPSK_REDIRECT_ASK;
		pool_lease_t lease = { .deadline = until };
		mpsk_status_t status = MPSK_OK;

		if (hop > POOL_HOPS) pool_pause();
		if (!asking) status = mpsk_endpoint_route(pool->endpoint, &node, rkey, len, -1, err);
		if (status != MPSK_OK) return status;
		lease.node = node;
		status = pool_attempt(pool, &lease, asking, &redirect, exchange, uctx, err);
		if (status == MPSK_OK || redirect.kind == MPSK_REDIRECT_NONE || mpsk_deadline_passed(until)) {
			return status;
		}
		if (mpsk_endpoint_follow(pool->endpoint, &node, &redirect, err) != MPSK_OK) return status;
	}
}

typedef struct {
	redisReply	**reply;
	char const	*format;
	va_list		ap;
} pool_call_t;

static mpsk_status_t pool_call(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	pool_call_t *call = uctx;
	mpsk_status_t status;
	va_list ap;

	va_copy(ap, call->ap);
	status = mpsk_conn_vcallf(conn, call->reply, deadline, err, call->format, ap);
	va_end(ap);
	return status;
}

mpsk_status_t mpsk_pool_callf(mpsk_pool_t *pool, redisReply **reply, mpsk_error_t *err, char const *rkey,
			      char const *format, ...)
{
	pool_call_t call = { .reply = reply, .format = format };
	mpsk_status_t status;

	*reply = NULL;
	va_start(call.ap, format);
	status = mpsk_pool_run(pool, rkey, pool_call, &call, err);
	va_end(call.ap);
	return status;
}

mpsk_status_t mpsk_pool_primaries(mpsk_pool_t *pool, mpsk_node_set_t *set, mpsk_error_t *err)
{
	return mpsk_endpoint_primaries(pool->endpoint, set, -1, err);
}

void mpsk_pool_renew(mpsk_pool_t *pool)
{
	mpsk_endpoint_doubt(pool->endpoint);
	pthread_mutex_lock(&pool->lock);
	pool->renewed_at = mpsk_monotonic_ms();
	pthread_mutex_unlock(&pool->lock);
}

mpsk_endpoint_t *mpsk_pool_endpoint(mpsk_pool_t *pool)
{
	return pool->endpoint;
}
