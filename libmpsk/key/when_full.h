/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of a new device whose key is at its device cap: `when_full`
 * of a key, of its site, or of the configuration.
 */
#ifndef MPSK_KEY_WHEN_FULL_H
#define MPSK_KEY_WHEN_FULL_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
	MPSK_WHEN_FULL_UNSET = 0,		/* somebody else says */
	MPSK_WHEN_FULL_REJECT,			/* it is refused */
	MPSK_WHEN_FULL_REPLACE_IDLE,		/* devices that were not seen for `idle` seconds make way */
	MPSK_WHEN_FULL_REPLACE_OLDEST_RANDOM	/* the locally administered MACs that were seen longest ago do */
} mpsk_when_full_t;

#define MPSK_WHEN_FULL_NAMES "reject, replace-idle and replace-oldest-random"

/* Read one of the names; false where it is none. */
bool mpsk_when_full_parse(mpsk_when_full_t *rule, char const *name, size_t len);

/* "replace-idle"; "" where it is unset. */
char const *mpsk_when_full_name(mpsk_when_full_t rule);

#endif
