/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replies for tests, made by code of its own: an error in radmpsk's must show.
 */
#ifndef MPSK_TESTS_REPLY_H
#define MPSK_TESTS_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "radius/packet.h"

#define REPLY_SECRET "testing123"

/* Begin a reply to a request. */
void reply_begin(radius_packet_t *reply, uint8_t code, uint8_t const *request);

void reply_add(radius_packet_t *reply, uint8_t type, void const *value, size_t len);

/* Hide a password of up to 239 octets with a salt, and add it. */
void reply_tunnel_password_add(radius_packet_t *reply, uint8_t const *request, char const *password, size_t len,
			       uint8_t salt);

/* Add a Message-Authenticator where signed_reply says so, and compute the authenticator. */
void reply_end(radius_packet_t *reply, uint8_t const *request, bool signed_reply);

#endif
