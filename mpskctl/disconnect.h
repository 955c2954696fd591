/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices that are to leave the network: Disconnect-Requests to the access
 * points of their sessions, many at a time, once the store refuses them.
 * Memory that runs out ends the program.
 */
#ifndef MPSKCTL_DISCONNECT_H
#define MPSKCTL_DISCONNECT_H

#include <argp.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl.h"
#include "key/session.h"
#include "key/standing.h"
#include "nas.h"

/* Options of the verbs that revoke. */
typedef struct {
	ctl_t	*ctl;
	bool	none;		/* --no-disconnect */
	bool	wait;		/* --wait */
} ctl_disconnect_options_t;

extern struct argp const ctl_disconnect_argp;

/* What became of one session. */
typedef enum {
	CTL_OFF_ACK = 0,	/* the NAS ended it */
	CTL_OFF_ABSENT,		/* it has no such session: the device is off */
	CTL_OFF_REFUSED,	/* it refuses: the device may be on */
	CTL_OFF_SILENT,		/* it did not answer */
	CTL_OFF_UNASKED		/* it cannot be asked: see ctl_nas_t */
} ctl_off_t;

static inline bool ctl_off_is_off(ctl_off_t off)
{
	return off == CTL_OFF_ACK || off == CTL_OFF_ABSENT;
}

/* "disconnected", "absent", "refused", "silent", "not asked". */
char const *ctl_off_name(ctl_off_t off);

typedef struct {
	mpsk_session_t	session;	/* without a sid: whichever the device has there */
	mpsk_standing_t	standing;	/* what stands against it; STAYS: it was asked for */
	ctl_nas_t	*nas;
	ctl_off_t	off;
	uint32_t	cause;		/* Error-Cause of a NAK; 0: none */
	mpsk_error_t	why;		/* of what is not off; or "" */
} ctl_disconnected_t;

typedef struct {
	ctl_t			*ctl;
	int64_t			now;		/* by which sessions are judged */
	ctl_nases_t		*nases;
	bool			again;		/* those that are off are to be disconnected once more, later */
	bool			new_psk;	/* a session that does not tell its passphrase has an old one */
	ctl_disconnected_t	*list;
	size_t			n, room;
	size_t			n_sent;		/* of them, the first */
	size_t			n_said;
} ctl_disconnect_t;

/* Nobody yet. NULL, and OK, where the options say that nobody is to be. CTL_INVALID, said, for a wrong --nas-file. */
ctl_exit_t ctl_disconnect_begin(ctl_disconnect_t **disconnect, ctl_disconnect_options_t const *options);

/*
 * Add sessions. All but the first take a NULL disconnect, and do nothing
 * then; sessions that have ended are passed over. CTL_FAILED, said, where
 * Redis fails.
 */
void ctl_disconnect_add(ctl_disconnect_t *disconnect, mpsk_session_t const *session, mpsk_standing_t standing);

/* The sessions of a key that is about to be deleted: an array of ctl->mem, to be added once it is. */
ctl_exit_t ctl_disconnect_note(ctl_disconnect_t *disconnect, char const *id, mpsk_session_t **sessions, size_t *n);

/* Those of a key that may not go on; a malformed key counts as on_malformed. */
ctl_exit_t ctl_disconnect_key(ctl_disconnect_t *disconnect, char const *id, mpsk_standing_t on_malformed);

/*
 * Those of all keys that may not go on at a time, those of malformed keys
 * excepted; and the devices whose second time has come by then
 * (store/again.h), which is forgotten unless they are only looked at.
 */
ctl_exit_t ctl_disconnect_all(ctl_disconnect_t *disconnect, int64_t now, bool look);

/*
 * Ask the NASes of all that were added since the last time, and note in the
 * store what ended. CTL_REMAINS where some NAS was silent or refused; what
 * cannot be asked is no failure, for nobody told how. Nothing is printed.
 */
ctl_exit_t ctl_disconnect_send(ctl_disconnect_t *disconnect);

/* Note in the store which of them ended. */
ctl_exit_t ctl_disconnect_record(ctl_t *ctl, ctl_disconnected_t const *list, size_t n, int64_t now);

/* For a person: a line for each device that is off, and what is wrong with the others on the standard error. */
void ctl_disconnect_say(ctl_disconnect_t *disconnect);

/* As an object. */
json_t *ctl_disconnected_json(ctl_disconnected_t const *of);

/* As an array of objects: those of a key, and of one device of it where mac (as the store spells it) is not NULL. */
json_t *ctl_disconnect_json(ctl_disconnect_t const *disconnect, char const *id, char const *mac);

/*
 * Send, and say how it went; with --wait then wait until the second time of
 * those that are off has come, and disconnect them once more. As
 * ctl_disconnect_send(); disconnect NULL does nothing.
 */
ctl_exit_t ctl_disconnect_finish(ctl_disconnect_t *disconnect, ctl_disconnect_options_t const *options);

#endif
