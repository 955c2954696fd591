/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Digests by which equal PSKs are found among many, in sorted order: where
 * two are the same, mpsk_key_collides() decides. Memory that runs out ends
 * the program.
 */
#ifndef MPSKCTL_DIGEST_H
#define MPSKCTL_DIGEST_H

#include <stdint.h>

#include "wpa/pmk.h"

/* Of a PSK; 64 hex digits have the same one in either case. */
uint64_t ctl_digest_psk(wpa_psk_t const *psk);

/* Of a PMK: what its 64 hex digits have. */
uint64_t ctl_digest_pmk(wpa_pmk_t const *pmk);

#endif
