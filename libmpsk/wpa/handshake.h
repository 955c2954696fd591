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
#include "wpa/ft.h"
#include "wpa/pmk.h"

/* The PTK's lengths in bits that a handshake may have: the KDFs of SHA-256 and SHA-384 hash it in. */
#define WPA_PTK_MAX 2	/* without and with a KDK */

struct wpa_handshake {
	wpa_suite_t	suite;			/* as the station's RSNE says */
	wpa_suite_t	pairwise;
	uint8_t		version;
	wpa_akm_t const	*akm;			/* NULL until supported */
	wpa_context_t	context;
	size_t		n_ptk;			/* 1; 2 where the station offers what needs a KDK */
	uint16_t	ptk_bits[WPA_PTK_MAX];	/* 0 where the AKM does not hash it */
	wpa_ft_t	ft;			/* of FT AKMs, else zero */
	bool		is_mlo;			/* of a multi-link device; context.spa is its MLD address */
	uint8_t		mic[WPA_MIC_MAX];	/* akm->mic_len octets, as received */
	size_t		frame_len;
	uint8_t		frame[WPA_FRAME_MAX];	/* message 2 with its MIC field zero; only frame_len octets are set */
};

/* What an access point relays of a handshake. Octets are borrowed. */
typedef struct {
	mpsk_mac_t	aa;
	mpsk_mac_t	spa;
	mpsk_ssid_t	ssid;
	uint8_t const	*anonce;	/* of any length */
	size_t		anonce_len;
	uint8_t const	*frame;		/* of any length */
	size_t		frame_len;
} wpa_relayed_t;

/*
 * Take in a handshake. The AKM is the one of the RSNE, for the MIC covers
 * it and no attribute beside the frame is so protected. Of the two places
 * that the RSNE can have with version 0, the one counts whose AKM has a MIC
 * of the length that leads there. A station that names its MLD address is
 * known by it: context.spa.
 *
 * BAD where ANonce is not 32 octets or the frame is no message 2; MISS
 * where it is one of an AKM that the table does not have (suite and version
 * are then set), or of a cipher whose TK has a length that is not known and
 * has to be. Both with a text.
 */
mpsk_status_t wpa_handshake_set(wpa_handshake_t *hs, wpa_relayed_t const *relayed, mpsk_error_t *err);

/*
 * The MIC that a PMK makes over this handshake with the n-th of its PTK
 * lengths: akm->mic_len octets, the rest zero. ERR where libcrypto fails.
 */
mpsk_status_t wpa_handshake_mic(uint8_t mic[static WPA_MIC_MAX], wpa_handshake_t const *hs, wpa_pmk_t const *pmk,
				size_t n);

/*
 * Whether this PMK made the MIC, with any of the lengths; of FT, PMKR1Name first: computed by libcrypto,
 * compared in constant time, keys wiped. False too where libcrypto fails.
 */
bool wpa_handshake_verify(wpa_handshake_t const *hs, wpa_pmk_t const *pmk);

#endif
