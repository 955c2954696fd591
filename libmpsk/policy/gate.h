/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A gate that lets so many threads in at a time, and so many wait for so
 * long: the others are free for other work.
 */
#ifndef MPSK_POLICY_GATE_H
#define MPSK_POLICY_GATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
	pthread_mutex_t	lock;
	pthread_cond_t	left;
	size_t		max, inside;
	size_t		waiting_max, waiting;
	int		wait_ms;
} mpsk_gate_t;

void mpsk_gate_init(mpsk_gate_t *gate, size_t max, size_t waiting_max, int wait_ms);
void mpsk_gate_finish(mpsk_gate_t *gate);

/* Whether it let the caller in, who then leaves. */
bool mpsk_gate_enter(mpsk_gate_t *gate);
void mpsk_gate_leave(mpsk_gate_t *gate);

#endif
