/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys that get a new passphrase, while the one before is taken for some
 * time yet; and the end of that time.
 */
#ifndef MPSKCTL_ROTATION_H
#define MPSKCTL_ROTATION_H

#include "changes.h"
#include "ctl.h"
#include "input.h"
#include "progress.h"

#define CTL_ROTATION_GRACE_S	(7 * 86400)	/* where nobody says another one */

/* What becomes of one key. */
typedef struct {
	char		id[MPSK_ID_MAX + 1];
	mpsk_key_t	*old;		/* as it was read; NULL: it could not be */
	mpsk_key_t	*key;		/* as it becomes, where it can be changed */
	ctl_changes_t	*changes;
	wpa_psk_t	psk;		/* the new passphrase */
	unsigned	bits;		/* and its entropy, where it was made here */
	int64_t		until;		/* when the old one ends; 0: at once */
	ctl_exit_t	code;
	bool		meanwhile;	/* it failed, for somebody else changed the key since it was read */
	char const	*result;	/* NULL: it is planned, and not come to yet */
	mpsk_error_t	why;		/* of what failed; "" where it was said */
} ctl_rotated_t;

typedef struct {
	ctl_t		*ctl;
	ctl_input_t	input;		/* where the new passphrases come from */
	bool		scheduled;	/* each is made as the one before was, and its grace is rotate_every at most */
	int64_t		grace;		/* seconds; 0: the old passphrase ends at once */
	bool		force;		/* also where one before the old one has not ended */
	bool		end;		/* no new passphrase: the old one's time ends */
	bool		no_pmk;
	ctl_rotated_t	*keys;		/* in the order of their ids, each once */
	size_t		n, room;
	ctl_progress_t	progress;
} ctl_rotation_t;

/* Add a key as it was read, which is stolen; or, where it could not be read, why. The room is the ctl's. */
void ctl_rotation_add(ctl_rotation_t *rotation, char const *id, mpsk_key_t *key, ctl_exit_t code, char const *why);

/* Order the keys, and leave out those that came twice. To be called once, after the last was added. */
void ctl_rotation_order(ctl_rotation_t *rotation);

/*
 * Say for each key what is to become of it, and refuse those that cannot be
 * changed: a passphrase is unique, and one grace ends before the next begins.
 * Anything but OK: none can be changed, which was said.
 */
ctl_exit_t ctl_rotation_plan(ctl_rotation_t *rotation);

/* Write what was planned, each key in one step, as far as Redis answers. */
void ctl_rotation_write(ctl_rotation_t *rotation);

#endif
