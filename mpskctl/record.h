/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys and devices as rows of output, and a record back in the store's form.
 */
#ifndef MPSKCTL_RECORD_H
#define MPSKCTL_RECORD_H

#include "changes.h"
#include "key/session.h"
#include "output.h"
#include "store/store.h"

/* A row of ctl_record_keys. */
typedef struct {
	char const		*id;
	mpsk_key_t const	*key;		/* NULL: malformed */
	char const		*malformed;	/* and why */
	int64_t			now;
	mpsk_device_t const	*devices;	/* for CTL_WANT_DEVICES */
	size_t			n_devices;
	mpsk_session_t const	*sessions;	/* for CTL_WANT_OPEN */
	size_t			n_sessions;
	int64_t			used;		/* for CTL_WANT_USES: devices, and when the last was seen */
	int64_t			last_seen;
} ctl_record_t;

extern ctl_column_t const ctl_record_keys[];

/* Rows are mpsk_device_t. */
extern ctl_column_t const ctl_record_devices[];

/* "enabled", "disabled", "expired" or "not yet"; and whether a text is one of these. */
char const *ctl_record_state(mpsk_key_t const *key, int64_t now);
bool ctl_record_is_state(char const *text);

/* Whether the passphrase before the last rotation is still taken. */
bool ctl_record_rotating(mpsk_key_t const *key, int64_t now);

/* Every field that a record has, as the store holds it; stored PMKs among them. */
void ctl_record_stored(ctl_changes_t *fields, mpsk_key_t const *key);

#endif
