/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clients: the devices of keys and where they are, as far as accounting told;
 * of a device that no accounting tells of, its last claim. A device that
 * roams, or whose Stop was lost, has several sessions and is one client.
 * Memory that runs out ends the program.
 */
#ifndef MPSKCTL_CLIENT_H
#define MPSKCTL_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "ctl.h"
#include "key/device.h"
#include "key/session.h"

typedef enum {
	CTL_CLIENT_ON = 0,	/* it has a session that goes on */
	CTL_CLIENT_SEEN,	/* its claim came after its last session, or it never had one */
	CTL_CLIENT_OFF		/* its last session has ended, or nothing was heard of it for too long */
} ctl_client_state_t;

typedef struct {
	char const		*id;		/* of the key */
	mpsk_mac_t		mac;
	ctl_client_state_t	state;
	int64_t			seen;		/* epoch seconds */
	mpsk_session_t const	*session;	/* that goes on, or was heard of last; NULL: only a claim is known */
	size_t			sessions;	/* of it that go on */
} ctl_client_t;

/* What goes into clients. Sessions that nothing was heard of for `stale` seconds before now go on no more. */
typedef struct {
	char const		*id;
	mpsk_session_t const	*sessions;
	size_t			n_sessions;
	mpsk_device_t const	*devices;
	size_t			n_devices;
	int64_t			now, stale;
} ctl_client_facts_t;

/* The clients of a key, in the order of their MACs; an array that belongs to ctx and refers to the facts. */
size_t ctl_clients_of(TALLOC_CTX *ctx, ctl_client_t **clients, ctl_client_facts_t const *facts);

/* Called with the clients of a key. Anything but OK ends the walk, which returns that. */
typedef mpsk_status_t (*ctl_clients_cb_t)(void *uctx, char const *id, ctl_client_t const *clients, size_t n);

/*
 * Of one key, or where id is NULL of every key that has some, in no order,
 * each key once. CTL_FAILED, said, where Redis fails.
 */
ctl_exit_t ctl_clients_each(ctl_t *ctl, char const *id, int64_t now, int64_t stale, ctl_clients_cb_t cb, void *uctx);

/* Clients together. */
typedef struct {
	char const	*id;		/* of the key of the first */
	int64_t		devices;
	int64_t		on;		/* of them */
	int64_t		local;		/* with a locally administered MAC */
	int64_t		aps;		/* radios, by their BSSIDs, or NASes where those are not told */
	int64_t		sites;
	int64_t		seen;		/* the last of them */
	uint64_t	in, out;
} ctl_clients_sum_t;

void ctl_clients_sum(ctl_clients_sum_t *sum, ctl_client_t const *clients, size_t n);

/* Rows are ctl_client_t. */
extern ctl_column_t const ctl_client_columns[];

/* Rows are ctl_clients_sum_t. */
extern ctl_column_t const ctl_clients_sum_columns[];

#endif
