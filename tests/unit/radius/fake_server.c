/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "reply.h"

static char const *password_of(fake_mode_t mode)
{
	if (mode == FAKE_ACCEPT_BARE || mode == FAKE_REJECT) return NULL;
	return mode == FAKE_ACCEPT_OTHER ? "another horse" : FAKE_PASSPHRASE;
}

static void answer(fake_server_t *server, uint8_t const *request, struct sockaddr const *from, socklen_t from_len)
{
	unsigned number = atomic_fetch_add(&server->requests, 1);
	char const *password = password_of(server->mode);
	radius_packet_t reply;

	if (server->mode == FAKE_SILENT || (server->mode == FAKE_DEAF_AT_FIRST && number == 0)) return;

	reply_begin(&reply, server->mode == FAKE_REJECT ? 3 : 2, request);
	reply_add(&reply, 1, "flat-12", 7);
	if (password) reply_tunnel_password_add(&reply, request, password, strlen(password), (uint8_t) number);
	reply_end(&reply, request, server->mode != FAKE_UNSIGNED);
	if (server->mode == FAKE_FORGED) reply.octets[4] ^= 1;
	if (server->mode == FAKE_NOISY) {
		reply.octets[1]++;
		sendto(server->fd, reply.octets, reply.len, 0, from, from_len);
		reply.octets[1]--;
		sendto(server->fd, reply.octets, 1, 0, from, from_len);
	}
	sendto(server->fd, reply.octets, reply.len, 0, from, from_len);
}

static void *serve(void *arg)
{
	fake_server_t *server = arg;
	struct pollfd fds[] = { { .fd = server->fd, .events = POLLIN }, { .fd = server->stop[0], .events = POLLIN } };

	for (;;) {
		uint8_t request[RADIUS_PACKET_MAX];
		struct sockaddr_in from;
		socklen_t from_len = sizeof(from);

		if (poll(fds, 2, -1) < 0 && errno != EINTR) return NULL;
		if (fds[1].revents) return NULL;
		if (recvfrom(server->fd, request, sizeof(request), MSG_DONTWAIT, (struct sockaddr *) &from,
			     &from_len) < 20) continue;
		answer(server, request, (struct sockaddr const *) &from, from_len);
	}
}

void fake_server_start(fake_server_t *server, fake_mode_t mode)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int const octets = 1 << 20;	/* a test's whole window waits here */
	socklen_t len = sizeof(address);

	memset(server, 0, sizeof(*server));
	server->mode = mode;
	server->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(server->fd >= 0);
	assert_int_equal(setsockopt(server->fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets)), 0);
	assert_int_equal(bind(server->fd, (struct sockaddr const *) &address, sizeof(address)), 0);
	assert_int_equal(getsockname(server->fd, (struct sockaddr *) &address, &len), 0);
	snprintf(server->address, sizeof(server->address), "127.0.0.1:%u", ntohs(address.sin_port));
	assert_int_equal(pipe(server->stop), 0);
	assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

void fake_server_stop(fake_server_t *server)
{
	assert_int_equal(write(server->stop[1], "", 1), 1);
	assert_int_equal(pthread_join(server->thread, NULL), 0);
	close(server->fd);
	close(server->stop[0]);
	close(server->stop[1]);
}
