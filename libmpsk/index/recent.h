/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the keys stand that were used last at a place on an SSID: what to
 * search first. Numbers of leaves, and a hint: a leaf may hold other keys by
 * now, and what is found in it is verified. Any thread may call; the place
 * that was asked for least recently makes way.
 */
#ifndef MPSK_INDEX_RECENT_H
#define MPSK_INDEX_RECENT_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/ssid.h"

typedef struct mpsk_recent mpsk_recent_t;

#define MPSK_RECENT_MAX 64	/* leaves of a place */

/* For so many places. NULL where memory or randomness is out. */
mpsk_recent_t *mpsk_recent_create(TALLOC_CTX *ctx, size_t places);

/*
 * A place is a site, or the NAS where site is "". Copies the numbers, the
 * last used first; returns how many.
 */
size_t mpsk_recent_get(mpsk_recent_t *recent, char const *site, char const *nas, mpsk_ssid_t const *ssid,
		       uint32_t leaves[static MPSK_RECENT_MAX]);

/* To the front with one that was used just now. */
void mpsk_recent_note(mpsk_recent_t *recent, char const *site, char const *nas, mpsk_ssid_t const *ssid,
		      uint32_t leaf);

#endif
