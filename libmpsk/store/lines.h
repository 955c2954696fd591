/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines that wait for their streams, the oldest first; where there is no
 * room the oldest make way. Not thread-safe.
 */
#ifndef MPSK_STORE_LINES_H
#define MPSK_STORE_LINES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <talloc.h>

#include "base/status.h"
#include "key/key.h"

/* One line, as the arguments of XADD. */
typedef struct mpsk_line mpsk_line_t;
struct mpsk_line {
	TAILQ_ENTRY(mpsk_line)	order;
	size_t			octets;		/* of memory */
	size_t			argc;
	char const		**argv;		/* argv[1] is the stream, NUL-terminated */
	size_t			*argvlen;
};
TAILQ_HEAD(mpsk_line_list, mpsk_line);

typedef struct {
	struct mpsk_line_list	list;
	size_t			n, max;
	size_t			octets, max_octets;
} mpsk_lines_t;

void mpsk_lines_init(mpsk_lines_t *lines, size_t max, size_t max_octets);

/* A line of its own memory; NULL where that is out. */
mpsk_line_t *mpsk_line_create(char const *stream, mpsk_field_t const *fields, size_t n);

/* Put a line at the end, or back at the front. Returns how many were dropped for it, which may be itself. */
size_t mpsk_lines_add(mpsk_lines_t *lines, mpsk_line_t *line);
size_t mpsk_lines_put_back(mpsk_lines_t *lines, mpsk_line_t *line);

/* Take the oldest line out, which is the caller's to talloc_free(); NULL where there is none. */
mpsk_line_t *mpsk_lines_take(mpsk_lines_t *lines);

/* Free all. */
void mpsk_lines_clear(mpsk_lines_t *lines);

#endif
