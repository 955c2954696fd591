/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bulk.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/secret.h"
#include "ctl.h"

#define THREADS_PER_CORE	4	/* one derives while the others wait for Redis */
#define THREADS_MAX		32	/* connections that a store has */
#define QUEUE_MAX		(4 * MPSK_MATCH_LANES)

struct ctl_bulk {
	ctl_bulk_done_t	done;
	void		*uctx;
	size_t		batch;		/* PMKs that are derived at once */
	pthread_mutex_t	lock;		/* of all below */
	pthread_cond_t	added, taken;
	ctl_bulk_want_t	queue[QUEUE_MAX];
	size_t		first, n;
	bool		ending;
	mpsk_status_t	status;
	size_t		n_threads;
	pthread_t	threads[THREADS_MAX];
};

/* Some of the queue, a whole batch where there is one; 0 at the end. */
static size_t queue_take(ctl_bulk_t *bulk, ctl_bulk_want_t wants[static MPSK_MATCH_LANES])
{
	size_t n = 0;

	pthread_mutex_lock(&bulk->lock);
	while (bulk->status == MPSK_OK && bulk->n < bulk->batch && !bulk->ending) {
		pthread_cond_wait(&bulk->added, &bulk->lock);
	}
	for (; bulk->status == MPSK_OK && bulk->n > 0 && n < bulk->batch; n++, bulk->n--) {
		wants[n] = bulk->queue[bulk->first];
		bulk->first = (bulk->first + 1) % QUEUE_MAX;
	}
	pthread_cond_broadcast(&bulk->taken);
	pthread_mutex_unlock(&bulk->lock);
	return n;
}

static mpsk_status_t batch_run(ctl_bulk_t const *bulk, ctl_bulk_want_t const *wants, size_t n)
{
	mpsk_pbkdf2_job_t jobs[MPSK_MATCH_LANES];
	mpsk_status_t status = MPSK_OK;
	size_t n_jobs = 0, job = 0;

	for (size_t i = 0; i < n; i++) {
		if (wants[i].psk) jobs[n_jobs++] = (mpsk_pbkdf2_job_t) { .psk = wants[i].psk, .ssid = wants[i].ssid };
	}
	if (n_jobs > 0) status = mpsk_pbkdf2_derive(jobs, n_jobs);
	for (size_t i = 0; status == MPSK_OK && i < n; i++) {
		status = bulk->done(bulk->uctx, wants[i].what, wants[i].psk ? &jobs[job++].pmk : NULL);
	}
	if (n_jobs > 0) mpsk_secret_wipe(jobs, n_jobs * sizeof(jobs[0]));
	return status;
}

static void bulk_fail(ctl_bulk_t *bulk, mpsk_status_t status)
{
	pthread_mutex_lock(&bulk->lock);
	if (bulk->status == MPSK_OK) bulk->status = status;
	pthread_cond_broadcast(&bulk->added);
	pthread_cond_broadcast(&bulk->taken);
	pthread_mutex_unlock(&bulk->lock);
}

static void *work(void *uctx)
{
	ctl_bulk_want_t wants[MPSK_MATCH_LANES];
	ctl_bulk_t *bulk = uctx;
	size_t n;

	while ((n = queue_take(bulk, wants)) > 0) {
		mpsk_status_t status = batch_run(bulk, wants, n);

		if (status != MPSK_OK) bulk_fail(bulk, status);
	}
	return NULL;
}

ctl_bulk_t *ctl_bulk_begin(ctl_bulk_done_t done, void *uctx)
{
	ctl_bulk_t *bulk = ctl_need(calloc(1, sizeof(*bulk)));
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t threads = (size_t) (cores > 0 ? cores : 1) * THREADS_PER_CORE;

	bulk->done = done;
	bulk->uctx = uctx;
	bulk->batch = mpsk_pbkdf2_batch();
	pthread_mutex_init(&bulk->lock, NULL);
	pthread_cond_init(&bulk->added, NULL);
	pthread_cond_init(&bulk->taken, NULL);
	if (threads > THREADS_MAX) threads = THREADS_MAX;
	while (bulk->n_threads < threads &&
	       pthread_create(&bulk->threads[bulk->n_threads], NULL, work, bulk) == 0) bulk->n_threads++;
	ctl_need(bulk->n_threads > 0 ? bulk : NULL);
	return bulk;
}

mpsk_status_t ctl_bulk_add(ctl_bulk_t *bulk, ctl_bulk_want_t const *want)
{
	mpsk_status_t status;

	pthread_mutex_lock(&bulk->lock);
	while (bulk->status == MPSK_OK && bulk->n == QUEUE_MAX) pthread_cond_wait(&bulk->taken, &bulk->lock);
	status = bulk->status;
	if (status == MPSK_OK) {
		bulk->queue[(bulk->first + bulk->n++) % QUEUE_MAX] = *want;
		if (bulk->n >= bulk->batch) pthread_cond_signal(&bulk->added);
	}
	pthread_mutex_unlock(&bulk->lock);
	return status;
}

mpsk_status_t ctl_bulk_end(ctl_bulk_t *bulk)
{
	mpsk_status_t status;

	pthread_mutex_lock(&bulk->lock);
	bulk->ending = true;
	pthread_cond_broadcast(&bulk->added);
	pthread_mutex_unlock(&bulk->lock);
	for (size_t i = 0; i < bulk->n_threads; i++) pthread_join(bulk->threads[i], NULL);
	status = bulk->status;
	pthread_cond_destroy(&bulk->taken);
	pthread_cond_destroy(&bulk->added);
	pthread_mutex_destroy(&bulk->lock);
	free(bulk);
	return status;
}
