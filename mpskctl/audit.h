/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trail of edits: whatever a run changes in the store is noted in
 * mpsk:audit:{org}, by one hook in the store that no verb has to know of.
 * No secret ever is. What cannot be noted is a warning: it was done.
 */
#ifndef MPSKCTL_AUDIT_H
#define MPSKCTL_AUDIT_H

#include "ctl.h"

/* Note all changes that are made through ctl->store from now on. */
void ctl_audit_begin(ctl_t *ctl);

/* Of keys that are added only their ids are told from now on: a file of keys would push out all that came before. */
void ctl_audit_brief(ctl_t *ctl);

/*
 * Write what is noted and not written yet. The first change of a run is
 * written at once, those after it together, about once a second and here:
 * to be called where a run waits for long. ctl_audit_end() does it too.
 */
void ctl_audit_flush(ctl_t *ctl);

/* To be called at the end, before the store is closed. */
void ctl_audit_end(ctl_t *ctl);

#endif
