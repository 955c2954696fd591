/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The key data of message 2: the elements and KDEs in it (IEEE 802.11-2020,
 * 12.7.2; those of multi-link devices: 802.11be).
 */
#ifndef MPSK_WPA_KEY_DATA_H
#define MPSK_WPA_KEY_DATA_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "wpa/eapol_key.h"

/* The body of one, within the frame; NULL where there is none. */
typedef struct {
	uint8_t const	*octets;
	size_t		len;
} wpa_element_t;

typedef struct {
	wpa_element_t	rsne;		/* WPA1: of the vendor element, after its OUI and type */
	wpa_element_t	rsnxe;
	wpa_element_t	mde;
	wpa_element_t	fte;
	wpa_element_t	mac;		/* of the MAC Address KDE: the 6 octets of a station's MLD address */
	wpa_element_t	mlo_link;	/* of an MLO Link KDE, the last */
} wpa_key_data_t;

/*
 * Find them: the elements must fill the key data to the octet, but for
 * padding (0xdd and zeros) at its end, and each but MLO Link KDEs may stand
 * there once. The element that the descriptor type calls for must be there;
 * any that is not named above is passed over, and with WPA1's descriptor so
 * are all but that one.
 *
 * BAD, with a text that names the element, for anything else.
 */
mpsk_status_t wpa_key_data_read(wpa_key_data_t *data, wpa_eapol_key_t const *m2, mpsk_error_t *err);

#endif
