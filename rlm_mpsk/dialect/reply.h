/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reply of an accepted request, as dialects write it: styles by name,
 * for a NAS may be told to be answered in another one than it asks in.
 */
#ifndef RLM_MPSK_DIALECT_REPLY_H
#define RLM_MPSK_DIALECT_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "policy/policy.h"
#include "rlm_mpsk/dialect/attribute.h"

/* Who takes the attributes. Octets are copied. ERR where memory is out. */
typedef struct {
	void		*uctx;
	mpsk_status_t	(*octets)(void *uctx, dialect_attribute_t attribute, void const *octets, size_t len);
	mpsk_status_t	(*number)(void *uctx, dialect_attribute_t attribute, uint32_t number);
} dialect_reply_t;

typedef struct {
	char const	*name;
	bool		needs_pmk;	/* outcome->pmk has to be there, whatever way the key was found */
	/* Put the key, and the VLAN where there is one, into the reply. ERR where memory is out. */
	mpsk_status_t	(*write)(dialect_reply_t const *reply, mpsk_outcome_t const *outcome);
} dialect_style_t;

extern dialect_style_t const dialect_style_tunnel_password;
extern dialect_style_t const dialect_style_ruckus_dpsk;
extern dialect_style_t const dialect_style_ruckus_mppe;
extern dialect_style_t const dialect_style_cisco;
extern dialect_style_t const dialect_style_aruba;
extern dialect_style_t const dialect_style_mikrotik;
extern dialect_style_t const dialect_style_huawei;
extern dialect_style_t const dialect_style_lancom;
extern dialect_style_t const dialect_style_foundkey;

/* The style of a name, or NULL. */
dialect_style_t const *dialect_style_find(char const *name);

/* VLAN as RFC 3580, 3.31 has it, where the outcome has one. */
mpsk_status_t dialect_reply_vlan(dialect_reply_t const *reply, mpsk_outcome_t const *outcome);

/* Tunnel-Password: one, or of candidates several, the likeliest last. */
mpsk_status_t dialect_reply_tunnel_password(dialect_reply_t const *reply, mpsk_outcome_t const *outcome);

/* The PSK as it was typed, in an attribute of its own; then the VLAN as RFC 3580 has it. */
mpsk_status_t dialect_reply_psk(dialect_reply_t const *reply, dialect_attribute_t attribute,
				mpsk_outcome_t const *outcome);

/* Acct-Interim-Interval, where it is not 0. */
mpsk_status_t dialect_reply_interim(dialect_reply_t const *reply, uint32_t seconds);

/* What goes with every key: User-Name and CUI, the key's name; Session-Timeout where it is wanted and there is one. */
mpsk_status_t dialect_reply_common(dialect_reply_t const *reply, mpsk_outcome_t const *outcome, bool session_timeout);

#endif
