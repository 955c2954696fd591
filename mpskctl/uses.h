/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much keys are used: how many devices each has, and when the last of
 * them was seen. Memory that runs out ends the program.
 */
#ifndef MPSKCTL_USES_H
#define MPSKCTL_USES_H

#include "ctl.h"

typedef struct {
	char	id[MPSK_ID_MAX + 1];
	int64_t	devices;
	int64_t	last_seen;	/* 0: never */
	mpsk_device_t *list;	/* NULL, or where they are kept all of them, in the order of their MACs */
} ctl_use_t;

typedef struct ctl_uses ctl_uses_t;

/*
 * Read them all, and keep the devices themselves where that is wanted.
 * Belongs to ctl->mem; CTL_FAILED, said, where the store fails.
 */
ctl_exit_t ctl_uses_read(ctl_t *ctl, ctl_uses_t **uses, bool keep);

/* That of a key; one of no devices where it has none. */
ctl_use_t ctl_uses_of(ctl_uses_t const *uses, char const *id);

/* A device of those that were kept, or NULL. */
mpsk_device_t const *ctl_use_find(ctl_use_t const *use, mpsk_mac_t const *mac);

#endif
