/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The attributes in which a key can come: each maker's own.
 */
#ifndef RADMPSK_KEYS_H
#define RADMPSK_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "radius/packet.h"
#include "wpa/pmk.h"

typedef enum {
	KEYS_TUNNEL_PASSWORD = 0,
	KEYS_CISCO,
	KEYS_ARUBA,
	KEYS_MIKROTIK,
	KEYS_HUAWEI,
	KEYS_LANCOM,
	KEYS_RUCKUS_DPSK,
	KEYS_MPPE,
	KEYS_FOUND_KEY,
	KEYS_MAX
} keys_kind_t;

#define KEYS_BIT(_kind) (1u << KEYS_ ## _kind)

/* What the attributes of a kind are called. */
char const *keys_name(keys_kind_t kind);

/* What hides them. */
typedef struct {
	radius_secret_t const	*secret;
	uint8_t const		*authenticator;	/* the request's */
} keys_context_t;

/*
 * Read a key of one of these kinds; a PMK becomes 64 hex digits. MISS where
 * the attribute is none of them; BAD, with a text, where it is and cannot be
 * used. The caller wipes the PSK.
 */
mpsk_status_t keys_read(wpa_psk_t *psk, radius_attribute_t const *attribute, unsigned kinds,
			keys_context_t const *context, mpsk_error_t *err);

/* Whether the attribute is where a key of one of these kinds would be. */
bool keys_is_one(radius_attribute_t const *attribute, unsigned kinds);

/* The VLAN of MikroTik's own attribute, 0 where this is not one. */
unsigned keys_mikrotik_vlan(radius_attribute_t const *attribute);

#endif
