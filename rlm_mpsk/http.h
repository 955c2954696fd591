/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small HTTP server for one page: GET /metrics. One thread, a few
 * connections, each of them for seconds at most: whatever comes there, no
 * RADIUS request waits for it.
 */
#ifndef RLM_MPSK_HTTP_H
#define RLM_MPSK_HTTP_H

#include <talloc.h>

#include "base/status.h"

typedef struct rlm_mpsk_http rlm_mpsk_http_t;

/* The page, of ctx; NULL where it cannot be made now. On the server's thread. */
typedef char *(*rlm_mpsk_http_page_t)(void *uctx, TALLOC_CTX *ctx);

#ifdef HAVE_MICROHTTPD

/* Whether listen is an address and a port: "127.0.0.1:9812", "[::1]:9812"; or a port, on loopback. BAD where not. */
mpsk_status_t rlm_mpsk_http_check(char const *listen, mpsk_error_t *err);

/* Listen, and start the thread. ERR, with a text, where the address cannot be had. */
mpsk_status_t rlm_mpsk_http_start(rlm_mpsk_http_t **http, char const *listen, rlm_mpsk_http_page_t page, void *uctx,
				  mpsk_error_t *err);

/* End it; *http may be NULL, and will be. */
void rlm_mpsk_http_stop(rlm_mpsk_http_t **http);

#else

static inline mpsk_status_t rlm_mpsk_http_check(char const *listen, mpsk_error_t *err)
{
	(void) listen;
	return mpsk_error_set(err, MPSK_BAD, "this module was built without libmicrohttpd: leave the option out, "
			      "or install libmicrohttpd's development files and build it again");
}

static inline mpsk_status_t rlm_mpsk_http_start(rlm_mpsk_http_t **http, char const *listen, rlm_mpsk_http_page_t page,
						void *uctx, mpsk_error_t *err)
{
	(void) page;
	(void) uctx;
	*http = NULL;
	return rlm_mpsk_http_check(listen, err);
}

static inline void rlm_mpsk_http_stop(rlm_mpsk_http_t **http)
{
	*http = NULL;
}

#endif

#endif
