/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/team.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

/* On the caller's stack until no helper is on it. */
typedef struct job job_t;
struct job {
	job_t			*next;
	mpsk_team_work_t	work;
	void			*uctx;
	size_t			pieces;
	_Atomic size_t		piece;		/* the next to be done */
	/* Under the team's lock. */
	size_t			helpers;
	uint64_t		spent_ns;	/* by helpers */
};

struct mpsk_team {
	pthread_mutex_t	lock;
	pthread_cond_t	wanted;		/* a job is there, or all is over */
	pthread_cond_t	left;		/* a helper left its job */
	job_t		*jobs;
	bool		over;
	size_t		n;
	pthread_t	threads[];
};

static uint64_t cpu_ns(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t) now.tv_sec * 1000000000 + (uint64_t) now.tv_nsec;
}

static uint64_t pieces_do(job_t *job)
{
	uint64_t before = cpu_ns();
	size_t piece;

	while ((piece = atomic_fetch_add_explicit(&job->piece, 1, memory_order_relaxed)) < job->pieces) {
		job->work(job->uctx, piece);
	}
	return cpu_ns() - before;
}

/* Out of sight, so that no more helpers come. */
static void job_withdraw(mpsk_team_t *team, job_t const *job)
{
	job_t **at = &team->jobs;

	while (*at && *at != job) at = &(*at)->next;
	if (*at) *at = job->next;
}

static void *helper_main(void *uctx)
{
	mpsk_team_t *team = uctx;

	pthread_mutex_lock(&team->lock);
	while (!team->over) {
		job_t *job = team->jobs;
		uint64_t spent;

		if (!job) {
			pthread_cond_wait(&team->wanted, &team->lock);
			continue;
		}
		job->helpers++;
		pthread_mutex_unlock(&team->lock);
		spent = pieces_do(job);
		pthread_mutex_lock(&team->lock);
		job_withdraw(team, job);
		job->spent_ns += spent;
		job->helpers--;
		pthread_cond_broadcast(&team->left);
	}
	pthread_mutex_unlock(&team->lock);
	return NULL;
}

/* The host handles its signals on threads of its own. */
static int helper_start(mpsk_team_t *team)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&team->threads[team->n], NULL, helper_main, team);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error == 0) team->n++;
	return error;
}

mpsk_status_t mpsk_team_start(mpsk_team_t **team, size_t helpers)
{
	mpsk_team_t *made = calloc(1, sizeof(*made) + helpers * sizeof(made->threads[0]));

	*team = made;
	if (!made) return MPSK_ERR;
	/* None of these fails on Linux, where they only fill in their fields. */
	(void) pthread_mutex_init(&made->lock, NULL);
	(void) pthread_cond_init(&made->wanted, NULL);
	(void) pthread_cond_init(&made->left, NULL);
	while (made->n < helpers) {
		if (helper_start(made) != 0) {
			mpsk_team_stop(team);
			return MPSK_ERR;
		}
	}
	return MPSK_OK;
}

void mpsk_team_stop(mpsk_team_t **team)
{
	mpsk_team_t *old = *team;

	*team = NULL;
	if (!old) return;
	pthread_mutex_lock(&old->lock);
	old->over = true;
	pthread_cond_broadcast(&old->wanted);
	pthread_mutex_unlock(&old->lock);
	for (size_t i = 0; i < old->n; i++) pthread_join(old->threads[i], NULL);
	pthread_cond_destroy(&old->left);
	pthread_cond_destroy(&old->wanted);
	pthread_mutex_destroy(&old->lock);
	free(old);
}

static void job_announce(mpsk_team_t *team, job_t *job)
{
	job_t **at = &team->jobs;

	pthread_mutex_lock(&team->lock);
	while (*at) at = &(*at)->next;
	*at = job;
	pthread_cond_broadcast(&team->wanted);
	pthread_mutex_unlock(&team->lock);
}

uint64_t mpsk_team_run(mpsk_team_t *team, mpsk_team_work_t work, void *uctx, size_t pieces)
{
	job_t job = { .work = work, .uctx = uctx, .pieces = pieces };
	uint64_t spent;

	if (!team) return pieces_do(&job);
	job_announce(team, &job);
	spent = pieces_do(&job);
	pthread_mutex_lock(&team->lock);
	job_withdraw(team, &job);
	while (job.helpers > 0) pthread_cond_wait(&team->left, &team->lock);
	pthread_mutex_unlock(&team->lock);
	return spent + job.spent_ns;
}
