/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alerts for people.
 */
#ifndef MPSKCTL_ALERT_H
#define MPSKCTL_ALERT_H

#include "ctl.h"
#include "store/alert.h"

/* Of whom an alert is, in parts. */
typedef struct {
	char	key[MPSK_ID_MAX + 1];		/* "": of no key */
	char	mac[MPSK_MAC_TEXT_MAX];		/* "": of no device */
	char	nas[MPSK_NAS_ID_MAX + 1];	/* "": of no NAS */
} ctl_alert_subject_t;

ctl_alert_subject_t ctl_alert_subject(mpsk_alert_t const *alert);

/* What is the matter, as "on 61 devices at once"; belongs to ctx. */
char *ctl_alert_text(TALLOC_CTX *ctx, mpsk_alert_t const *alert);

/* Rows are mpsk_alert_t. */
extern ctl_column_t const ctl_alert_columns[];

#endif
