/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FT's key hierarchy: IEEE 802.11-2020, 12.7.1.6.3 to 12.7.1.6.5.
 *
 *	R0-Key-Data = KDF-Hash-(Q + 128)(XXKey, "FT-R0", R0's context), Q the bits of the hash;
 *	PMK-R0 is its first Q bits, so block 1, and the salt of PMKR0Name the 128 that follow: the start of block 2.
 *	PMKR0Name = the first 128 bits of Hash("FT-R0N" || salt)
 *	PMKR1Name = the first 128 bits of Hash("FT-R1N" || PMKR0Name || R1's context)
 *	PMK-R1 = KDF-Hash-Q(PMK-R0, "FT-R1", R1's context)
 *	PTK = KDF-Hash-Length(PMK-R1, "FT-PTK", PTK's context)
 *
 * XXKey is the PMK that the PSK gives, 256 bits with either hash. So block 2 and two hashes alone tell
 * whether a PMK has a given PMKR1Name. Hash is that of the AKM's row.
 */
#ifndef MPSK_WPA_FT_H
#define MPSK_WPA_FT_H

#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/ssid.h"
#include "base/status.h"
#include "wpa/kdf.h"
#include "wpa/pmk.h"
#include "wpa/prf.h"
#include "wpa/rsne.h"

#define WPA_R0KH_ID_MAX	48
#define WPA_R1KH_ID_LEN	6
#define WPA_MDID_LEN	2

#define WPA_FT_KEY_MAX	48	/* PMK-R0 and PMK-R1 have hash->len octets */
#define WPA_FT_R0_LABEL	"FT-R0"
#define WPA_FT_R0N_LABEL "FT-R0N"
#define WPA_FT_R1N_LABEL "FT-R1N"
#define WPA_FT_PTK_LABEL "FT-PTK"

/* What FT hashes into its keys beside the context (12.7.1.6). All but the SSID stands in message 2. */
typedef struct {
	mpsk_ssid_t	ssid;
	uint8_t		mdid[WPA_MDID_LEN];
	uint8_t		r0kh_id_len;			/* 1 to 48 */
	uint8_t		r0kh_id[WPA_R0KH_ID_MAX];
	uint8_t		r1kh_id[WPA_R1KH_ID_LEN];
	uint8_t		pmk_r1_name[WPA_PMKID_LEN];	/* of the RSNE: alone tells which PMK it is, the MIC confirms */
} wpa_ft_t;

/* SSIDlength || SSID || MDID || R0KHlength || R0KH-ID || S0KH-ID, which is the SPA. Returns its length. */
#define WPA_FT_R0_CONTEXT_MAX (1 + MPSK_SSID_MAX + WPA_MDID_LEN + 1 + WPA_R0KH_ID_MAX + MPSK_MAC_LEN)
size_t wpa_ft_r0_context(uint8_t out[static WPA_FT_R0_CONTEXT_MAX], wpa_ft_t const *ft, mpsk_mac_t const *spa);

/* R1KH-ID || S1KH-ID, which is the SPA. */
#define WPA_FT_R1_CONTEXT_LEN (WPA_R1KH_ID_LEN + MPSK_MAC_LEN)
void wpa_ft_r1_context(uint8_t out[static WPA_FT_R1_CONTEXT_LEN], wpa_ft_t const *ft, mpsk_mac_t const *spa);

/* SNonce || ANonce || BSSID || STA-ADDR: unlike wpa_context_print(), in no order of their values. */
void wpa_ft_ptk_context(uint8_t out[static WPA_CONTEXT_LEN], wpa_context_t const *context);

/* The derivation of R0-Key-Data; context is the caller's and must last as long as it. */
wpa_kdf_t wpa_ft_r0_kdf(uint8_t context[static WPA_FT_R0_CONTEXT_MAX], wpa_kdf_hash_t const *hash, wpa_ft_t const *ft,
			mpsk_mac_t const *spa);

/* All of these: ERR, and zero, where libcrypto fails. */
mpsk_status_t wpa_ft_r0(uint8_t r0[static WPA_FT_KEY_MAX], wpa_kdf_hash_t const *hash, wpa_pmk_t const *pmk,
			wpa_ft_t const *ft, mpsk_mac_t const *spa);
mpsk_status_t wpa_ft_r0_name(uint8_t name[static WPA_PMKID_LEN], wpa_kdf_hash_t const *hash, wpa_pmk_t const *pmk,
			     wpa_ft_t const *ft, mpsk_mac_t const *spa);
mpsk_status_t wpa_ft_r1(uint8_t r1[static WPA_FT_KEY_MAX], wpa_kdf_hash_t const *hash,
			uint8_t const r0[static WPA_FT_KEY_MAX], wpa_ft_t const *ft, mpsk_mac_t const *spa);
mpsk_status_t wpa_ft_r1_name(uint8_t name[static WPA_PMKID_LEN], wpa_kdf_hash_t const *hash,
			     uint8_t const r0_name[static WPA_PMKID_LEN], wpa_ft_t const *ft, mpsk_mac_t const *spa);

#endif
