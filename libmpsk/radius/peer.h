/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whom packets go to: its address, and sockets to it.
 */
#ifndef MPSK_RADIUS_PEER_H
#define MPSK_RADIUS_PEER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/status.h"

#define RADIUS_PEER_TEXT_MAX	64
#define RADIUS_PORT_AUTH	1812
#define RADIUS_PORT_ACCT	1813
#define RADIUS_PORT_DYNAMIC	3799	/* RFC 5176 */

typedef struct {
	struct sockaddr_storage	address;
	socklen_t		address_len;
	char			text[RADIUS_PEER_TEXT_MAX];	/* "192.0.2.1:1812", "[2001:db8::1]:1812" */
} radius_peer_t;

/*
 * Resolve "host:port", "[IPv6]:port" or a host alone, whose port is then the
 * one given. BAD where it is not of that form, AGAIN where the name has no
 * address; with a text.
 */
mpsk_status_t radius_peer_find(radius_peer_t *peer, char const *text, uint16_t port, mpsk_error_t *err);

/*
 * A non-blocking UDP socket to the peer; the caller closes it. AGAIN where no
 * network leads there, ERR else; with a text.
 */
mpsk_status_t radius_peer_connect(int *fd, radius_peer_t const *peer, mpsk_error_t *err);

/* AGAIN for an errno that says that no network leads there now, which is no fault of this machine; else ERR. */
mpsk_status_t radius_peer_failure(int error);

/* The local address that packets leave from: 4 or 16 octets; 0 where it is not known. */
size_t radius_peer_local_address(uint8_t out[static 16], int fd);

#endif
