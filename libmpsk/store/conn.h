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

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>
#include <hiredis/hiredis.h>

#include "base/deadline.h"
#include "base/status.h"
#include "store/redirect.h"
#include "store/tls.h"
#include "store/uri.h"

typedef struct mpsk_conn mpsk_conn_t;

/* How a server lets us in. */
typedef struct {
	char const		*user;		/* or NULL */
	char const		*password;	/* or NULL */
	int			db;
	mpsk_tls_t const	*tls;		/* NULL: plain */
} mpsk_access_t;

/*
 * Connect, AUTH and SELECT. AGAIN where nobody answers in time, BAD where
 * the password, user or database is refused, and where TLS fails. talloc_free()
 * closes. A host that is a name and no address is looked up by the system's
 * resolver, which heeds no deadline of ours.
 *
 * This and every later call gives up, as at a deadline, once cancel_fd is
 * readable; -1: never.
 */
mpsk_status_t mpsk_conn_open(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_address_t const *address,
			     mpsk_access_t const *access, int cancel_fd, mpsk_deadline_t deadline, mpsk_error_t *err);

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

/* Send what is queued, without waiting for replies. */
mpsk_status_t mpsk_conn_flush(mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_error_t *err);

/*
 * The next reply, sending first what is queued; mpsk_reply_free() it. An
 * error reply is a reply. AGAIN where the deadline passed or the peer hung
 * up, ERR where what came is no Redis protocol or too large.
 */
mpsk_status_t mpsk_conn_reply(mpsk_conn_t *conn, redisReply **reply, mpsk_deadline_t deadline, mpsk_error_t *err);

/* As above for what has come already: MISS, and the connection as good as before, where that is no whole reply. */
mpsk_status_t mpsk_conn_try(mpsk_conn_t *conn, redisReply **reply, mpsk_error_t *err);

/* The status of an error reply, see reply.h; where it tells of a server that is of no use now, so is the connection. */
mpsk_status_t mpsk_conn_check(mpsk_conn_t *conn, redisReply const *reply, mpsk_error_t *err);

/*
 * The next n replies of a pipeline, all read even where one is an error, and
 * then checked: the status of the first that is not OK. The caller frees
 * them, also then; those that did not come are NULL.
 */
mpsk_status_t mpsk_conn_replies(mpsk_conn_t *conn, redisReply **replies, size_t n, mpsk_deadline_t deadline,
				mpsk_error_t *err);

/* Queue, send, read and check one. Where that is not OK, reply is NULL. */
mpsk_status_t mpsk_conn_callf(mpsk_conn_t *conn, redisReply **reply, mpsk_deadline_t deadline, mpsk_error_t *err,
			      char const *format, ...);
mpsk_status_t mpsk_conn_vcallf(mpsk_conn_t *conn, redisReply **reply, mpsk_deadline_t deadline, mpsk_error_t *err,
			       char const *format, va_list ap);
mpsk_status_t mpsk_conn_call(mpsk_conn_t *conn, redisReply **reply, mpsk_deadline_t deadline, mpsk_error_t *err,
			     mpsk_command_t const *command);

/* What the last reply that was checked and was an error tells of where to ask instead. */
mpsk_redirect_t const *mpsk_conn_redirect(mpsk_conn_t const *conn);

/* From here on, or no more: send ASKING before each command, and pass over its reply. Nothing is under way. */
void mpsk_conn_ask(mpsk_conn_t *conn, bool asking);

/* Whether the next command would get its own reply: nothing failed, and every reply has been read. */
bool mpsk_conn_usable(mpsk_conn_t const *conn);

/* Whether the peer has said nothing more, nor hung up: to be asked before a connection that lay idle serves again. */
bool mpsk_conn_quiet(mpsk_conn_t *conn);

/* The socket, for poll(). What mpsk_conn_try() left is not in it: call that until it misses. */
int mpsk_conn_fd(mpsk_conn_t const *conn);

#endif
