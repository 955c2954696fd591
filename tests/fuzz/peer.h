/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Redis that says what the input says, on a unix socket in a folder of its
 * own, which goes when the process ends.
 */
#ifndef MPSK_TESTS_FUZZ_PEER_H
#define MPSK_TESTS_FUZZ_PEER_H

#include <stddef.h>
#include <stdint.h>

#include "store/conn.h"

#define PEER_INPUT_MAX 32768	/* fits a socket's buffer, so that nobody waits */

/* A connection on which these octets have come already, and then its end. talloc_free() it, then peer_close(). */
mpsk_conn_t *peer_conn(uint8_t const *octets, size_t len);
void peer_close(void);

/* unix:///..., where a thread gives each connection the octets once it has asked something, and then its end. */
char const *peer_serve(uint8_t const *octets, size_t len);

#endif
