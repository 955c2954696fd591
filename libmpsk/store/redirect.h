/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a server says that somebody else, or nobody yet, has what is asked
 * for: the error replies after which a command may be sent once more.
 */
#ifndef MPSK_STORE_REDIRECT_H
#define MPSK_STORE_REDIRECT_H

#include <stdbool.h>
#include <stdint.h>
#include <hiredis/hiredis.h>

#define MPSK_REDIRECT_HOST_MAX 254

typedef enum {
	MPSK_REDIRECT_NONE = 0,
	MPSK_REDIRECT_MOVED,	/* another node has the slot for good */
	MPSK_REDIRECT_ASK,	/* another node has this key already, and will have the slot */
	MPSK_REDIRECT_TRYAGAIN,	/* of a command's keys, some have been moved and some not */
	MPSK_REDIRECT_REPLICA	/* the server is no primary (any more) */
} mpsk_redirect_kind_t;

typedef struct {
	mpsk_redirect_kind_t	kind;
	unsigned		slot;
	char			host[MPSK_REDIRECT_HOST_MAX];	/* "": the host that was asked */
	uint16_t		port;
} mpsk_redirect_t;

/* Read any reply; NONE where it is none of these, also where it is malformed. */
void mpsk_redirect_read(mpsk_redirect_t *redirect, redisReply const *reply);

#endif
