/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where Redis is, as docs/reference/redis-uri.md has it:
 *
 *   redis://[user[:password]@]host[:port][,host...][/db]
 *   unix://[user[:password]@]/path[?db=N]
 *   redis+sentinel://[user[:password]@]host[:port][,host...]/master[/db]
 *   redis+cluster://[user[:password]@]host[:port][,host...]
 *
 * rediss for redis: with TLS. Ports are 6379, of Sentinels 26379; IPv6
 * stands in brackets. Several URIs of one kind, with spaces or commas
 * between, are one with all their hosts. Percent-escapes count in user,
 * password and path.
 */
#ifndef MPSK_STORE_URI_H
#define MPSK_STORE_URI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"

#define MPSK_URI_ADDRESSES_MAX 32

/* One socket to connect to. */
typedef struct {
	char		*path;		/* unix socket, or NULL */
	char		*host;		/* or NULL; no brackets */
	uint16_t	port;
	char		*name;		/* redis://host:port: for messages */
} mpsk_address_t;

typedef enum {
	MPSK_URI_STANDALONE = 0,
	MPSK_URI_SENTINEL,
	MPSK_URI_CLUSTER
} mpsk_uri_kind_t;

typedef struct {
	mpsk_uri_kind_t	kind;
	bool		tls;
	mpsk_address_t	*addresses;	/* of Redis, or of Sentinels */
	size_t		n;
	int		db;
	char		*user;		/* or NULL */
	char		*password;	/* or NULL; wiped on free */
	char		*master;	/* what Sentinels call it, or NULL */
	char		*name;		/* all of it without user and password: for messages */
} mpsk_uri_t;

/* BAD, with a text that says what is wrong and how it should look, and no password. */
mpsk_status_t mpsk_uri_parse(TALLOC_CTX *ctx, mpsk_uri_t **uri, char const *text, mpsk_error_t *err);

/* Fill in an address of a host and a port, and its name; texts belong to ctx. False where memory is out. */
bool mpsk_address_init(TALLOC_CTX *ctx, mpsk_address_t *address, char const *host, size_t len, uint16_t port,
		       bool tls);

#endif
