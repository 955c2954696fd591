/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scan: which of the PMKs of a block may have made a handshake.
 *
 * PMKs stand in blocks of sixteen. A lane is in use where its bit is set in
 * `used`; any other lane holds random octets, so that no PMK that somebody
 * could guess stands there, and its bit is never reported.
 */
#ifndef MPSK_MATCH_MATCH_H
#define MPSK_MATCH_MATCH_H

#include <stdint.h>

#include "base/status.h"
#include "wpa/handshake.h"
#include "wpa/pmk.h"

#define MPSK_MATCH_LANES 16

typedef struct {
	uint32_t	used;			/* bit i: lane i holds a key's PMK */
	wpa_pmk_t	pmk[MPSK_MATCH_LANES];
} mpsk_match_block_t;

/* Fill every lane with random octets and mark it unused. ERR where there is no randomness. */
mpsk_status_t mpsk_match_block_init(mpsk_match_block_t *block);

/* Put a PMK into a lane. */
void mpsk_match_block_set(mpsk_match_block_t *block, unsigned lane, wpa_pmk_t const *pmk);

/* Refill a lane with random octets and mark it unused. */
mpsk_status_t mpsk_match_block_clear(mpsk_match_block_t *block, unsigned lane);

/*
 * The lanes, as a bit mask, whose PMK made the handshake. Every bit set has
 * been verified by wpa_handshake_verify(). hs->akm must not be NULL.
 */
uint32_t mpsk_match_block_scan(mpsk_match_block_t const *block, wpa_handshake_t const *hs);

#endif
