/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A session: one device at one access point for a time, as accounting tells
 * of it, and the form in which `mpsk:sess:{id}` keeps it.
 *
 * A field of that hash is the NAS, a '/', and the Acct-Session-Id; its value
 * a flat JSON object. What may hold octets of any value (Acct-Session-Id,
 * SSID, User-Name, role, site) stands there as base/octets.h writes it. What
 * is absent, or 0, is left out.
 */
#ifndef MPSK_KEY_SESSION_H
#define MPSK_KEY_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/octets.h"
#include "base/ssid.h"
#include "base/status.h"
#include "base/text.h"
#include "key/key.h"

#define MPSK_SESSION_ADDRESS_MAX	46	/* an IPv6 address as text, and a NUL */
#define MPSK_SESSION_CAUSE_MAX		31
#define MPSK_SESSION_NAS_MAX		MPSK_ID_MAX	/* an id or an address: it holds no '/' */
#define MPSK_SESSION_FIELD_MAX		(MPSK_SESSION_NAS_MAX + 1 + MPSK_OCTETS_TEXT_MAX)

/* What ended a session that no Stop did. */
#define MPSK_SESSION_CAUSE_STALE	"Stale"			/* nothing was heard of it for session_stale */
#define MPSK_SESSION_CAUSE_DISCONNECT	"Disconnect"		/* its NAS was asked to end it, and did */
#define MPSK_SESSION_CAUSE_RESTART	"Accounting-On-Off"	/* its NAS was started or stopped */

typedef struct {
	char		id[MPSK_ID_MAX + 1];			/* the key */
	char		nas[MPSK_SESSION_NAS_MAX + 1];		/* that mpsk:cfg:nas:<id> goes by */
	mpsk_octets_t	sid;					/* Acct-Session-Id as it came */
	mpsk_mac_t	mac;
	mpsk_mac_t	bssid;					/* of the radio; where has_bssid */
	bool		has_bssid;
	mpsk_ssid_t	ssid;					/* empty: not told */
	char		site[MPSK_NAME_MAX + 1];		/* "": not known */
	char		address[MPSK_SESSION_ADDRESS_MAX];	/* that the NAS's packets come from; or "" */
	mpsk_octets_t	name;					/* User-Name as accounting carries it */
	/* Of the key when the session's first event came; never changed by later ones. */
	uint16_t	vlan;					/* 0: none */
	char		role[MPSK_NAME_MAX + 1];		/* "": none */
	char		print[MPSK_FINGERPRINT_LEN + 1];	/* of its psk; "": the device was none of its own */

	int64_t		since;					/* epoch seconds */
	int64_t		seen;					/* when it was last heard of */
	int64_t		ended;					/* 0: open */
	char		cause[MPSK_SESSION_CAUSE_MAX + 1];	/* of its end, as RFC 2866, 5.10 spells it; or "" */
	uint64_t	in;					/* octets from the device, gigawords counted in */
	uint64_t	out;					/* octets to the device */
} mpsk_session_t;

/* Write the name of a session's field, with a NUL. Returns its length. */
size_t mpsk_session_field(char out[static MPSK_SESSION_FIELD_MAX], char const *nas, mpsk_octets_t const *sid);

/*
 * Read one field of mpsk:sess:{id} and its value. Members that are not known
 * are passed over; mac has to be there. BAD, with a text that names the
 * member, where one is malformed; session is then empty.
 */
mpsk_status_t mpsk_session_parse(mpsk_session_t *session, char const *id, char const *field, size_t field_len,
				 char const *record, size_t record_len, mpsk_error_t *err);

/* Whether a session goes on: it is open, and was heard of within `stale` seconds before now; stale 0: whenever. */
static inline bool mpsk_session_active(mpsk_session_t const *session, int64_t now, int64_t stale)
{
	return session->ended == 0 && (stale == 0 || session->seen > now - stale);
}

#endif
