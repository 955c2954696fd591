/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cisco's AV pairs: `name=value`, where the value may be any octets.
 */
#ifndef RLM_MPSK_DIALECT_AVPAIR_H
#define RLM_MPSK_DIALECT_AVPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef struct {
	uint8_t const	*octets;	/* the value; NULL where the pair has another name */
	size_t		len;
} dialect_avpair_value_t;

/* The value of a pair where its name is this one. */
dialect_avpair_value_t dialect_avpair_value(char const *name, uint8_t const *octets, size_t len);

/* Whether a pair is part of a relayed handshake. */
bool dialect_avpair_is_relayed(uint8_t const *octets, size_t len);

#endif
