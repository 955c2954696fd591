/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One connection to Redis: hiredis formats and parses, the socket is ours,
 * non-blocking, with one deadline for a whole exchange however it drips.
 *
 * After any failure but an error reply the connection is of no further use:
 * free it, for the reply of a command that was given up would be taken for
 * that of the next. Not thread-safe.
 */
#ifndef MPSK_STORE_CONN_H
#define MPSK_STORE_CONN_H

#include <stddef.h>
#include <talloc.h>
#include <hiredis/hiredis.h>

#include "base/deadline.h"
#include "base/status.h"
#include "store/uri.h"

typedef struct mpsk_conn mpsk_conn_t;

/*
 * Connect, AUTH and SELECT as the URI says. AGAIN where nobody answers in
 * time, BAD where the password, user or database is refused. talloc_free()
 * closes.
 */
mpsk_status_t mpsk_conn_open(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_uri_t const *uri, mpsk_deadline_t deadline,
			     mpsk_error_t *err);

/* One command as an argument vector: the arguments' lengths count, so octets of any value may stand in them. */
typedef struct {
	size_t		argc;
	char const	**argv;
	size_t const	*argvlen;
} mpsk_command_t;

/* Queue a command; nothing is sent before the next flush or read. ERR where memory is out. */
mpsk_status_t mpsk_conn_append(mpsk_conn_t *conn, mpsk_command_t const *command);

/* As printf: a constant format with hiredis's %s and %b only. */
mpsk_status_t mpsk_conn_appendf(mpsk_conn_t *conn, char const *format, ...);

/*
 * The next reply, sending first what is queued; freeReplyObject() it. An
 * error reply is a reply. AGAIN where the deadline passed or the peer hung
 * up, ERR where what came is no Redis protocol.
 */
mpsk_status_t mpsk_conn_reply(mpsk_conn_t *conn, redisReply **reply, mpsk_deadline_t deadline, mpsk_error_t *err);

/* Queue, send and read one. An error reply becomes a status: see reply.h. */
mpsk_status_t mpsk_conn_callf(mpsk_conn_t *conn, redisReply **reply, mpsk_deadline_t deadline, mpsk_error_t *err,
			      char const *format, ...);
mpsk_status_t mpsk_conn_call(mpsk_conn_t *conn, redisReply **reply, mpsk_deadline_t deadline, mpsk_error_t *err,
			     mpsk_command_t const *command);

/* The socket, for poll(); and whether a reply is already buffered. */
int mpsk_conn_fd(mpsk_conn_t const *conn);

#endif
