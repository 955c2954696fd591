/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync's links to all primaries: one, or those of a cluster, which come and
 * go. Not thread-safe.
 */
#ifndef MPSK_STORE_LINKS_H
#define MPSK_STORE_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"
#include "store/endpoint.h"
#include "store/link.h"

typedef struct {
	unsigned	node;
	bool		open;
	bool		is_owner;	/* it has slots */
	int64_t		named_at;	/* when a node sent us here last, or 0 */
	char		run_id[MPSK_RUN_ID_LEN + 1];	/* of the server that was there last; "" before the first */
	mpsk_link_t	link;
} mpsk_member_t;

typedef struct {
	mpsk_endpoint_t	*endpoint;
	bool		whole;		/* every slot has an owner among the members */
	bool		stale;		/* there is somebody who is no member yet: refresh */
	bool		replaced;	/* a server took the place of another one, for the caller to clear */
	unsigned	n;
	mpsk_member_t	*members;	/* room for MPSK_NODES_MAX */
	mpsk_member_t	*last;		/* whom the last call was about, also one that failed */
} mpsk_links_t;

/* No members yet. NULL where memory is out. */
mpsk_links_t *mpsk_links_create(TALLOC_CTX *ctx, mpsk_endpoint_t *endpoint);

/*
 * Ask who the primaries are, and open what is not open. *changed: there is a
 * link that was not there before, or one is gone, so that all has to be read
 * again. Where not all could be opened, the status and text of the last that
 * could not; the others are open.
 */
mpsk_status_t mpsk_links_refresh(mpsk_links_t *links, int cancel_fd, bool *changed, mpsk_error_t *err);

/* Close one; it stays a member. */
void mpsk_links_close(mpsk_member_t *member);

/* Whether every key can be asked for. */
bool mpsk_links_complete(mpsk_links_t const *links);

/* Whether any key can. */
bool mpsk_links_any(mpsk_links_t const *links);

/* The member that has a Redis key; NULL where it cannot be asked now. */
mpsk_member_t *mpsk_links_find(mpsk_links_t *links, char const *name, size_t len);

/*
 * A member answered with a redirect. Whom to ask at once, with ASKING; NULL:
 * find whom anew, now or later.
 */
mpsk_member_t *mpsk_links_follow(mpsk_links_t *links, mpsk_member_t const *member, redisReply const *reply);

#endif
