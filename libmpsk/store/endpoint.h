/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is connected to, and how: the one place where a configuration becomes
 * a connection.
 */
#ifndef MPSK_STORE_ENDPOINT_H
#define MPSK_STORE_ENDPOINT_H

#include <talloc.h>

#include "base/deadline.h"
#include "base/status.h"
#include "store/conn.h"
#include "store/store.h"
#include "store/uri.h"

typedef struct {
	mpsk_uri_t	*uri;
	int		connect_ms;
} mpsk_endpoint_t;

/* BAD for a wrong URI or password file, and where both give a password. Nothing of the config is referred to later. */
mpsk_status_t mpsk_endpoint_create(TALLOC_CTX *ctx, mpsk_endpoint_t **endpoint, mpsk_store_config_t const *config,
				   mpsk_error_t *err);

/* A connection, as mpsk_conn_open(), within the time that the configuration gives. Any thread may call. */
mpsk_status_t mpsk_endpoint_connect(TALLOC_CTX *ctx, mpsk_conn_t **conn, mpsk_endpoint_t const *endpoint,
				    int cancel_fd, mpsk_error_t *err);

#endif
