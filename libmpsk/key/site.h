/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the store says of a site: `mpsk:cfg:site:<site>`.
 */
#ifndef MPSK_KEY_SITE_H
#define MPSK_KEY_SITE_H

#include "key/when_full.h"

typedef struct {
	char const		*vlans;		/* borrowed; a list that mpsk_vlans_check() has passed, or "" */
	mpsk_when_full_t	when_full;	/* of keys that do not say it themselves */
} mpsk_site_t;

#endif
