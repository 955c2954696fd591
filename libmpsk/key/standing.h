/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a session may go on: what let its device in may have changed since.
 */
#ifndef MPSK_KEY_STANDING_H
#define MPSK_KEY_STANDING_H

#include <stdbool.h>
#include <stdint.h>

#include "key/key.h"
#include "key/session.h"

/* In the order in which they count. */
typedef enum {
	MPSK_STANDING_STAYS = 0,
	MPSK_STANDING_GONE,		/* there is no such key any more */
	MPSK_STANDING_DISABLED,
	MPSK_STANDING_NOT_YET,
	MPSK_STANDING_EXPIRED,
	MPSK_STANDING_OUTSIDE_HOURS,
	MPSK_STANDING_PASSPHRASE,	/* it began with one that is taken no more */
	MPSK_STANDING_WRONG_SSID,
	MPSK_STANDING_WRONG_SITE,
	MPSK_STANDING_WRONG_MAC,
	MPSK_STANDING_FORGOTTEN,	/* the device is none of the key's any more */
	MPSK_STANDING_VLAN,		/* the key's is another one: a new session gets it */
	MPSK_STANDING_ROLE
} mpsk_standing_t;

/* What session and key do not tell. */
typedef struct {
	int64_t		now;		/* epoch seconds */
	bool		known;		/* the device is one of the key's */
	char const	*vlans;		/* what the session's site calls its VLANs (key/vlans.h); NULL: not known */
} mpsk_standing_facts_t;

/*
 * What stands against an open session of the key; key NULL: it is gone. What
 * the session does not tell (its site, SSID, or the fingerprint) is held
 * against nobody. One without a fingerprint began with a device that was none
 * of the key's, as the key for unknown devices lets them in: that it is none
 * is not held against it either.
 */
mpsk_standing_t mpsk_standing_of(mpsk_session_t const *session, mpsk_key_t const *key,
				 mpsk_standing_facts_t const *facts);

/* "DISABLED"; and for a person "the key is disabled". */
char const *mpsk_standing_name(mpsk_standing_t standing);
char const *mpsk_standing_text(mpsk_standing_t standing);

#endif
