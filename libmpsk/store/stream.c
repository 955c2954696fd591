/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/stream.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <openssl/err.h>

#include "store/dial.h"

struct mpsk_stream {
	int	fd;
	SSL	*ssl;		/* NULL: plain */
	short	events;
	bool	spoken;		/* the peer has, since the handshake */
};

static int stream_close(mpsk_stream_t *stream)
{
	SSL_free(stream->ssl);
	if (stream->fd >= 0) close(stream->fd);
	return 0;
}

static mpsk_status_t stream_lost(mpsk_error_t *why)
{
	return mpsk_error_set(why, MPSK_AGAIN, "the connection is lost");
}

/*
 * What a call on the TLS stream came to that returned result, not above 0.
 * Its queue of errors has to be empty before each call, or an old error is
 * taken for a new one.
 */
static mpsk_status_t stream_tls(mpsk_stream_t *stream, int result, mpsk_error_t *why)
{
	switch (SSL_get_error(stream->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		stream->events = POLLIN;
		return MPSK_MISS;

	case SSL_ERROR_WANT_WRITE:
		stream->events = POLLOUT;
		return MPSK_MISS;

	case SSL_ERROR_SSL:
		mpsk_tls_why(stream->ssl, why);
		/* Where nothing was said yet, another attempt would end as this one. */
		return stream->spoken ? MPSK_AGAIN : MPSK_BAD;

	default:
		ERR_clear_error();
		if (stream->spoken) return stream_lost(why);
		mpsk_tls_why(stream->ssl, why);
		return MPSK_AGAIN;
	}
}

/*
 * --- Opening ---
 */
static mpsk_status_t stream_handshake(mpsk_stream_t *stream, int cancel_fd, mpsk_deadline_t deadline,
				      mpsk_error_t *why)
{
	for (;;) {
		mpsk_status_t status;
		int result;

		ERR_clear_error();
		result = SSL_do_handshake(stream->ssl);
		if (result == 1) return MPSK_OK;
		status = stream_tls(stream, result, why);
		if (status != MPSK_MISS) return status;
		if (mpsk_dial_wait(stream->fd, stream->events, cancel_fd, deadline) != MPSK_OK) {
			return mpsk_error_set(why, MPSK_AGAIN,
					      "no TLS handshake in time: is it the server's TLS port?");
		}
	}
}

mpsk_status_t mpsk_stream_open(TALLOC_CTX *ctx, mpsk_stream_t **stream, mpsk_address_t const *address,
			       mpsk_tls_t const *tls, int cancel_fd, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	mpsk_stream_t *s = talloc_zero(ctx, mpsk_stream_t);
	mpsk_error_t why;
	mpsk_status_t status;

	*stream = NULL;
	if (!s) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	s->fd = -1;
	talloc_set_destructor(s, stream_close);
	status = mpsk_dial(&s->fd, address, cancel_fd, deadline, err);
	if (status == MPSK_OK && tls) {
		s->ssl = mpsk_tls_attach(tls, s->fd, address->host);
		status = s->ssl ? stream_handshake(s, cancel_fd, deadline, &why) :
				  mpsk_error_set(&why, MPSK_ERR, "out of memory");
		if (status != MPSK_OK) mpsk_error_set(err, status, "%s: %s", address->name, why.text);
	}
	if (status != MPSK_OK) {
		talloc_free(s);
		return status;
	}
	*stream = s;
	return MPSK_OK;
}

/*
 * --- Use ---
 */

mpsk_status_t mpsk_stream_read(mpsk_stream_t *stream, void *buf, size_t size, size_t *n, mpsk_error_t *why)
{
	ssize_t got;

	stream->events = POLLIN;
	if (stream->ssl) {
		ERR_clear_error();
		if (SSL_read_ex(stream->ssl, buf, size, n) != 1) return stream_tls(stream, 0, why);
		stream->spoken = true;
		return MPSK_OK;
	}
	got = recv(stream->fd, buf, size, 0);
	*n = got > 0 ? (size_t) got : 0;
	if (got > 0) return MPSK_OK;
	if (got == 0) return mpsk_error_set(why, MPSK_AGAIN, "Redis closed the connection");
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? MPSK_MISS : stream_lost(why);
}

mpsk_status_t mpsk_stream_write(mpsk_stream_t *stream, void const *buf, size_t size, size_t *n, mpsk_error_t *why)
{
	ssize_t put;

	stream->events = POLLOUT;
	if (stream->ssl) {
		ERR_clear_error();
		return SSL_write_ex(stream->ssl, buf, size, n) == 1 ? MPSK_OK : stream_tls(stream, 0, why);
	}
	put = send(stream->fd, buf, size, MSG_NOSIGNAL);
	*n = put > 0 ? (size_t) put : 0;
	if (put >= 0) return MPSK_OK;
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? MPSK_MISS : stream_lost(why);
}

int mpsk_stream_fd(mpsk_stream_t const *stream)
{
	return stream->fd;
}

short mpsk_stream_events(mpsk_stream_t const *stream)
{
	return stream->events;
}

bool mpsk_stream_quiet(mpsk_stream_t *stream)
{
	struct pollfd fd = { .fd = stream->fd, .events = POLLIN };
	mpsk_error_t why;
	char octet;
	size_t n;

	if (stream->ssl && SSL_has_pending(stream->ssl)) return false;
	if (poll(&fd, 1, 0) == 0) return true;
	if (!stream->ssl) return false;
	/* A session ticket or a change of keys is not for us. */
	ERR_clear_error();
	return SSL_peek_ex(stream->ssl, &octet, 1, &n) != 1 && stream_tls(stream, 0, &why) == MPSK_MISS;
}
