/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plain copy of the keys, kept by a sync under test; and what it logged.
 */
#ifndef TEST_STORE_MIRROR_H
#define TEST_STORE_MIRROR_H

#include <stdbool.h>

#include "store/sync.h"

typedef struct mirror mirror_t;

extern mpsk_sync_sink_t const mirror_sink;

mirror_t *mirror_create(void);
void mirror_free(mirror_t *mirror);

/* The max of a key: -1 where it has none, -2 where there is no such key. */
long long mirror_max(mirror_t *mirror, char const *id);
int mirror_count(mirror_t *mirror);

/* "org/site" of a NAS, "" where there is no such; in a buffer that the next call overwrites. */
char const *mirror_nas(mirror_t *mirror, char const *nas);
char const *mirror_site(mirror_t *mirror, char const *site);

/* "MAC seen " of each device of a key in the order of last-seen; in the same buffer. */
char const *mirror_devices(mirror_t *mirror, char const *id);

/* How often devices were put, of whichever key. */
int mirror_devices_puts(mirror_t *mirror);

/* How often Redis was restored, and how often by another server. */
int mirror_restored(mirror_t *mirror);
int mirror_replaced(mirror_t *mirror);

/* How often a text stands in the log. */
int mirror_logged(mirror_t *mirror, char const *text);

/* Print the log, for one who wonders why a test failed. */
void mirror_dump(mirror_t *mirror);

/* How often idle() was called; and how often it shall say that there is more. */
int mirror_idled(mirror_t *mirror);
void mirror_set_work(mirror_t *mirror, int times);

/* How many loads were committed. */
int mirror_loads(mirror_t *mirror);

#endif
