/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where Redis is: redis://[user[:password]@]host[:port][/db] (port 6379,
 * database 0; IPv6 in brackets) or unix://[user[:password]@]/path[?db=N].
 * Percent-escapes count in user, password and path.
 */
#ifndef MPSK_STORE_URI_H
#define MPSK_STORE_URI_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"

typedef struct {
	char		*path;		/* unix socket, or NULL */
	char		*host;		/* or NULL */
	uint16_t	port;
	int		db;
	char		*user;		/* or NULL */
	char		*password;	/* or NULL; wiped on free */
	char		*name;		/* the URI without user and password: for messages */
} mpsk_uri_t;

/* BAD, with a text that says what is wrong and how it should look, and no password. */
mpsk_status_t mpsk_uri_parse(TALLOC_CTX *ctx, mpsk_uri_t **uri, char const *text, mpsk_error_t *err);

#endif
