/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a device was let in or refused: one list, one text each.
 */
#ifndef MPSK_POLICY_REASON_H
#define MPSK_POLICY_REASON_H

#include <stdbool.h>

typedef enum {
	/* Let in. */
	MPSK_REASON_BOUND = 0,		/* by what was known of its MAC */
	MPSK_REASON_MATCHED,		/* by its handshake */
	MPSK_REASON_PROVISIONAL,
	MPSK_REASON_CANDIDATES,
	MPSK_REASON_FIRST_STEP,		/* without a key: the handshake is still to come */
	/* Refused. */
	MPSK_REASON_NO_MATCH,
	MPSK_REASON_UNKNOWN_MAC,
	MPSK_REASON_SAE_UNKNOWN,	/* as UNKNOWN_MAC, of a device that comes by SAE */
	MPSK_REASON_EXPIRED,
	MPSK_REASON_NOT_YET,
	MPSK_REASON_DISABLED,
	MPSK_REASON_CAP_REACHED,
	MPSK_REASON_CONCURRENT_CAP,
	MPSK_REASON_WRONG_MAC,
	MPSK_REASON_WRONG_SITE,
	MPSK_REASON_NO_VLAN,
	MPSK_REASON_NO_PASSPHRASE,
	MPSK_REASON_OUTSIDE_HOURS,
	MPSK_REASON_BAD_FRAME,
	MPSK_REASON_UNSUPPORTED_AKM,
	MPSK_REASON_MLD_UNKNOWN,	/* as NO_MATCH, of a multi-link device: perhaps between other addresses */
	MPSK_REASON_RATE_LIMITED,
	MPSK_REASON_STORE_DOWN,
	MPSK_REASON_NOT_READY,
	MPSK_REASON_MAX
} mpsk_reason_t;

typedef struct {
	char const	*name;		/* "CAP_REACHED" */
	bool		accept;
	char const	*text;		/* one sentence for a person: what it means, what to do */
} mpsk_reason_info_t;

/* The row of a reason. */
mpsk_reason_info_t const *mpsk_reason(mpsk_reason_t reason);

#endif
