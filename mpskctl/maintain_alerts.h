/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From when on something is a sign that a passphrase has leaked.
 */
#ifndef MPSKCTL_MAINTAIN_ALERTS_H
#define MPSKCTL_MAINTAIN_ALERTS_H

#include <argp.h>
#include <stdint.h>

/* A key with this tag is meant for many: how many use it is no sign. */
#define CTL_ALERT_SHARED "shared"

/* More than so many; 0: no number is a sign. */
typedef struct {
	int64_t	devices, sites, aps;	/* of a key at once */
	int64_t	wrong_keys;		/* at a NAS in a minute */
} ctl_alert_limits_t;

extern ctl_alert_limits_t const ctl_alert_limits;

/* The options of `mpskctl maintain`; the parser's input is ctl_alert_limits_t. */
extern struct argp const ctl_alert_argp;

#endif
