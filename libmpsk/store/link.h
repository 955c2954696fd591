/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two connections of sync: DATA reads keys, SUB is told which of them
 * changed (client-side caching, broadcast mode, redirected from DATA to SUB,
 * which RESP2 can do).
 */
#ifndef MPSK_STORE_LINK_H
#define MPSK_STORE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "store/conn.h"
#include "store/endpoint.h"

#define MPSK_RUN_ID_LEN 40

typedef struct {
	mpsk_conn_t	*data;
	mpsk_conn_t	*sub;		/* NULL: this server tells nobody, and untracked says why */
	mpsk_error_t	untracked;
	int64_t		sub_id;
	int64_t		pinged_at;	/* the first PING since SUB last spoke, or 0 */
	int64_t		check_at;	/* when to ask next */
	int64_t		info_at;
	bool		has_info;	/* TRACKINGINFO may be asked for */
	char		run_id[MPSK_RUN_ID_LEN + 1];	/* of the server process; "" where it does not say */
} mpsk_link_t;

/*
 * Connect both to a node that is a primary and begin to be told. On failure nothing stays
 * open. Calls give up once cancel_fd is readable.
 */
mpsk_status_t mpsk_link_open(mpsk_link_t *link, mpsk_endpoint_t *endpoint, unsigned node, int cancel_fd,
			     mpsk_error_t *err);

void mpsk_link_close(mpsk_link_t *link);

/* A Redis key changed, by its name; NULL: all did. False where memory is out. */
typedef bool (*mpsk_link_changed_t)(void *uctx, char const *name, size_t len);

/* Take what SUB has been told, without waiting. */
mpsk_status_t mpsk_link_drain(mpsk_link_t *link, mpsk_link_changed_t changed, void *uctx, mpsk_error_t *err);

/*
 * Once a second see whether both connections live, the server is still a
 * primary, and it still tells us; in between do nothing. To be called after
 * a drain. AGAIN where the link is of no more use.
 */
mpsk_status_t mpsk_link_check(mpsk_link_t *link, mpsk_error_t *err);

#endif
