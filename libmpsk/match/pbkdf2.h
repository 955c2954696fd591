/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PMKs in bulk: PBKDF2-HMAC-SHA1 (RFC 8018, 5.2; IEEE 802.11-2020, annex
 * J.4) of several passphrases at once.
 */
#ifndef MPSK_MATCH_PBKDF2_H
#define MPSK_MATCH_PBKDF2_H

#include <stddef.h>

#include "base/ssid.h"
#include "base/status.h"
#include "match/match.h"
#include "wpa/pmk.h"

typedef struct {
	wpa_psk_t const		*psk;
	mpsk_ssid_t const	*ssid;
	wpa_pmk_t		pmk;	/* what comes out; a secret */
} mpsk_pbkdf2_job_t;

/* How many PMKs are derived at once, in about the 2 ms that one takes; MPSK_MATCH_LANES at most. */
size_t mpsk_pbkdf2_batch(void);

/*
 * wpa_pmk_derive() for any number of jobs, by the kernel in use or by one
 * that is given. ERR only where libcrypto fails; every PMK is then wiped.
 */
mpsk_status_t mpsk_pbkdf2_derive(mpsk_pbkdf2_job_t *jobs, size_t n);
mpsk_status_t mpsk_pbkdf2_derive_by(mpsk_pbkdf2_job_t *jobs, size_t n, mpsk_kernel_t const *kernel);

#endif
