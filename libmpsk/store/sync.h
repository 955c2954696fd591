/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync: a thread that keeps somebody's copy of the keys equal to Redis.
 *
 * Client-side caching in broadcast mode (RESP2, REDIRECT) tells which keys
 * changed, by whomever; a full load on every connect makes up for what was
 * missed. docs/explanation/sync.md says why.
 */
#ifndef MPSK_STORE_SYNC_H
#define MPSK_STORE_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/status.h"
#include "key/device.h"
#include "key/key.h"
#include "key/nas.h"
#include "key/site.h"
#include "store/store.h"

typedef struct mpsk_sync mpsk_sync_t;

typedef enum {
	MPSK_SYNC_INFO = 0,
	MPSK_SYNC_WARN,
	MPSK_SYNC_ERROR
} mpsk_sync_level_t;

/* Who keeps the copy. All are called on the sync thread. */
typedef struct {
	/* A full load begins; it ended well (what was not put since is gone). A load that fails is begun anew. */
	void	(*begin)(void *uctx);
	void	(*commit)(void *uctx);
	/* Before a commit: how many keys there are; *lost: those that it would drop. */
	size_t	(*count)(void *uctx, size_t *lost);
	/* A key is new or changed (takes it over); a key is gone or malformed. */
	void	(*key_put)(void *uctx, mpsk_key_t *key);
	void	(*key_drop)(void *uctx, char const *id);
	/* The devices of an id, in place of those it had; there may be no such key. The array stays the sync's. */
	void	(*devices_put)(void *uctx, char const *id, mpsk_device_t const *devices, size_t n);
	/* mpsk:cfg:nas:<id>. */
	void	(*nas_put)(void *uctx, char const *nas, mpsk_nas_t const *at);
	void	(*nas_drop)(void *uctx, char const *nas);
	/* mpsk:cfg:site:<site>. */
	void	(*site_put)(void *uctx, char const *site, mpsk_site_t const *at);
	void	(*site_drop)(void *uctx, char const *site);
	/*
	 * Every primary can be asked, after one could not. replaced: one is in the place of another, and may not know
	 * what that granted last.
	 */
	void	(*restored)(void *uctx, bool replaced);
	/* Time to spare, each second at least: work for at most about 10 ms. Returns whether there is more to do. */
	bool	(*idle)(void *uctx);
	/* One line for the log; never a secret. */
	void	(*log)(void *uctx, mpsk_sync_level_t level, char const *text);
} mpsk_sync_sink_t;

/* Start the thread. Redis need not be there. The config is copied; sink and uctx must outlive the sync. */
mpsk_status_t mpsk_sync_start(TALLOC_CTX *ctx, mpsk_sync_t **sync, mpsk_store_config_t const *config,
			      mpsk_sync_sink_t const *sink, void *uctx, mpsk_error_t *err);

/* Wake the thread up: there is work for idle(). Any thread may call. */
void mpsk_sync_wake(mpsk_sync_t *sync);

/* Whether the copy is being kept up to date right now. Any thread may call. */
bool mpsk_sync_live(mpsk_sync_t const *sync);

/*
 * Whether what Redis holds is not what the copy was made from, and looks lost
 * rather than edited: the copy stays in force, and what Redis answers must not
 * be believed. Any thread may call.
 */
bool mpsk_sync_held(mpsk_sync_t const *sync);

/* Seconds since it was last up to date; 0 where it is. Any thread may call. */
int64_t mpsk_sync_age(mpsk_sync_t const *sync);

/* End the thread and wait for it: at most about a second. */
void mpsk_sync_stop(mpsk_sync_t **sync);

#endif
