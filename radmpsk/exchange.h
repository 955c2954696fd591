/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A server's address, sockets to it, and one request with its retransmits.
 */
#ifndef RADMPSK_EXCHANGE_H
#define RADMPSK_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/status.h"
#include "radmpsk/radius.h"

#define EXCHANGE_ADDRESS_TEXT_MAX	64
#define EXCHANGE_RETRANSMIT_MS		3000	/* as hostapd does */

typedef struct {
	struct sockaddr_storage	address;
	socklen_t		address_len;
	char			text[EXCHANGE_ADDRESS_TEXT_MAX];	/* "192.0.2.1:1812", "[2001:db8::1]:1812" */
} exchange_server_t;

typedef struct {
	int64_t	timeout_ms;	/* over all */
	int64_t	retransmit_ms;	/* between two transmissions */
	int64_t	retries;	/* transmissions after the first */
} exchange_patience_t;

/*
 * Resolve "host:port", "[IPv6]:port" or a host alone, whose port is then 1812.
 * BAD where it is not of that form, AGAIN where the name has no address; with
 * a text.
 */
mpsk_status_t exchange_server_find(exchange_server_t *server, char const *text, mpsk_error_t *err);

/*
 * A non-blocking UDP socket to the server; the caller closes it. AGAIN where no
 * network leads there, ERR else; with a text.
 */
mpsk_status_t exchange_connect(int *fd, exchange_server_t const *server, mpsk_error_t *err);

/* The local address that requests leave from: 4 or 16 octets; 0 where it is not known. */
size_t exchange_local_address(uint8_t out[static 16], int fd);

/*
 * Send a request, again where no reply comes, and receive the first datagram
 * that carries its id. took_us is from the first transmission. AGAIN, with a
 * text, where none comes in time, the server's machine refuses or no network
 * leads there; ERR where the socket fails.
 */
mpsk_status_t exchange_run(int fd, uint8_t const *request, size_t request_len, exchange_patience_t const *patience,
			   radius_packet_t *reply, int64_t *took_us, mpsk_error_t *err);

/* Microseconds of CLOCK_MONOTONIC. */
int64_t exchange_now_us(void);

#endif
