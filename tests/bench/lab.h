/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Servers to measure, from tests/lab: private ones, in a folder of this run.
 * However the process ends, by a signal too, they are stopped and the folder
 * is gone. Where one cannot be started the process ends, with what
 * tests/lab said of it on standard error.
 */
#ifndef TESTS_BENCH_LAB_H
#define TESTS_BENCH_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define LAB_TEXT_MAX 128

typedef struct {
	char	dir[LAB_TEXT_MAX];
	char	radius[LAB_TEXT_MAX];		/* host:port */
	char	secret[LAB_TEXT_MAX];
	char	redis_socket[LAB_TEXT_MAX];
	pid_t	radius_pid;
} lab_t;

typedef enum {
	LAB_MPSK,	/* the module as it is built, its sample configuration, and a Redis */
	LAB_BARE	/* the same server without the module: accepts whoever asks */
} lab_kind_t;

/* Once, before any thread is made: takes the signals that end the process. */
void labs_begin(void);

/* LAB_BARE: reply is what it answers, one `attribute := value` a line, or NULL. */
void lab_up(lab_t *lab, lab_kind_t kind, char const *reply);
void lab_down(lab_t *lab);

/* The server alone: Redis stays. */
void lab_radius_stop(lab_t *lab);
void lab_radius_start(lab_t *lab);

/* Seconds of CPU that the server has taken, all threads. */
double lab_radius_cpu(lab_t const *lab);

/* Octets of memory that the server holds; peak: has held. */
size_t lab_radius_resident(lab_t const *lab, bool peak);

#endif
