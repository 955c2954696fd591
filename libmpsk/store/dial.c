/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/dial.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG_PAUSE_MS 5

mpsk_status_t mpsk_dial_wait(int fd, short events, int cancel_fd, mpsk_deadline_t deadline)
{
	struct pollfd fds[] = { { .fd = fd, .events = events }, { .fd = cancel_fd, .events = POLLIN } };

	for (;;) {
		int n = poll(fds, 2, mpsk_deadline_left(deadline));

		if (n < 0 && errno == EINTR) continue;
		if (n <= 0 || fds[1].revents) return MPSK_AGAIN;
		return MPSK_OK;
	}
}

static mpsk_status_t dial_failed(mpsk_address_t const *address, char const *why, mpsk_error_t *err)
{
	return mpsk_error_set(err, MPSK_AGAIN, "cannot connect to %s: %s", address->name, why);
}

/* strerror() shares one buffer among threads. */
static mpsk_status_t dial_failed_errno(mpsk_address_t const *address, int error, mpsk_error_t *err)
{
	char text[128];

	return dial_failed(address, strerror_r(error, text, sizeof(text)), err);
}

/* A connect() that is under way: wait for its end. */
static int dial_finish(int fd, int cancel_fd, mpsk_deadline_t deadline)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (mpsk_dial_wait(fd, POLLOUT, cancel_fd, deadline) != MPSK_OK) return ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0) return errno;
	return error;
}

/* Returns 0 or an errno. */
static int dial_connect(int fd, struct sockaddr const *address, socklen_t len, int cancel_fd, mpsk_deadline_t deadline)
{
	struct pollfd cancel = { .fd = cancel_fd, .events = POLLIN };

	while (connect(fd, address, len) < 0) {
		if (errno == EINPROGRESS || errno == EINTR) return dial_finish(fd, cancel_fd, deadline);
		if (errno != EAGAIN) return errno;
		/* A unix socket whose backlog is full: no poll() tells when there is room again. */
		if (poll(&cancel, 1, BACKLOG_PAUSE_MS) > 0 || mpsk_deadline_passed(deadline)) return ETIMEDOUT;
	}
	return 0;
}

/* Socket and connection to one address. Returns 0 or an errno. */
static int dial_one(int *fd, struct sockaddr const *address, socklen_t len, int cancel_fd, mpsk_deadline_t deadline)
{
	int s = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;
	int error;

	if (s < 0) return errno;
	error = dial_connect(s, address, len, cancel_fd, deadline);
	if (error) {
		close(s);
		return error;
	}
	/* Small commands that wait for each other's replies; a socket that refuses is only slower. */
	if (address->sa_family != AF_UNIX) (void) setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	*fd = s;
	return 0;
}

static mpsk_status_t dial_unix(int *fd, mpsk_address_t const *address, int cancel_fd, mpsk_deadline_t deadline,
			       mpsk_error_t *err)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	size_t len = strlen(address->path);
	int error;

	if (len >= sizeof(un.sun_path)) return mpsk_error_set(err, MPSK_BAD, "the socket's path is too long");
	memcpy(un.sun_path, address->path, len + 1);
	error = dial_one(fd, (struct sockaddr const *) &un, sizeof(un), cancel_fd, deadline);
	return error ? dial_failed_errno(address, error, err) : MPSK_OK;
}

/* An address written in figures asks no resolver, which could keep us past any deadline. */
static int dial_resolve(struct addrinfo **list, mpsk_address_t const *address)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	char port[8];

	snprintf(port, sizeof(port), "%u", address->port);
	if (getaddrinfo(address->host, port, &hints, list) == 0) return 0;
	hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
	return getaddrinfo(address->host, port, &hints, list);
}

static mpsk_deadline_t dial_share(struct addrinfo const *first, mpsk_deadline_t deadline)
{
	int n = 0;

	for (struct addrinfo const *a = first; a; a = a->ai_next) n++;
	return mpsk_deadline_in(mpsk_deadline_left(deadline) / n);
}

static mpsk_status_t dial_tcp(int *fd, mpsk_address_t const *address, int cancel_fd, mpsk_deadline_t deadline,
			      mpsk_error_t *err)
{
	struct addrinfo *list = NULL;
	int error = dial_resolve(&list, address);

	if (error) return dial_failed(address, gai_strerror(error), err);
	error = ETIMEDOUT;
	for (struct addrinfo *a = list; a && error; a = a->ai_next) {
		error = dial_one(fd, a->ai_addr, a->ai_addrlen, cancel_fd, dial_share(a, deadline));
	}
	freeaddrinfo(list);
	return error ? dial_failed_errno(address, error, err) : MPSK_OK;
}

mpsk_status_t mpsk_dial(int *fd, mpsk_address_t const *address, int cancel_fd, mpsk_deadline_t deadline,
			mpsk_error_t *err)
{
	return (address->path ? dial_unix : dial_tcp)(fd, address, cancel_fd, deadline, err);
}
