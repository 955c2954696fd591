/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a device is on, or is not: what reasons mean, and what the store says
 * of it now. Memory that runs out ends the program.
 */
#ifndef MPSKCTL_WHY_H
#define MPSKCTL_WHY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl.h"
#include "key/session.h"

/*
 * --- Reasons ---
 */

/* What a reason means to a person. In the texts, {key}, {mac}, {nas}, {ssid} and {site} stand for those of a case. */
typedef struct {
	char const	*name;		/* as the servers tell it: "CAP_REACHED"; or one of our own */
	char const	*text;		/* one sentence */
	char const	*cure;		/* what helps; NULL: nothing need be done */
} ctl_why_reason_t;

/* The servers' own come first, and then what only the store can tell. Ends with a NULL name. */
extern ctl_why_reason_t const ctl_why_reasons[];

/* The row of a name, or one that says that there is no such reason. */
ctl_why_reason_t const *ctl_why_reason(char const *name, size_t len);

/* What stands in texts; NULL: not known. */
typedef struct {
	char const	*key, *mac, *nas, *ssid, *site;
} ctl_why_case_t;

/* A text with the names of a case in it. Belongs to ctx. */
char *ctl_why_text(TALLOC_CTX *ctx, char const *text, ctl_why_case_t const *of);

/*
 * --- What the store says now ---
 */
typedef struct {
	char		id[MPSK_ID_MAX + 1];
	mpsk_key_t	*key;		/* NULL: malformed, or gone */
	char const	*malformed;	/* and why; NULL: it is not */
	bool		is_device;	/* the device is one of the key's */
	int64_t		last_seen;
	bool		listed;		/* the key lists its whole MAC */
	int64_t		devices;	/* that the key has */
	int64_t		online;		/* of whatever device, by what accounting tells */
	mpsk_session_t	*session;	/* by which the device is on; NULL: it is not, as far as accounting tells */
} ctl_why_key_t;

typedef struct {
	ctl_t		*ctl;
	mpsk_mac_t	mac;
	ctl_why_key_t	*keys;		/* in the order of their ids */
	size_t		n, room;
} ctl_why_now_t;

/* Look at one more key, whether it knows the device or not. Before ctl_why_now_read(). */
void ctl_why_now_add(ctl_why_now_t *now, char const *id);

/* Find the keys that have the device or list it, and read them and those that were added. CTL_FAILED was said. */
ctl_exit_t ctl_why_now_read(ctl_why_now_t *now);

/* The name of the reason for which the key would refuse the device now; NULL: none that the store can tell. */
char const *ctl_why_now_reason(ctl_why_key_t const *key, mpsk_mac_t const *mac, int64_t now);

#endif
