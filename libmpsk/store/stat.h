/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What servers count and measure, for others to read: mpsk:stat:<server>, a
 * hash that is gone soon after its server. The names of all are in the sorted
 * set mpsk:stats, for a walk over a million keys would be the only other way
 * to find them.
 */
#ifndef MPSK_STORE_STAT_H
#define MPSK_STORE_STAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "key/key.h"
#include "store/store.h"

#define MPSK_STAT_SERVER_MAX	128
#define MPSK_STAT_FIELDS_MAX	2000	/* a script takes no more than some thousands of arguments */
#define MPSK_STAT_LIFE_S	60

/* A server's name: [A-Za-z0-9._:/-]{1,128}. */
bool mpsk_stat_server_valid(char const *server, size_t len);

/* Write a server's figures, in the place of the last; now in epoch seconds. BAD where the name or the number is. */
mpsk_status_t mpsk_store_stat_put(mpsk_store_t *store, char const *server, mpsk_field_t const *fields, size_t n,
				  int64_t now, mpsk_error_t *err);

/* The figures of every server that wrote some lately, in the order of their names. As mpsk_store_key_each(). */
typedef mpsk_status_t (*mpsk_store_stat_cb_t)(void *uctx, char const *server, mpsk_field_t const *fields, size_t n);
mpsk_status_t mpsk_store_stat_each(mpsk_store_t *store, mpsk_store_stat_cb_t cb, void *uctx, mpsk_error_t *err);

#endif
