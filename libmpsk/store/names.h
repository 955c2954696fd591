/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of names, each at most once, in the order in which they came, with
 * a number beside each. Not thread-safe.
 */
#ifndef MPSK_STORE_NAMES_H
#define MPSK_STORE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <talloc.h>

typedef struct mpsk_names mpsk_names_t;

typedef struct mpsk_name mpsk_name_t;
struct mpsk_name {
	TAILQ_ENTRY(mpsk_name)	order;
	mpsk_name_t		*chain;
	uint32_t		hash;
	uint32_t		number;		/* the caller's; 0 at first */
	size_t			len;
	char			text[];		/* and a NUL */
};

/* An empty set; NULL where memory is out. talloc_free() frees all. */
mpsk_names_t *mpsk_names_create(TALLOC_CTX *ctx);

/* The name, put at the end where it was not there. NULL where memory is out. */
mpsk_name_t *mpsk_names_add(mpsk_names_t *names, char const *text, size_t len);

/* The name, or NULL. */
mpsk_name_t *mpsk_names_find(mpsk_names_t const *names, char const *text, size_t len);

/* The first name or the one after another; NULL at the end. */
mpsk_name_t *mpsk_names_first(mpsk_names_t const *names);
mpsk_name_t *mpsk_names_next(mpsk_name_t const *name);

size_t mpsk_names_count(mpsk_names_t const *names);

/* Take a name out and free it. */
void mpsk_names_remove(mpsk_names_t *names, mpsk_name_t *name);

void mpsk_names_clear(mpsk_names_t *names);

/* The hash of a text; the same for the same text only within one process. */
uint32_t mpsk_names_hash(char const *text, size_t len);

#endif
