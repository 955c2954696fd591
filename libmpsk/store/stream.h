/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stream of octets to and from one server: a socket, plain or with TLS.
 * Never blocks but while it is opened, and then at most for its deadline.
 */
#ifndef MPSK_STORE_STREAM_H
#define MPSK_STORE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <talloc.h>

#include "base/deadline.h"
#include "base/status.h"
#include "store/tls.h"
#include "store/uri.h"

typedef struct mpsk_stream mpsk_stream_t;

/*
 * Connect, and shake hands where tls is not NULL. AGAIN where nobody answers
 * in time or the connection was lost, BAD where the two do not accept each
 * other; the text names the server. talloc_free() closes.
 */
mpsk_status_t mpsk_stream_open(TALLOC_CTX *ctx, mpsk_stream_t **stream, mpsk_address_t const *address,
			       mpsk_tls_t const *tls, int cancel_fd, mpsk_deadline_t deadline, mpsk_error_t *err);

/*
 * Read or write some. OK: *n octets were. MISS: nothing can be now; wait for
 * mpsk_stream_events(). AGAIN: the stream has ended, and the text says how;
 * BAD: the server would not have us (in TLS 1.3 it says so at the first read).
 */
mpsk_status_t mpsk_stream_read(mpsk_stream_t *stream, void *buf, size_t size, size_t *n, mpsk_error_t *why);
mpsk_status_t mpsk_stream_write(mpsk_stream_t *stream, void const *buf, size_t size, size_t *n, mpsk_error_t *why);

/* The socket, and after a MISS the events to poll it for. */
int mpsk_stream_fd(mpsk_stream_t const *stream);
short mpsk_stream_events(mpsk_stream_t const *stream);

/* Whether the peer has said nothing, nor hung up. */
bool mpsk_stream_quiet(mpsk_stream_t *stream);

#endif
