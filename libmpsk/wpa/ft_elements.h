/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What message 2 of FT carries beside the AKM: IEEE 802.11-2020, 9.4.2.46
 * (MDE), 9.4.2.47 (FTE), 13.4.2.
 */
#ifndef MPSK_WPA_FT_ELEMENTS_H
#define MPSK_WPA_FT_ELEMENTS_H

#include <stddef.h>

#include "base/status.h"
#include "wpa/ft.h"
#include "wpa/key_data.h"
#include "wpa/rsne.h"

/*
 * Fill all of ft but its SSID. The FTE's MIC field has the length of the
 * AKM's MIC. BAD, with a text that names the element and what it lacks,
 * where MDE or FTE is missing or malformed, the FTE does not hold R0KH-ID
 * and R1KH-ID once each, or the RSNE does not have exactly one PMKID, which
 * is PMKR1Name.
 */
mpsk_status_t wpa_ft_elements_read(wpa_ft_t *ft, wpa_key_data_t const *data, wpa_rsne_t const *rsne, size_t mic_len,
				   mpsk_error_t *err);

#endif
