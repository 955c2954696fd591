/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions that their NAS did not end though it was asked: how often, and
 * when it is to be asked again. They stand in `mpsk:tries`, a hash of the
 * session's field (key/session.h) -> "<tries> <next>".
 */
#ifndef MPSK_STORE_TRIES_H
#define MPSK_STORE_TRIES_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"
#include "key/session.h"
#include "store/store.h"

#define MPSK_TRIES_FIRST_S	60	/* after the first; each time twice as long */
#define MPSK_TRIES_MOST_S	3600

typedef struct {
	char	field[MPSK_SESSION_FIELD_MAX];
	int64_t	tries;
	int64_t	next;	/* epoch seconds */
} mpsk_tries_t;

/* The seconds after the n-th try in which there is no other. */
int64_t mpsk_tries_pause(int64_t n);

/* All, in the order of their fields; none is no error. The array belongs to ctx. What is malformed is passed over. */
mpsk_status_t mpsk_tries_read(mpsk_store_t *store, TALLOC_CTX *ctx, mpsk_tries_t **tries, size_t *n,
			      mpsk_error_t *err);

/* Of an array that mpsk_tries_read() made; or NULL. */
mpsk_tries_t const *mpsk_tries_find(mpsk_tries_t const *tries, size_t n, char const *field);

/* Write one in the place of what was there; tries 0: remove it. */
mpsk_status_t mpsk_tries_put(mpsk_store_t *store, mpsk_tries_t const *tries, mpsk_error_t *err);

#endif
