/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/conn.h"

#include <stdint.h>
#include <string.h>

#include "base/secret.h"
#include "store/dial.h"
#include "store/reply.h"
#include "store/stream.h"

#define CONN_READ_SIZE	16384
#define CONN_REPLY_MAX	(64u << 20)	/* octets of one reply */
#define CONN_ARRAY_MAX	(1u << 20)	/* elements of one array */
#define CONN_DEPTH_MAX	7		/* arrays in arrays */
#define CONN_ASKING	"*1\r\n$6\r\nASKING\r\n"

/* hiredis 1.0 widened what an array may hold. */
#if HIREDIS_MAJOR >= 1
typedef size_t conn_elements_t;
#else
typedef int conn_elements_t;
#endif

struct mpsk_conn {
	mpsk_stream_t			*stream;
	int				cancel_fd;
	bool				failed;
	bool				too_large;
	bool				asking;
	bool				asked;		/* the reply to ASKING has been passed over */
	mpsk_redirect_t			redirect;
	size_t				owed;		/* replies still to come */
	size_t				reply_octets;	/* read of the reply that is not whole yet */
	char				*name;
	redisReader			*reader;
	redisReplyObjectFunctions	functions;
	redisReplyObjectFunctions	plain;		/* hiredis's own */
	char				*out;
	size_t				out_len;
	size_t				out_sent;
	size_t				out_size;
	char				in[CONN_READ_SIZE];
};

/*
 * --- Life ---
 */
static int conn_close(mpsk_conn_t *conn)
{
	if (conn->reader) {
		redisReply *partial = redisReaderGetObject(conn->reader);

		/* The reader's own free would leave what it read in memory. */
		if (conn->reader->buf) mpsk_secret_wipe(conn->reader->buf, sdsalloc(conn->reader->buf));
		conn->reader->reply = NULL;
		mpsk_reply_free(&partial);
		redisReaderFree(conn->reader);
	}
	if (conn->out) mpsk_secret_wipe(conn->out, conn->out_size);
	mpsk_secret_wipe(conn->in, sizeof(conn->in));
	return 0;
}

/*
 * hiredis allocates whatever size an array announces, and hiredis 1.x nests
 * without end: both would let one short line exhaust our memory or stack.
 */
static void *conn_create_array(redisReadTask const *task, conn_elements_t elements)
{
	mpsk_conn_t *conn = task->privdata;
	int depth = 0;

	for (redisReadTask const *t = task->parent; t; t = t->parent) depth++;
	if ((size_t) elements > CONN_ARRAY_MAX || depth >= CONN_DEPTH_MAX) {
		conn->too_large = true;
		return NULL;
	}
	return conn->plain.createArray(task, elements);
}

static mpsk_status_t conn_create_reader(mpsk_conn_t *conn)
{
	conn->reader = redisReaderCreate();
	if (!conn->reader) return MPSK_ERR;
	conn->plain = *conn->reader->fn;
	conn->functions = conn->plain;
	conn->functions.createArray = conn_create_array;
	conn->reader->fn = &conn->functions;
	conn->reader->privdata = conn;
	return MPSK_OK;
}

/* A user, password or database that is refused stays refused. */
static mpsk_status_t conn_enter(mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_error_t *err, char const *what,
				mpsk_status_t queued)
{
	redisReply *reply = NULL;
	mpsk_error_t why;
	mpsk_status_t status = queued;

	if (status == MPSK_OK) status = mpsk_conn_reply(conn, &reply, deadline, err);
	if (status != MPSK_OK) return status;
	status = mpsk_conn_check(conn, reply, &why);
	mpsk_reply_free(&reply);
	if (status == MPSK_OK) return MPSK_OK;
	return mpsk_error_set(err, status == MPSK_AGAIN ? MPSK_AGAIN : MPSK_BAD, "%s: %s refused: %s", conn->name, what,
			      why.text);
}

