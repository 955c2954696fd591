/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trails: what happened, in the order in which it did, in streams of Redis,
 * one for each organisation, the oldest entries giving way to new ones. Those
 * of edits are mpsk:audit:{org}, those of decisions mpsk:log:{org}; the names
 * of all are in the sorted set mpsk:trails, for a walk over a million keys would be
 * the only other way to find them.
 */
#ifndef MPSK_STORE_TRAIL_H
#define MPSK_STORE_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "key/key.h"
#include "store/conn.h"
#include "store/store.h"

typedef enum {
	MPSK_TRAIL_AUDIT = 0,
	MPSK_TRAIL_LOG,
	MPSK_TRAIL_KINDS
} mpsk_trail_kind_t;

#define MPSK_TRAILS		"mpsk:trails"
#define MPSK_TRAIL_LEN		"100000"	/* entries of a trail, about */
#define MPSK_TRAIL_ID_MAX	44		/* two numbers, '-' and a NUL */

typedef struct {
	char text[sizeof("mpsk:audit:{}") + MPSK_NAME_MAX];	/* NUL-terminated */
} mpsk_trail_name_t;

/* mpsk:log:{acme}; an org of "" is {*}. */
mpsk_trail_name_t mpsk_trail_name(mpsk_trail_kind_t kind, char const *org);

/*
 * --- Writing ---
 */

/* An entry: names and values; none of either may be NULL. */
typedef struct {
	mpsk_field_t const	*fields;
	size_t			n;
} mpsk_trail_entry_t;

/* Queue an entry on a connection to the node that holds the trail: one reply is to be read. ERR: memory is out. */
mpsk_status_t mpsk_trail_append(mpsk_conn_t *conn, char const *name, mpsk_trail_entry_t const *entry);

/* Add entries to the trail of an organisation, in one pipeline, and its name to the set. */
mpsk_status_t mpsk_trail_add(mpsk_store_t *store, mpsk_trail_kind_t kind, char const *org,
			     mpsk_trail_entry_t const *entries, size_t n, mpsk_error_t *err);

/*
 * --- Reading ---
 */
typedef struct {
	char const	*org;	/* "" : none */
	char const	*id;	/* of the entry, as Redis gives it */
	int64_t		ms;	/* when, by Redis's clock: epoch milliseconds */
	mpsk_field_t	*fields;
	size_t		n;
} mpsk_trail_record_t;

/* The value of a field, NULL and 0 where there is none. */
char const *mpsk_trail_get(mpsk_trail_record_t const *record, char const *name, size_t *len);

/* Called for each entry, which is borrowed. Anything but OK ends the reading, which returns that. */
typedef mpsk_status_t (*mpsk_trail_cb_t)(void *uctx, mpsk_trail_record_t const *record);

/* The organisations that have a trail of a kind, in no order, "" among them. Belong to ctx. */
mpsk_status_t mpsk_trail_orgs(mpsk_store_t *store, TALLOC_CTX *ctx, mpsk_trail_kind_t kind, char ***orgs, size_t *n,
			      mpsk_error_t *err);

/* The entries of one trail from one time on and up to another (epoch milliseconds), the newest first. */
mpsk_status_t mpsk_trail_read(mpsk_store_t *store, mpsk_trail_kind_t kind, char const *org, int64_t since_ms,
			      int64_t until_ms, mpsk_trail_cb_t cb, void *uctx, mpsk_error_t *err);

/*
 * --- Following ---
 */
typedef struct mpsk_trail_follow mpsk_trail_follow_t;

/* From now on, all trails of a kind, those too that begin later. */
mpsk_status_t mpsk_trail_follow(TALLOC_CTX *ctx, mpsk_trail_follow_t **follow, mpsk_store_t *store,
				mpsk_trail_kind_t kind, mpsk_error_t *err);

/*
 * What came since; where that is nothing, after waiting for some, a second
 * or half of a command's time at most. AGAIN where Redis is away: the next
 * call goes on where this one was.
 */
mpsk_status_t mpsk_trail_next(mpsk_trail_follow_t *follow, mpsk_trail_cb_t cb, void *uctx, mpsk_error_t *err);

#endif
