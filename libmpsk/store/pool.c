/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/pool.h"

#include <pthread.h>
#include <stdint.h>
#include <time.h>

#define POOL_REFUSED_MS 5000	/* a password that is refused needs a person */

struct mpsk_pool {
	mpsk_endpoint_t	*endpoint;
	int		command_ms;
	int		retry_ms;
	unsigned	max;
	pthread_mutex_t	lock;
	pthread_cond_t	freed;
	unsigned	open;		/* lent, idle and about to be opened */
	unsigned	n_idle;
	mpsk_conn_t	**idle;		/* used last is lent first; those at the bottom age */
	bool		away;		/* the breaker is open */
	bool		probing;
	int64_t		retry_at;
	mpsk_error_t	why;
};

static int pool_close(mpsk_pool_t *pool)
{
	while (pool->n_idle) talloc_free(pool->idle[--pool->n_idle]);
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
	p->idle = talloc_zero_array(p, mpsk_conn_t *, p->max);
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
 * --- The breaker; all with the lock held ---
 */

/* Whether a call may go on; as the probe where the breaker is open. */
static bool pool_admit(mpsk_pool_t *pool, mpsk_lease_t *lease)
{
	if (!pool->away) return true;
	if (pool->probing || mpsk_monotonic_ms() < pool->retry_at) return false;
	pool->probing = lease->probe = true;
	return true;
}

/* What came of a lease, or of the attempt to get one. */
static void pool_learn(mpsk_pool_t *pool, mpsk_lease_t *lease, bool alive, int retry_ms)
{
	if (lease->probe) pool->probing = lease->probe = false;
	if (alive) {
		pool->away = false;
	} else if (pool->retry_ms > 0) {
		pool->away = true;
		pool->retry_at = mpsk_monotonic_ms() + retry_ms;
	}
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

/* A place in the pool, and an idle connection where there is one. */
static mpsk_status_t pool_place(mpsk_pool_t *pool, mpsk_lease_t *lease, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;
	bool late = false;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		if (!pool_admit(pool, lease)) {
			status = mpsk_error_set(err, MPSK_AGAIN, "%s", pool->why.text);
			break;
		}
		if (pool->n_idle) {
			lease->conn = pool->idle[--pool->n_idle];
			break;
		}
		if (pool->open < pool->max) {
			pool->open++;
			break;
		}
		if (lease->probe) pool->probing = lease->probe = false;
		if (late) {
			status = mpsk_error_set(err, MPSK_AGAIN, "all %u connections to Redis are in use", pool->max);
			break;
		}
		late = !pool_wait(pool, lease->deadline);
	}
	pthread_mutex_unlock(&pool->lock);
	return status;
}

static mpsk_status_t pool_connect(mpsk_pool_t *pool, mpsk_lease_t *lease, mpsk_error_t *err)
{
	mpsk_error_t why;
	/* No talloc parent: threads must not share one. */
	mpsk_status_t status = mpsk_endpoint_connect(NULL, &lease->conn, pool->endpoint, -1, &why);

	if (status == MPSK_OK) {
		lease->deadline = mpsk_deadline_in(pool->command_ms);
		return MPSK_OK;
	}
	pthread_mutex_lock(&pool->lock);
	pool->open--;
	pool->why = why;
	pool_learn(pool, lease, false, status == MPSK_BAD ? POOL_REFUSED_MS : pool->retry_ms);
	pthread_cond_broadcast(&pool->freed);
	pthread_mutex_unlock(&pool->lock);
	return mpsk_error_set(err, status, "%s", why.text);
}

/* One Redis holds all keys: rkey is for the day when there are several. */
mpsk_status_t mpsk_pool_lend(mpsk_pool_t *pool, mpsk_lease_t *lease, char const *rkey, mpsk_error_t *err)
{
	mpsk_status_t status;

	(void) rkey;
	*lease = (mpsk_lease_t) { .deadline = mpsk_deadline_in(pool->command_ms) };
	status = pool_place(pool, lease, err);
	if (status != MPSK_OK) return status;
	/* Redis may have been restarted while this one lay idle; that is no reason to fail. */
	if (lease->conn && !mpsk_conn_quiet(lease->conn)) TALLOC_FREE(lease->conn);
	return lease->conn ? MPSK_OK : pool_connect(pool, lease, err);
}

void mpsk_pool_give_back(mpsk_pool_t *pool, mpsk_lease_t *lease)
{
	mpsk_conn_t *conn = lease->conn;
	bool usable = mpsk_conn_usable(conn);

	lease->conn = NULL;
	if (!usable) TALLOC_FREE(conn);
	pthread_mutex_lock(&pool->lock);
	pool_learn(pool, lease, usable, pool->retry_ms);
	if (usable) {
		pool->idle[pool->n_idle++] = conn;
		pthread_cond_signal(&pool->freed);
	} else {
		pool->open--;
		mpsk_error_set(&pool->why, MPSK_AGAIN, "%s failed a moment ago", pool->endpoint->uri->name);
		/* All who wait have to learn that the breaker is open. */
		pthread_cond_broadcast(&pool->freed);
	}
	pthread_mutex_unlock(&pool->lock);
}

mpsk_status_t mpsk_pool_callf(mpsk_pool_t *pool, redisReply **reply, mpsk_error_t *err, char const *rkey,
			      char const *format, ...)
{
	mpsk_lease_t lease;
	mpsk_status_t status = mpsk_pool_lend(pool, &lease, rkey, err);
	va_list ap;

	*reply = NULL;
	if (status != MPSK_OK) return status;
	va_start(ap, format);
	status = mpsk_conn_vcallf(lease.conn, reply, lease.deadline, err, format, ap);
	va_end(ap);
	mpsk_pool_give_back(pool, &lease);
	return status;
}
