/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a server was busy with, from its figures at two times.
 */
#ifndef MPSKCTL_LOAD_H
#define MPSKCTL_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "metrics/text.h"
#include "store/stat.h"

#define CTL_LOAD_REASONS	32	/* that are counted */

typedef struct {
	char	name[MPSK_SERIES_LABEL_MAX + 1];
	double	n;
} ctl_reason_t;

/* Figures of one time; counters since the server's start. */
typedef struct {
	int64_t		at, started;	/* epoch seconds */
	double		requests, accepted, refused;
	ctl_reason_t	reasons[CTL_LOAD_REASONS];
	size_t		n_reasons;
	double		answers[MPSK_HISTOGRAM_BOUNDS + 1];	/* no longer than each bound */
	double		keys, devices, sessions;
	char		state[MPSK_SERIES_LABEL_MAX + 1];	/* of its Redis */
} ctl_figures_t;

/* A server, and its last figures but one where there are any. */
typedef struct {
	char		server[MPSK_STAT_SERVER_MAX + 1];
	ctl_figures_t	now, before;
	bool		has_before;
	bool		is_there;	/* in what was read last */
} ctl_server_t;

typedef struct {
	ctl_server_t	*servers;	/* in the order of their names */
	size_t		n;
	TALLOC_CTX	*ctx;
} ctl_servers_t;

/* Take in what was read. Memory that runs out ends the program. */
void ctl_servers_update(ctl_servers_t *servers, mpsk_samples_t const *samples);

/* What was done a second, over so many seconds. */
typedef struct {
	int64_t		over;		/* since the server's start where it has no figures before */
	double		requests, accepted, refused;
	double		p50_ms, p99_ms;	/* of answers; 0 where there were none */
	ctl_reason_t	reasons[CTL_LOAD_REASONS];	/* the most frequent first; none of them 0 */
	size_t		n_reasons;
} ctl_load_t;

/* Of one server; since_start: over its whole life. */
void ctl_load_of(ctl_load_t *load, ctl_server_t const *server, bool since_start);

#endif
