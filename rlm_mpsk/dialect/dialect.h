/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dialects: how one vendor's access points ask, and want to be answered.
 *
 * One file each. A request that relays a handshake shows by itself whose it
 * is. One that is a MAC alone shows it by the vendor's attributes, if by
 * anything: table.c asks the most particular dialects first, and the last
 * takes every MAC authentication.
 */
#ifndef RLM_MPSK_DIALECT_DIALECT_H
#define RLM_MPSK_DIALECT_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

#include "rlm_mpsk/dialect/reply.h"
#include "rlm_mpsk/dialect/request.h"

typedef struct {
	char const		*name;
	dialect_vendor_t	relay;		/* whose attributes relay its handshake; DIALECT_RFC: it has none */
	/* Whether a request with a MAC alone is this vendor's; NULL: only configuration can say so. */
	bool			(*detect)(dialect_request_t const *request);
	/*
	 * Fill mac, bssid, ssid and, where one was relayed, the handshake: its octets stay the request's.
	 * BAD, with a text that names the attribute, where one is malformed.
	 */
	mpsk_status_t		(*read)(dialect_request_t *request, mpsk_query_t *query, mpsk_error_t *err);
	dialect_style_t const	*bound;		/* how a request with a MAC alone is answered */
	dialect_style_t const	*unbound;	/* how one with a handshake is */
	/* It asks with the MAC alone first, takes any Access-Accept, and then asks with the handshake. */
	bool			two_steps;
	bool			tries_several;	/* it tries every key that it is given */
} dialect_t;

extern dialect_t const dialect_ruckus;
extern dialect_t const dialect_meraki;
extern dialect_t const dialect_eleven;
extern dialect_t const dialect_omada;
extern dialect_t const dialect_omada_findkey;
extern dialect_t const dialect_cisco;
extern dialect_t const dialect_hostapd;
extern dialect_t const dialect_aruba;
extern dialect_t const dialect_huawei;
extern dialect_t const dialect_lancom;
extern dialect_t const dialect_mikrotik;
extern dialect_t const dialect_fortinet;
extern dialect_t const dialect_unifi;
extern dialect_t const dialect_mist;
extern dialect_t const dialect_generic;

/* The dialect of a name, or NULL. */
dialect_t const *dialect_named(char const *name);

/* The n-th dialect, in the order in which they are asked; NULL past the last. */
dialect_t const *dialect_at(size_t n);

/* Which of them one is: dialect_at(dialect_number(d)) is d. */
size_t dialect_number(dialect_t const *dialect);

/*
 * The dialect of a request, or NULL: it is nothing that an AP asks about a
 * PSK. named (may be NULL) is the one that configuration says it is: a MAC
 * alone is read as that, and so is a handshake where the request has one of
 * that dialect.
 */
dialect_t const *dialect_find(dialect_request_t const *request, dialect_t const *named);

#endif
