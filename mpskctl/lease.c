/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lease.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/text.h"
#include "store/lease.h"

/*
 * A machine that dies holds the others up for so long. It is long enough for
 * a renewal to fail twice, each time with the timeout of the command line.
 */
#define LEASE_S		60
#define RENEW_S		15
#define MARGIN_MS	5000	/* for what was begun before */
#define RANDOM_OCTETS	16

struct ctl_lease {
	ctl_t		*ctl;
	char const	*name;
	char		token[64 + 16 + 2 * RANDOM_OCTETS + 3];	/* host/pid/random */
	_Atomic int64_t	until_ms;	/* by our clock */
	pthread_t	thread;
	pthread_mutex_t	mutex;
	pthread_cond_t	cond;
	bool		ended;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool token_make(ctl_lease_t *lease)
{
	char host[65] = "", hex[2 * RANDOM_OCTETS + 1];
	uint8_t random[RANDOM_OCTETS];

	if (getrandom(random, sizeof(random), 0) != sizeof(random)) return false;
	if (gethostname(host, sizeof(host) - 1) != 0) host[0] = '\0';
	mpsk_hex_encode(hex, random, sizeof(random));
	snprintf(lease->token, sizeof(lease->token), "%.64s/%ld/%s", host, (long) getpid(), hex);
	return true;
}

/* Wait for the next renewal; false where the work has ended. */
static bool rest(ctl_lease_t *lease)
{
	struct timespec until;
	int code = 0;
	bool ended;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += RENEW_S;
	pthread_mutex_lock(&lease->mutex);
	while (!lease->ended && code != ETIMEDOUT) code = pthread_cond_timedwait(&lease->cond, &lease->mutex, &until);
	ended = lease->ended;
	pthread_mutex_unlock(&lease->mutex);
	return !ended;
}

static void *renew(void *uctx)
{
	ctl_lease_t *lease = uctx;

	while (rest(lease)) {
		/* From before it is asked for: Redis counts from later on. */
		int64_t until = now_ms() + 1000 * LEASE_S;
		mpsk_error_t err = { "" };
		mpsk_status_t status = mpsk_store_lease(lease->ctl->store, MPSK_LEASE_RENEW, lease->name, lease->token,
							LEASE_S, &err);

		if (status == MPSK_OK) atomic_store(&lease->until_ms, until);
		if (status == MPSK_MISS) atomic_store(&lease->until_ms, 0);
	}
	return NULL;
}

static bool thread_start(ctl_lease_t *lease)
{
	pthread_condattr_t attr;
	bool started;

	if (pthread_condattr_init(&attr) != 0) return false;
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	started = pthread_mutex_init(&lease->mutex, NULL) == 0 && pthread_cond_init(&lease->cond, &attr) == 0 &&
		  pthread_create(&lease->thread, NULL, renew, lease) == 0;
	pthread_condattr_destroy(&attr);
	return started;
}

static void drop(ctl_lease_t *lease)
{
	mpsk_error_t err;

	/* Where that fails it ends by itself. */
	(void) mpsk_store_lease(lease->ctl->store, MPSK_LEASE_DROP, lease->name, lease->token, LEASE_S, &err);
}

ctl_exit_t ctl_lease_begin(ctl_t *ctl, ctl_lease_t **out, char const *name)
{
	ctl_lease_t *lease = ctl_need(talloc_zero(ctl->mem, ctl_lease_t));
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	*out = NULL;
	lease->ctl = ctl;
	lease->name = name;
	atomic_init(&lease->until_ms, now_ms() + 1000 * LEASE_S);
	if (!token_make(lease)) return ctl_fail(CTL_FAILED, "the system has no random octets: %s", strerror(errno));
	status = mpsk_store_lease(ctl->store, MPSK_LEASE_TAKE, name, lease->token, LEASE_S, &err);
	if (status == MPSK_MISS) {
		/* The random octets are of no use to a person. */
		char *end = strrchr(err.text, '/');

		if (end) *end = '\0';
		return ctl_fail(CTL_NOTHING, "nothing was done: another one is at it (host/process %s)", err.text);
	}
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	if (!thread_start(lease)) {
		drop(lease);
		return ctl_fail(CTL_FAILED, "a thread cannot be started");
	}
	*out = lease;
	return CTL_OK;
}

bool ctl_lease_lost(ctl_lease_t const *lease)
{
	return now_ms() >= atomic_load(&lease->until_ms) - MARGIN_MS;
}

void ctl_lease_end(ctl_lease_t *lease)
{
	if (!lease) return;
	pthread_mutex_lock(&lease->mutex);
	lease->ended = true;
	pthread_cond_signal(&lease->cond);
	pthread_mutex_unlock(&lease->mutex);
	pthread_join(lease->thread, NULL);
	pthread_cond_destroy(&lease->cond);
	pthread_mutex_destroy(&lease->mutex);
	drop(lease);
	talloc_free(lease);
}
