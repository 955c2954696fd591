/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of calls of the store share: a server, and a handle to it.
 */
#ifndef TEST_STORE_STORE_RIG_H
#define TEST_STORE_STORE_RIG_H

#include "redis.h"
#include "store/store.h"

extern redis_t redis;
extern mpsk_store_t *store;
extern TALLOC_CTX *ctx;

/* For cmocka: both with the program; the handle has generous deadlines and no breaker. */
int store_start(void **state);
int store_stop(void **state);

/* The same with each test that wants it: an empty server, and ctx. */
int store_fresh(void **state);
int store_clean(void **state);

#endif
