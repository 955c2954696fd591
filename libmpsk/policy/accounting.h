/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounting: what a packet says, in no vendor's dialect, and which key its
 * session is of, as far as this server knows.
 */
#ifndef MPSK_POLICY_ACCOUNTING_H
#define MPSK_POLICY_ACCOUNTING_H

#include "base/octets.h"
#include "policy/policy.h"
#include "store/session.h"

typedef enum {
	MPSK_ACCOUNTING_OTHER = 0,	/* nothing that sessions are kept by */
	MPSK_ACCOUNTING_SESSION,	/* Start, Interim-Update, Stop */
	MPSK_ACCOUNTING_RESTART		/* Accounting-On, -Off */
} mpsk_accounting_kind_t;

typedef struct {
	mpsk_accounting_kind_t	kind;
	mpsk_session_event_t	event;		/* its nas, site and address are the caller's to fill in */
	mpsk_octets_t		cui;
} mpsk_accounting_t;

/*
 * Say which key an event is of: the one that the device held last on that
 * SSID, one that has it among its devices or lists it, one that a name in the
 * packet tells; and what that key is now. False, and no id, where none of
 * them is known here. Where the site is "" and the NAS's is known, it is set.
 */
bool mpsk_accounting_key(mpsk_policy_t const *policy, mpsk_accounting_t *accounting);

/* What the key of a session is now: its VLAN at the session's site, role and fingerprint; nothing where it is gone. */
void mpsk_accounting_facts(mpsk_policy_t const *policy, mpsk_session_t *session);

/*
 * A session shows that its device holds its key, which was the only one that
 * its access point was offered: the device is claimed, and the hint kept, so
 * that it is known from now on. What the store does not grant or answer is
 * left to the next session.
 */
void mpsk_accounting_learn(mpsk_policy_t const *policy, mpsk_session_t const *session);

#endif
