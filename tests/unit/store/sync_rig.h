/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of sync share: a server, a mirror, and a sync between them.
 */
#ifndef TEST_STORE_SYNC_RIG_H
#define TEST_STORE_SYNC_RIG_H

#include <stdbool.h>

#include "mirror.h"
#include "redis.h"
#include "store/sync.h"
#include "store/sync_timing.h"

#define FORCE_MS	1000	/* an edit has to be in force within */
#define PATIENCE_MS	20000

extern redis_t redis;
extern mirror_t *mirror;
extern mpsk_sync_t *sync_thread;
extern mpsk_error_t err;

/* For cmocka: the server with the program, one key (bob, max 3) and an empty mirror with each test. */
int rig_start(void **state);
int rig_stop(void **state);
int rig_fresh(void **state);
int rig_clean(void **state);

/* Start the sync; and wait until it is live. */
void rig_begin(char const *uri, mpsk_sync_timing_t const *timing);
void rig_begin_live(void);

/* Conditions for wait_for(). */
bool rig_is_live(void const *uctx);
bool rig_is_lost(void const *uctx);

typedef struct {
	char const	*id;
	long long	max;
} rig_want_t;
bool rig_has_max(void const *want);

/* A key has this max within FORCE_MS; -2: is gone. */
void rig_assert_soon(char const *id, long long max);

/* A text is logged in due time. */
void rig_assert_logged(char const *text);

#endif
