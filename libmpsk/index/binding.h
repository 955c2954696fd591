/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which key a device held last, as far as this server saw: a bounded table
 * from (MAC, SSID) to a key id and the time of its last claim. A hint: what
 * is found here is checked against the handshake or the store before it
 * counts. Any thread may call; the least recently used entry makes way.
 */
#ifndef MPSK_INDEX_BINDING_H
#define MPSK_INDEX_BINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/mac.h"
#include "base/ssid.h"
#include "base/text.h"
#include "key/key.h"

typedef struct mpsk_bindings mpsk_bindings_t;

typedef struct {
	char	id[MPSK_ID_MAX + 1];
	char	fingerprint[MPSK_FINGERPRINT_LEN + 1];	/* of the psk that was claimed */
	uint64_t psk_mark;				/* of the PSK itself: mpsk_bindings_mark(); 0: not known */
	int64_t	claimed_at;				/* epoch seconds */
} mpsk_binding_t;

/* A table of at most max entries. NULL where memory is out. */
mpsk_bindings_t *mpsk_bindings_create(TALLOC_CTX *ctx, size_t max);

/*
 * A number that stands for a PSK in this table, never 0 and with any other PSK another one: whether it is the same as
 * before shows sooner so than by a fingerprint. It is keyed by what nobody outside knows, and means nothing elsewhere.
 */
uint64_t mpsk_bindings_mark(mpsk_bindings_t const *bindings, wpa_psk_t const *psk);

/* Copy the binding out; false where there is none. */
bool mpsk_bindings_get(mpsk_bindings_t *bindings, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid, mpsk_binding_t *out);

void mpsk_bindings_set(mpsk_bindings_t *bindings, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid,
		       mpsk_binding_t const *binding);

void mpsk_bindings_drop(mpsk_bindings_t *bindings, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid);

#endif
