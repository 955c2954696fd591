/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many commands at a time, each about one Redis key: to each node those that
 * are its, all sent before the first reply is read.
 */
#ifndef MPSK_STORE_PIPELINE_H
#define MPSK_STORE_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <hiredis/hiredis.h>

#include "base/status.h"
#include "store/pool.h"
#include "store/script.h"

typedef struct {
	char const		*rkey;		/* that it goes by; NUL-terminated */
	mpsk_script_t const	*script;	/* NULL; or the first MPSK_SCRIPT_HEAD arguments are left free for it */
	size_t			argc;
	char const		**argv;
	size_t			*argvlen;
	/* What came of it: no reply unless OK; AGAIN also where it was not sent. */
	mpsk_status_t		status;
	bool			moving;		/* AGAIN for a cluster is moving its keys: no server is away */
	redisReply		*reply;
	unsigned		node;		/* the pipeline's own */
} mpsk_piped_t;

/*
 * Run commands, in no order. One that is sent elsewhere, or whose script a
 * server does not know, is sent once more by itself; TRYAGAIN is AGAIN at
 * once. The caller frees the replies. AGAIN where any is and not moving, with
 * err saying why; else OK.
 */
mpsk_status_t mpsk_pipeline_run(mpsk_pool_t *pool, mpsk_piped_t *commands, size_t n, mpsk_error_t *err);

/* Free the replies of n commands. */
void mpsk_pipeline_free(mpsk_piped_t *commands, size_t n);

#endif
