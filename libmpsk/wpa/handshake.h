/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One relayed handshake: everything needed to say whether a PMK made it.
 */
#ifndef MPSK_WPA_HANDSHAKE_H
#define MPSK_WPA_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/status.h"
#include "wpa/akm.h"
#include "wpa/eapol_key.h"
#include "wpa/pmk.h"

typedef struct {
	wpa_suite_t	suite;			/* as the station's RSNE says */
	wpa_suite_t	pairwise;
	uint8_t		version;
	wpa_akm_t const	*akm;			/* NULL until supported */
	wpa_context_t	context;
	uint8_t		mic[WPA_MIC_MAX];	/* akm->mic_len octets, as received */
	size_t		frame_len;
	uint8_t		frame[WPA_FRAME_MAX];	/* message 2 with its MIC field zero */
} wpa_handshake_t;

/*
 * Take in a handshake. The AKM is the one of the RSNE, for the MIC covers
 * it and no attribute beside the frame is so protected.
 *
 * BAD where ANonce is not 32 octets or the frame is no message 2; MISS
 * where it is one of an AKM that the table does not have (suite and version
 * are then set). Both with a text.
 */
mpsk_status_t wpa_handshake_set(wpa_handshake_t *hs, mpsk_mac_t const *aa, mpsk_mac_t const *spa,
				uint8_t const *anonce, size_t anonce_len, uint8_t const *frame, size_t frame_len,
				mpsk_error_t *err);

/*
 * Whether this PMK made the MIC: computed by libcrypto, compared in constant
 * time, KCK wiped. False too where libcrypto fails.
 */
bool wpa_handshake_verify(wpa_handshake_t const *hs, wpa_pmk_t const *pmk);

#endif