static mpsk_status_t conn_hello(mpsk_conn_t *conn, mpsk_access_t const *access, mpsk_deadline_t deadline,
				mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	if (access->password && access->user) {
		status = conn_enter(conn, deadline, err, "user and password",
				    mpsk_conn_appendf(conn, "AUTH %s %s", access->user, access->password));
	} else if (access->password) {
		status = conn_enter(conn, deadline, err, "password",
				    mpsk_conn_appendf(conn, "AUTH %s", access->password));
	}
	if (status == MPSK_OK && access->db) {
		status = conn_enter(conn, deadline, err, "database", mpsk_conn_appendf(conn, "SELECT %d", access->db));
	}
	/* Only the first answer tells whether a server with TLS takes our certificate. */
	if (status == MPSK_OK && access->tls && !access->password && !access->db) {
		status = conn_enter(conn, deadline, err, "PING", mpsk_conn_appendf(conn, "PING"));
	}
	return status;
}

mpsk_status_t mpsk_conn_open(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_address_t const *address,
			     mpsk_access_t const *access, int cancel_fd, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	mpsk_conn_t *c = talloc_zero(ctx, mpsk_conn_t);
	mpsk_status_t status = MPSK_ERR;

	*conn = NULL;
	if (!c) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	c->cancel_fd = cancel_fd;
	talloc_set_destructor(c, conn_close);
	c->name = talloc_strdup(c, address->name);
	if (!c->name || conn_create_reader(c) != MPSK_OK) {
		mpsk_error_set(err, MPSK_ERR, "out of memory");
		goto fail;
	}
	status = mpsk_stream_open(c, &c->stream, address, access->tls, cancel_fd, deadline, err);
	if (status == MPSK_OK) status = conn_hello(c, access, deadline, err);
	if (status != MPSK_OK) goto fail;
	*conn = c;
	return MPSK_OK;

fail:
	talloc_free(c);
	return status;
}

/*
 * --- Sending ---
 */
static mpsk_status_t conn_failed(mpsk_conn_t *conn, mpsk_status_t status, mpsk_error_t *err, char const *why)
{
	conn->failed = true;
	return mpsk_error_set(err, status, "%s: %s", conn->name, why);
}

/* Until what the last read or write missed is there. */
static mpsk_status_t conn_wait(mpsk_conn_t const *conn, mpsk_deadline_t deadline)
{
	return mpsk_dial_wait(mpsk_stream_fd(conn->stream), mpsk_stream_events(conn->stream), conn->cancel_fd,
			      deadline);
}

/* Not talloc_realloc(): where it moves, what it leaves behind may hold a password. */
static bool conn_reserve(mpsk_conn_t *conn, size_t more)
{
	size_t size = conn->out_size ? conn->out_size : 256;
	char *out;

	while (size - conn->out_len < more) size *= 2;
	if (size == conn->out_size) return true;
	out = talloc_size(conn, size);
	if (!out) return false;
	if (conn->out) {
		memcpy(out, conn->out, conn->out_len);
		mpsk_secret_wipe(conn->out, conn->out_size);
		talloc_free(conn->out);
	}
	conn->out = out;
	conn->out_size = size;
	return true;
}

static bool conn_put(mpsk_conn_t *conn, char const *text, size_t len)
{
	if (!conn_reserve(conn, len)) return false;
	memcpy(conn->out + conn->out_len, text, len);
	conn->out_len += len;
	conn->owed++;
	return true;
}

/* Take over what hiredis formatted; len is its result. */
static mpsk_status_t conn_queue(mpsk_conn_t *conn, char *text, int len)
{
	bool room;

	if (len < 0) return MPSK_ERR;
	room = !conn->asking || conn_put(conn, CONN_ASKING, strlen(CONN_ASKING));
	room = room && conn_put(conn, text, (size_t) len);
	mpsk_secret_wipe(text, (size_t) len);
	redisFreeCommand(text);
	return room ? MPSK_OK : MPSK_ERR;
}

