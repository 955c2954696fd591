/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/gate.h"

#include <time.h>

void mpsk_gate_init(mpsk_gate_t *gate, size_t max, size_t waiting_max, int wait_ms)
{
	pthread_condattr_t attr;

	*gate = (mpsk_gate_t) { .max = max, .waiting_max = waiting_max, .wait_ms = wait_ms };
	/* None of these fails on Linux, where they only fill in their fields. */
	(void) pthread_mutex_init(&gate->lock, NULL);
	(void) pthread_condattr_init(&attr);
	(void) pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void) pthread_cond_init(&gate->left, &attr);
	(void) pthread_condattr_destroy(&attr);
}

void mpsk_gate_finish(mpsk_gate_t *gate)
{
	pthread_cond_destroy(&gate->left);
	pthread_mutex_destroy(&gate->lock);
}

static struct timespec until(int ms)
{
	struct timespec at;

	(void) clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += ms / 1000;
	at.tv_nsec += (long) (ms % 1000) * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

/* The lock is held. */
static void gate_wait(mpsk_gate_t *gate)
{
	struct timespec deadline = until(gate->wait_ms);

	gate->waiting++;
	while (gate->inside == gate->max && pthread_cond_timedwait(&gate->left, &gate->lock, &deadline) == 0)
		;
	gate->waiting--;
}

bool mpsk_gate_enter(mpsk_gate_t *gate)
{
	bool in;

	pthread_mutex_lock(&gate->lock);
	if (gate->inside == gate->max && gate->waiting < gate->waiting_max) gate_wait(gate);
	in = gate->inside < gate->max;
	if (in) gate->inside++;
	pthread_mutex_unlock(&gate->lock);
	return in;
}

void mpsk_gate_leave(mpsk_gate_t *gate)
{
	pthread_mutex_lock(&gate->lock);
	gate->inside--;
	pthread_cond_signal(&gate->left);
	pthread_mutex_unlock(&gate->lock);
}
