/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/exchange.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"

#define DEFAULT_PORT	"1812"
#define HOST_MAX	256
#define BUFFER_OCTETS	(1 << 20)	/* a burst of replies must not be lost here */

int64_t exchange_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Part host and port; an IPv6 address with a port stands in brackets, as its own colons are many. */
static bool host_port_split(char host[static HOST_MAX], char const **port, char const *text)
{
	char const *end, *start = text, *rest;

	if (text[0] == '[') {
		start = text + 1;
		end = strchr(start, ']');
		if (!end) return false;
		rest = end + 1;
	} else {
		end = strchr(text, ':');
		if (!end || strchr(end + 1, ':')) end = text + strlen(text);
		rest = end;
	}
	if (end == start || end - start >= HOST_MAX) return false;
	if (*rest && (*rest != ':' || !rest[1])) return false;

	memcpy(host, start, (size_t) (end - start));
	host[end - start] = '\0';
	*port = *rest ? rest + 1 : DEFAULT_PORT;
	return true;
}

static void address_print(exchange_server_t *server)
{
	struct sockaddr const *address = (struct sockaddr const *) &server->address;
	char host[48] = "?", port[8] = "?";

	getnameinfo(address, server->address_len, host, sizeof(host), port, sizeof(port),
		    NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(server->text, sizeof(server->text), address->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

mpsk_status_t exchange_server_find(exchange_server_t *server, char const *text, mpsk_error_t *err)
{
	struct addrinfo const hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV };
	struct addrinfo *found = NULL;
	char host[HOST_MAX];
	char const *port;
	int why;

	*server = (exchange_server_t) { 0 };
	if (!host_port_split(host, &port, text)) {
		return mpsk_error_set(err, MPSK_BAD, "server %s: write host:port, or [IPv6 address]:port", text);
	}
	why = getaddrinfo(host, port, &hints, &found);
	if (why || !found) {
		return mpsk_error_set(err, why == EAI_NONAME || why == EAI_SERVICE ? MPSK_BAD : MPSK_AGAIN,
				      "server %s: %s", text, gai_strerror(why));
	}
	memcpy(&server->address, found->ai_addr, found->ai_addrlen);
	server->address_len = found->ai_addrlen;
	freeaddrinfo(found);
	address_print(server);
	return MPSK_OK;
}

/* A network that does not lead there now is no fault of this machine. */
static mpsk_status_t failure_of(int error)
{
	return error == ENETUNREACH || error == EHOSTUNREACH ? MPSK_AGAIN : MPSK_ERR;
}

mpsk_status_t exchange_connect(int *fd, exchange_server_t const *server, mpsk_error_t *err)
{
	struct sockaddr const *address = (struct sockaddr const *) &server->address;
	int const octets = BUFFER_OCTETS;
	mpsk_status_t status;

	*fd = socket(address->sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*fd >= 0 && connect(*fd, address, server->address_len) == 0) {
		/* The kernel may give less: good enough. */
		setsockopt(*fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
		return MPSK_OK;
	}
	status = mpsk_error_set(err, failure_of(errno), "no socket to %s: %s", server->text, strerror(errno));
	if (*fd >= 0) close(*fd);
	*fd = -1;
	return status;
}

size_t exchange_local_address(uint8_t out[static 16], int fd)
{
	struct sockaddr_storage storage = { 0 };
	socklen_t len = sizeof(storage);
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (getsockname(fd, (struct sockaddr *) &storage, &len) != 0) return 0;
	if (storage.ss_family == AF_INET) {
		memcpy(&in, &storage, sizeof(in));
		memcpy(out, &in.sin_addr, sizeof(in.sin_addr));
		return sizeof(in.sin_addr);
	}
	if (storage.ss_family == AF_INET6) {
		memcpy(&in6, &storage, sizeof(in6));
		memcpy(out, &in6.sin6_addr, sizeof(in6.sin6_addr));
		return sizeof(in6.sin6_addr);
	}
	return 0;
}

/* Take what has come until it is the reply. MISS: nothing that carries the id has come. */
static mpsk_status_t reply_receive(int fd, uint8_t id, radius_packet_t *reply, mpsk_error_t *err)
{
	for (;;) {
		ssize_t n = recv(fd, reply->octets, sizeof(reply->octets), 0);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return MPSK_MISS;
		if (n < 0 && errno == EINTR) continue;
		if (n < 0 && errno == ECONNREFUSED) {
			return mpsk_error_set(err, MPSK_AGAIN, "nothing listens on that port");
		}
		if (n < 0) return mpsk_error_set(err, MPSK_ERR, "receiving: %s", strerror(errno));
		if (n < 2 || reply->octets[1] != id) continue;
		reply->len = (size_t) n;
		return MPSK_OK;
	}
}

/* Wait for the reply until a moment. MISS: it has not come. */
static mpsk_status_t reply_wait(int fd, uint8_t id, mpsk_deadline_t until, radius_packet_t *reply, mpsk_error_t *err)
{
	for (;;) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		mpsk_status_t status;

		if (poll(&ready, 1, mpsk_deadline_left(until)) < 0 && errno != EINTR) {
			return mpsk_error_set(err, MPSK_ERR, "waiting: %s", strerror(errno));
		}
		status = reply_receive(fd, id, reply, err);
		if (status != MPSK_MISS || mpsk_deadline_passed(until)) return status;
	}
}

mpsk_status_t exchange_run(int fd, uint8_t const *request, size_t request_len, exchange_patience_t const *patience,
			   radius_packet_t *reply, int64_t *took_us, mpsk_error_t *err)
{
	mpsk_deadline_t const end = mpsk_deadline_in(patience->timeout_ms);
	int64_t const start = exchange_now_us();
	int64_t sent = 0;
	mpsk_status_t status = MPSK_MISS;

	while (status == MPSK_MISS && !mpsk_deadline_passed(end)) {
		mpsk_deadline_t until = end;

		/* What an earlier transmission met is told by the send after it; the reply, not this, decides. */
		if (send(fd, request, request_len, 0) < 0 && errno != ECONNREFUSED) {
			return mpsk_error_set(err, failure_of(errno), "sending: %s", strerror(errno));
		}
		sent++;
		if (sent <= patience->retries && mpsk_deadline_left(end) > patience->retransmit_ms) {
			until = mpsk_deadline_in(patience->retransmit_ms);
		}
		status = reply_wait(fd, request[1], until, reply, err);
	}
	*took_us = exchange_now_us() - start;
	if (status != MPSK_MISS) return status;
	return mpsk_error_set(err, MPSK_AGAIN, "no reply within %lld ms to %lld transmission%s: is the server up, "
			      "and is this machine one of its clients?", (long long) patience->timeout_ms,
			      (long long) sent, sent == 1 ? "" : "s");
}