static mpsk_status_t conn_appendv(mpsk_conn_t *conn, char const *format, va_list ap)
{
	char *text = NULL;
	int len = redisvFormatCommand(&text, format, ap);

	return conn_queue(conn, text, len);
}

mpsk_status_t mpsk_conn_appendf(mpsk_conn_t *conn, char const *format, ...)
{
	mpsk_status_t status;
	va_list ap;

	va_start(ap, format);
	status = conn_appendv(conn, format, ap);
	va_end(ap);
	return status;
}

mpsk_status_t mpsk_conn_append(mpsk_conn_t *conn, mpsk_command_t const *command)
{
	char *text = NULL;
	int len = (int) redisFormatCommandArgv(&text, (int) command->argc, command->argv, command->argvlen);

	return conn_queue(conn, text, len);
}

mpsk_status_t mpsk_conn_flush(mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	if (conn->failed) return conn_failed(conn, MPSK_AGAIN, err, "this connection failed before");
	while (conn->out_sent < conn->out_len) {
		mpsk_error_t why;
		size_t n = 0;
		mpsk_status_t status = mpsk_stream_write(conn->stream, conn->out + conn->out_sent,
							 conn->out_len - conn->out_sent, &n, &why);

		if (status == MPSK_OK) {
			conn->out_sent += n;
		} else if (status != MPSK_MISS) {
			return conn_failed(conn, status, err, why.text);
		} else if (conn_wait(conn, deadline) != MPSK_OK) {
			return conn_failed(conn, MPSK_AGAIN, err, "takes no command in time");
		}
	}
	if (conn->out_len) mpsk_secret_wipe(conn->out, conn->out_len);
	conn->out_len = conn->out_sent = 0;
	return MPSK_OK;
}

/*
 * --- Receiving ---
 */

/* A reply that is whole already. MISS where there is none. */
static mpsk_status_t conn_take(mpsk_conn_t *conn, redisReply **reply, mpsk_error_t *err)
{
	void *object = NULL;

	if (redisReaderGetReply(conn->reader, &object) != REDIS_OK) {
		return conn_failed(conn, MPSK_ERR, err,
				   conn->too_large ? "a reply is too large" :
				   "what came is no Redis protocol: does it want TLS, rediss://?");
	}
	if (!object) return MPSK_MISS;
	conn->reply_octets = 0;
	if (conn->owed) conn->owed--;
	*reply = object;
	if (conn->asking && !conn->asked) {
		conn->asked = true;
		mpsk_reply_free(reply);
		return conn_take(conn, reply, err);
	}
	conn->asked = false;
	return MPSK_OK;
}

/* Hand what is in the socket to the parser. MISS where there is nothing. */
static mpsk_status_t conn_fill(mpsk_conn_t *conn, mpsk_error_t *err)
{
	mpsk_error_t why;
	size_t n;
	mpsk_status_t status = mpsk_stream_read(conn->stream, conn->in, sizeof(conn->in), &n, &why);

	if (status == MPSK_MISS) return MPSK_MISS;
	if (status != MPSK_OK) return conn_failed(conn, status, err, why.text);
	conn->reply_octets += n;
	if (conn->reply_octets > CONN_REPLY_MAX) return conn_failed(conn, MPSK_ERR, err, "a reply is too large");
	if (redisReaderFeed(conn->reader, conn->in, n) != REDIS_OK) {
		return conn_failed(conn, MPSK_ERR, err, "out of memory");
	}
	return MPSK_OK;
}

mpsk_status_t mpsk_conn_reply(mpsk_conn_t *conn, redisReply **reply, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	mpsk_status_t status = mpsk_conn_flush(conn, deadline, err);

	*reply = NULL;
	while (status == MPSK_OK) {
		status = conn_take(conn, reply, err);
		if (status != MPSK_MISS) return status;
		status = conn_fill(conn, err);
		if (status != MPSK_MISS) continue;
		if (conn_wait(conn, deadline) != MPSK_OK) {
			return conn_failed(conn, MPSK_AGAIN, err, "no answer in time");
		}
		status = MPSK_OK;
	}
	return status;
}

