/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius/peer.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HOST_MAX	256
#define BUFFER_OCTETS	(1 << 20)	/* a burst of replies must not be lost here */

/* Part host and port; an IPv6 address with a port stands in brackets, as its own colons are many. */
static bool host_port_split(char host[static HOST_MAX], char const **service, char const *text)
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
	if (*rest) *service = rest + 1;
	return true;
}

static void address_print(radius_peer_t *peer)
{
	struct sockaddr const *address = (struct sockaddr const *) &peer->address;
	char host[48] = "?", port[8] = "?";

	getnameinfo(address, peer->address_len, host, sizeof(host), port, sizeof(port),
		    NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(peer->text, sizeof(peer->text), address->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

mpsk_status_t radius_peer_find(radius_peer_t *peer, char const *text, uint16_t port, mpsk_error_t *err)
{
	struct addrinfo const hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV };
	struct addrinfo *found = NULL;
	char host[HOST_MAX], given[8];
	char const *service = given;
	int why;

	*peer = (radius_peer_t) { 0 };
	snprintf(given, sizeof(given), "%u", port);
	if (!host_port_split(host, &service, text)) {
		return mpsk_error_set(err, MPSK_BAD, "%s: write host:port, or [IPv6 address]:port", text);
	}
	why = getaddrinfo(host, service, &hints, &found);
	if (why || !found) {
		return mpsk_error_set(err, why == EAI_NONAME || why == EAI_SERVICE ? MPSK_BAD : MPSK_AGAIN,
				      "%s: %s", text, gai_strerror(why));
	}
	memcpy(&peer->address, found->ai_addr, found->ai_addrlen);
	peer->address_len = found->ai_addrlen;
	freeaddrinfo(found);
	address_print(peer);
	return MPSK_OK;
}

mpsk_status_t radius_peer_failure(int error)
{
	return error == ENETUNREACH || error == EHOSTUNREACH ? MPSK_AGAIN : MPSK_ERR;
}

mpsk_status_t radius_peer_connect(int *fd, radius_peer_t const *peer, mpsk_error_t *err)
{
	struct sockaddr const *address = (struct sockaddr const *) &peer->address;
	int const octets = BUFFER_OCTETS;
	mpsk_status_t status;

	*fd = socket(address->sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*fd >= 0 && connect(*fd, address, peer->address_len) == 0) {
		/* The kernel may give less: good enough. */
		setsockopt(*fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
		return MPSK_OK;
	}
	status = mpsk_error_set(err, radius_peer_failure(errno), "no socket to %s: %s", peer->text, strerror(errno));
	if (*fd >= 0) close(*fd);
	*fd = -1;
	return status;
}

size_t radius_peer_local_address(uint8_t out[static 16], int fd)
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
