/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be learnt of the servers that hold the keys, for somebody who
 * judges whether they are set up as they should be. Nothing is changed, and
 * no key that is there is touched.
 */
#ifndef MPSK_STORE_CHECKUP_H
#define MPSK_STORE_CHECKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/status.h"
#include "store/store.h"

/* Who needs a command. */
typedef enum {
	MPSK_NEED_MODULE = 0,	/* the module, and mpskctl too */
	MPSK_NEED_CLUSTER,	/* both, in a cluster */
	MPSK_NEED_CTL		/* mpskctl alone */
} mpsk_need_t;

/* A command by the name that an ACL has for it, "client|id". */
typedef struct {
	char const	*name;
	mpsk_need_t	need;
	bool		key;		/* not the command is denied, but the Redis keys that it is for */
} mpsk_denied_t;

/* Whether something worked, and why it did not. */
typedef struct {
	mpsk_status_t	status;
	mpsk_error_t	why;
} mpsk_trial_t;

typedef struct {
	char const	*name;		/* its address */
	mpsk_trial_t	asked;		/* where this is not OK, nothing else is known */
	bool		is_primary;
	bool		has_role;	/* it says which part it plays */
	double		rtt_ms;		/* the median of some PINGs */
	bool		has_clock;
	double		ahead;		/* seconds that its clock is ahead of ours */
	char const	*info;		/* what INFO answers, for info.h; NULL: not allowed to look */
	size_t		info_len;
	char const	*user;		/* NULL: not allowed to look */
	char const	*appendfsync;	/* as CONFIG GET answers, NULL: not allowed to look */
	char const	*save;
	mpsk_denied_t	*denied;	/* commands that this user may not use */
	size_t		n_denied;
	mpsk_trial_t	tracking;	/* client-side caching, as sync uses it */
	mpsk_trial_t	script;		/* claim.lua, from the server's cache */
} mpsk_checkup_t;

/*
 * Every primary; they belong to ctx. whole: they have every slot of the
 * cluster. AGAIN or BAD where not even their addresses can be learnt.
 */
mpsk_status_t mpsk_store_checkup(mpsk_store_t *store, TALLOC_CTX *ctx, mpsk_checkup_t **servers, size_t *n,
				 bool *whole, mpsk_error_t *err);

/*
 * A field of mpsk:meta, belonging to ctx. MISS where there is none, BAD
 * where mpsk:meta is no hash or may not be read.
 */
mpsk_status_t mpsk_store_meta(mpsk_store_t *store, TALLOC_CTX *ctx, char const *field, char **value,
			      mpsk_error_t *err);

#endif