mpsk_status_t mpsk_conn_try(mpsk_conn_t *conn, redisReply **reply, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	*reply = NULL;
	if (conn->failed) return conn_failed(conn, MPSK_AGAIN, err, "this connection failed before");
	while (status == MPSK_OK) {
		status = conn_take(conn, reply, err);
		if (status != MPSK_MISS) return status;
		status = conn_fill(conn, err);
	}
	return status;
}

/*
 * --- Whole exchanges ---
 */
mpsk_status_t mpsk_conn_check(mpsk_conn_t *conn, redisReply const *reply, mpsk_error_t *err)
{
	bool drop;
	mpsk_status_t status = mpsk_reply_error(reply, &drop, err);

	if (status != MPSK_OK) mpsk_redirect_read(&conn->redirect, reply);
	if (drop) conn->failed = true;
	return status;
}

mpsk_redirect_t const *mpsk_conn_redirect(mpsk_conn_t const *conn)
{
	return &conn->redirect;
}

void mpsk_conn_ask(mpsk_conn_t *conn, bool asking)
{
	conn->asking = asking;
	conn->asked = false;
	conn->redirect.kind = MPSK_REDIRECT_NONE;
}

mpsk_status_t mpsk_conn_replies(mpsk_conn_t *conn, redisReply **replies, size_t n, mpsk_deadline_t deadline,
				mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; i < n; i++) replies[i] = NULL;
	for (size_t i = 0; i < n && status == MPSK_OK; i++) status = mpsk_conn_reply(conn, &replies[i], deadline, err);
	for (size_t i = 0; i < n && status == MPSK_OK; i++) status = mpsk_conn_check(conn, replies[i], err);
	return status;
}

static mpsk_status_t conn_exchange(mpsk_conn_t *conn, mpsk_status_t queued, redisReply **reply,
				   mpsk_deadline_t deadline, mpsk_error_t *err)
{
	mpsk_status_t status;

	*reply = NULL;
	if (queued != MPSK_OK) return mpsk_error_set(err, queued, "out of memory");
	status = mpsk_conn_reply(conn, reply, deadline, err);
	if (status == MPSK_OK) status = mpsk_conn_check(conn, *reply, err);
	if (status != MPSK_OK) mpsk_reply_free(reply);
	return status;
}

mpsk_status_t mpsk_conn_vcallf(mpsk_conn_t *conn, redisReply **reply, mpsk_deadline_t deadline, mpsk_error_t *err,
			       char const *format, va_list ap)
{
	return conn_exchange(conn, conn_appendv(conn, format, ap), reply, deadline, err);
}

mpsk_status_t mpsk_conn_callf(mpsk_conn_t *conn, redisReply **reply, mpsk_deadline_t deadline, mpsk_error_t *err,
			      char const *format, ...)
{
	mpsk_status_t status;
	va_list ap;

	va_start(ap, format);
	status = mpsk_conn_vcallf(conn, reply, deadline, err, format, ap);
	va_end(ap);
	return status;
}

mpsk_status_t mpsk_conn_call(mpsk_conn_t *conn, redisReply **reply, mpsk_deadline_t deadline, mpsk_error_t *err,
			     mpsk_command_t const *command)
{
	return conn_exchange(conn, mpsk_conn_append(conn, command), reply, deadline, err);
}

bool mpsk_conn_usable(mpsk_conn_t const *conn)
{
	return !conn->failed && conn->owed == 0 && conn->out_len == 0;
}

bool mpsk_conn_quiet(mpsk_conn_t *conn)
{
	return mpsk_stream_quiet(conn->stream);
}

int mpsk_conn_fd(mpsk_conn_t const *conn)
{
	return mpsk_stream_fd(conn->stream);
}
