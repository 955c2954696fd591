/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access points of several makers: what each sends, and in which attributes
 * it looks for the key.
 */
#ifndef RADMPSK_DIALECT_H
#define RADMPSK_DIALECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "radius/packet.h"

typedef struct request request_t;

/* How it writes the station's MAC into User-Name, and whether that is the password too. */
typedef enum {
	DIALECT_USER_PLAIN = 0,		/* aabbccddeeff, twice */
	DIALECT_USER_COLONS		/* AA:BB:CC:DD:EE:FF, with an empty password */
} dialect_user_t;

typedef struct {
	char const	*name;		/* as --dialect takes it */
	dialect_user_t	user;
	bool		no_ssid;	/* Called-Station-Id is the BSSID alone */
	uint32_t	service_type;	/* 0: not sent */
	/* Append what its requests hold beside the common attributes; with a handshake, that too. NULL: nothing. */
	mpsk_status_t	(*bound)(radius_packet_t *packet, request_t const *request, mpsk_error_t *err);
	/* NULL: it knows no way to relay one. */
	mpsk_status_t	(*unbound)(radius_packet_t *packet, request_t const *request, mpsk_error_t *err);
	unsigned	bound_keys;	/* bits by keys_kind_t */
	unsigned	unbound_keys;
	bool		two_steps;	/* it asks by MAC alone first, and with the handshake once that was accepted */
} dialect_t;

/* The rows, up to one whose name is NULL; the first is hostapd. */
extern dialect_t const dialects[];

/* The row of that name, or NULL. */
dialect_t const *dialect_find(char const *name);

/* Where it looks for the key: bits by keys_kind_t. by_sae: it needs a passphrase, so a PMK is not looked for. */
unsigned dialect_keys(dialect_t const *dialect, bool bound, bool by_sae);

#endif
