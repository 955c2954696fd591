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

#define WPA_R0KH_ID_MAX	48
#define WPA_R1KH_ID_LEN	6
#define WPA_MDID_LEN	2
#define WPA_PMKID_LEN	16

/* What FT hashes into its keys beside the context (12.7.1.6). All but the SSID stands in message 2. */
typedef struct {
	mpsk_ssid_t	ssid;
	uint8_t		mdid[WPA_MDID_LEN];
	uint8_t		r0kh_id_len;			/* 1 to 48 */
	uint8_t		r0kh_id[WPA_R0KH_ID_MAX];
	uint8_t		r1kh_id[WPA_R1KH_ID_LEN];
	uint8_t		pmk_r1_name[WPA_PMKID_LEN];	/* of the RSNE: alone tells which PMK it is, the MIC confirms */
} wpa_ft_t;

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
	uint8_t		frame[WPA_FRAME_MAX];	/* message 2 with its MIC field zero */
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
 * it and no attribute beside the frame is so protected.
 *
 * BAD where ANonce is not 32 octets or the frame is no message 2; MISS
 * where it is one of an AKM that the table does not have (suite and version
 * are then set). Both with a text.
 */
mpsk_status_t wpa_handshake_set(wpa_handshake_t *hs, wpa_relayed_t const *relayed, mpsk_error_t *err);

/*
 * The MIC that a PMK makes over this handshake with the n-th of its PTK
 * lengths: akm->mic_len octets, the rest zero. ERR where libcrypto fails.
 */
mpsk_status_t wpa_handshake_mic(uint8_t mic[static WPA_MIC_MAX], wpa_handshake_t const *hs, wpa_pmk_t const *pmk,
				size_t n);

/*
 * Whether this PMK made the MIC, with any of the lengths: computed by libcrypto, compared in constant
 * time, KCK wiped. False too where libcrypto fails.
 */
bool wpa_handshake_verify(wpa_handshake_t const *hs, wpa_pmk_t const *pmk);

#endif
