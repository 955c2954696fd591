/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of AKMs: IEEE 802.11-2020, table 9-151 and table 12-11.
 *
 * A row says how the KCK comes from the PMK and how the MIC comes from the
 * KCK. A handshake whose AKM and key descriptor version have no row is not
 * supported; it is never tried another way.
 */
#ifndef MPSK_WPA_AKM_H
#define MPSK_WPA_AKM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/status.h"
#include "wpa/eapol_key.h"
#include "wpa/kdf.h"
#include "wpa/pmk.h"
#include "wpa/rsne.h"

#define WPA_KCK_MAX	24

#define WPA_AKM_PSK		0x000fac02	/* 00-0F-AC:2 */
#define WPA_AKM_FT_PSK		0x000fac04	/* 00-0F-AC:4 */
#define WPA_AKM_PSK_SHA256	0x000fac06	/* 00-0F-AC:6 */
#define WPA_AKM_SAE		0x000fac08	/* 00-0F-AC:8 */
#define WPA_AKM_FT_SAE		0x000fac09	/* 00-0F-AC:9 */
#define WPA_AKM_FT_PSK_SHA384	0x000fac13	/* 00-0F-AC:19 */
#define WPA_AKM_PSK_SHA384	0x000fac14	/* 00-0F-AC:20 */
#define WPA_AKM_SAE_EXT		0x000fac18	/* 00-0F-AC:24 */
#define WPA_AKM_FT_SAE_EXT	0x000fac19	/* 00-0F-AC:25 */
#define WPA_AKM_WPA1		0x0050f202	/* 00-50-F2:2, the PSK suite of WPA1 */

/*
 * Which versions a suite has is settled by 12.7.2. Of those with a PSK, 1 and
 * 2 are 00-0F-AC:2's and WPA1's, 1 with TKIP and 2 with any other cipher; 3,
 * with AES-CMAC, is that of 00-0F-AC:4 and 6; the later suites have 0, which
 * leaves the MIC to the AKM. So 00-0F-AC:2 has no row with 3 or 0: the
 * standard gives that frame no MIC, and stations refuse message 1 of such a
 * handshake.
 */

/* What the KCK's derivation hashes beside the PMK (12.7.1.3). */
typedef struct {
	mpsk_mac_t	aa;
	mpsk_mac_t	spa;
	uint8_t		anonce[WPA_NONCE_LEN];
	uint8_t		snonce[WPA_NONCE_LEN];
} wpa_context_t;

typedef struct wpa_akm wpa_akm_t;
typedef struct wpa_handshake wpa_handshake_t;
struct wpa_akm {
	wpa_suite_t		suite;
	uint8_t			version;	/* key descriptor version */
	char const		*name;		/* "WPA2-PSK" */
	size_t			mic_len;
	size_t			kck_len;
	size_t			kek_len;
	wpa_kdf_hash_t const	*hash;		/* of its KDF; NULL: PRF-n, which is of SHA-1, makes the PTK */
	bool			is_ft;		/* message 2 has FT's elements, and PMKR1Name tells the PMK */
	/* The first kck_len octets of a PTK of so many bits; hs->akm is this row. ERR where libcrypto fails. */
	mpsk_status_t	(*kck)(uint8_t kck[static WPA_KCK_MAX], wpa_pmk_t const *pmk, wpa_handshake_t const *hs,
			       uint16_t ptk_bits);
	/* The first mic_len octets of the MIC over a frame whose MIC field is zero. */
	mpsk_status_t	(*mic)(uint8_t mic[static WPA_MIC_MAX], uint8_t const kck[static WPA_KCK_MAX],
			       uint8_t const *frame, size_t len);
};

/* The row for a suite and version, or NULL: UNSUPPORTED_AKM. */
wpa_akm_t const *wpa_akm_find(wpa_suite_t suite, uint8_t version);

/*
 * The name of a suite of SAE, which is WPA3's, or NULL: it is none. Its PMK
 * comes of an exchange before the handshake, for which the access point needs
 * the passphrase: no handshake tells of which it was made.
 */
char const *wpa_akm_sae_name(wpa_suite_t suite);

/* "00-0F-AC:4"; out holds at least WPA_SUITE_TEXT_MAX. Returns out. */
#define WPA_SUITE_TEXT_MAX 16
char *wpa_suite_print(char out[static WPA_SUITE_TEXT_MAX], wpa_suite_t suite);

#endif
