/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a station chose: the RSNE (IEEE 802.11-2020, 9.4.2.24) or WPA1's
 * vendor element, at the start of message 2's key data.
 */
#ifndef MPSK_WPA_RSNE_H
#define MPSK_WPA_RSNE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "wpa/eapol_key.h"

/* A suite selector: OUI and type as one number, 0x000fac02 for 00-0F-AC:2. */
typedef uint32_t wpa_suite_t;

typedef struct {
	wpa_suite_t	pairwise;
	wpa_suite_t	akm;
} wpa_rsne_t;

/*
 * Read the element that the descriptor type calls for from key data: the
 * elements must fill it to the octet, and the RSNE (WPA1: the vendor
 * element) must be among them, once, with exactly one pairwise cipher and
 * one AKM, for that is what a station sends. Lists that are absent take the
 * standard's defaults (CCMP or TKIP; 802.1X).
 *
 * BAD, with a text that says what is wrong, for anything else.
 */
mpsk_status_t wpa_rsne_find(wpa_rsne_t *rsne, wpa_eapol_key_t const *m2, mpsk_error_t *err);

#endif
