/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a station chose: the RSNE (IEEE 802.11-2020, 9.4.2.24) or WPA1's
 * vendor element, and the RSNXE (9.4.2.241).
 */
#ifndef MPSK_WPA_RSNE_H
#define MPSK_WPA_RSNE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "wpa/key_data.h"

#define WPA_PMKID_LEN 16

/* A suite selector: OUI and type as one number, 0x000fac02 for 00-0F-AC:2. */
typedef uint32_t wpa_suite_t;

typedef struct {
	wpa_suite_t	pairwise;
	wpa_suite_t	akm;
	size_t		n_pmkids;
	uint8_t const	*pmkids;	/* n_pmkids times WPA_PMKID_LEN octets, within the frame; NULL: none */
} wpa_rsne_t;

/*
 * Read the body of the element that the descriptor type calls for. It must
 * have exactly one pairwise cipher and one AKM, for that is what a station
 * sends. Lists that are absent take the standard's defaults (CCMP or TKIP;
 * 802.1X).
 *
 * BAD, with a text that says what is wrong, for anything else.
 */
mpsk_status_t wpa_rsne_read(wpa_rsne_t *rsne, wpa_descriptor_t descriptor, wpa_element_t const *element,
			    mpsk_error_t *err);

/* Whether an RSNXE's body (none is there where its octets are NULL) offers secure LTF, which needs a KDK. */
bool wpa_rsnxe_has_secure_ltf(wpa_element_t const *element);

#endif
