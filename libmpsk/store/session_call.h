/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One call of session.lua, laid out. Nobody but the files that write sessions includes this.
 */
#ifndef MPSK_STORE_SESSION_CALL_H
#define MPSK_STORE_SESSION_CALL_H

#include "base/octets.h"
#include "store/pipeline.h"
#include "store/rkey.h"
#include "store/session.h"

#define SESSION_KEYS		4
#define SESSION_HEAD		5	/* what to do, the field, now, and the terms */
#define SESSION_EVENT_ARGS	4	/* started, first, another, restart */
#define SESSION_MEMBERS		15
#define SESSION_ARGC_MAX	(MPSK_SCRIPT_HEAD + 1 + SESSION_KEYS + SESSION_HEAD + SESSION_EVENT_ARGS + \
				 SESSION_MEMBERS)
#define SESSION_NUMBER_MAX	21	/* 64 bits as digits, and a NUL */

#define MPSK_SESSION_LIFE	"604800"	/* of mpsk:nas:<nas>, in seconds, as LIFE in session.lua */

/*
 * Fields of mpsk:nas:<nas> that are no sessions, for no escape of octets.h
 * begins so: when the NAS was last started or stopped, and with "-" and a
 * BSSID behind it, when one of its radios was.
 */
#define MPSK_SESSION_MARK	"\\on"
#define MPSK_SESSION_MARK_MAX	(sizeof(MPSK_SESSION_MARK "-") + MPSK_MAC_TEXT_MAX)
void mpsk_session_mark(char mark[static MPSK_SESSION_MARK_MAX], mpsk_mac_t const *bssid);

/* The call, and the texts that it points into. Not to be moved. */
typedef struct {
	mpsk_rkey_t	keys[SESSION_KEYS];
	char		field[MPSK_SESSION_FIELD_MAX];
	char		mac[MPSK_MAC_TEXT_MAX], bssid[MPSK_MAC_TEXT_MAX];
	char		ssid[MPSK_SSID_TEXT_MAX];
	char		site[4 * MPSK_NAME_MAX + 1], role[4 * MPSK_NAME_MAX + 1];
	char		name[MPSK_OCTETS_TEXT_MAX];
	char		numbers[12][SESSION_NUMBER_MAX];
	size_t		n_numbers;
	size_t		argc;
	char const	*argv[SESSION_ARGC_MAX];
	size_t		argvlen[SESSION_ARGC_MAX];
} mpsk_session_call_t;

/* Begin a call about a field of a key's sessions. */
void mpsk_session_call_begin(mpsk_session_call_t *call, char const *op, char const *id, char const *field, int64_t now,
			     mpsk_session_terms_t const *terms);

/* One more argument, which has to last; or a number, of which there is room for a dozen; 0 as "" where it is absent. */
void mpsk_session_call_add(mpsk_session_call_t *call, char const *text);
void mpsk_session_call_add_number(mpsk_session_call_t *call, uint64_t number);

/* All arguments of an event; at: when its NAS was last started, or 0. */
void mpsk_session_call_event(mpsk_session_call_t *call, mpsk_session_event_t const *event, int64_t at);

/* The call as a command of a pipeline. */
mpsk_piped_t mpsk_session_call_piped(mpsk_session_call_t *call, mpsk_script_t const *script);

#endif
