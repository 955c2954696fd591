/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/akm.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "wpa/cmac.h"
#include "wpa/ft.h"
#include "wpa/handshake.h"
#include "wpa/hmac.h"
#include "wpa/prf.h"

#define KCK_LEN		16
#define KCK_LEN_SHA384	24

static mpsk_status_t kck_prf_sha1(uint8_t kck[static WPA_KCK_MAX], wpa_pmk_t const *pmk, wpa_handshake_t const *hs,
				  uint16_t ptk_bits)
{
	uint8_t data[WPA_CONTEXT_LEN];
	mpsk_status_t status;

	(void) ptk_bits;	/* PRF-n does not hash its length */
	memset(kck, 0, WPA_KCK_MAX);
	wpa_context_print(data, &hs->context);
	status = wpa_prf_sha1(kck, KCK_LEN, pmk->octets, WPA_PMK_LEN, WPA_PTK_LABEL, data, sizeof(data));
	if (status != MPSK_OK) mpsk_secret_wipe(kck, WPA_KCK_MAX);
	return status;
}

static mpsk_status_t kck_kdf(uint8_t kck[static WPA_KCK_MAX], wpa_pmk_t const *pmk, wpa_handshake_t const *hs,
			     uint16_t ptk_bits)
{
	uint8_t context[WPA_CONTEXT_LEN];
	wpa_kdf_t const kdf = { hs->akm->hash, WPA_PTK_LABEL, context, sizeof(context), ptk_bits };

	memset(kck, 0, WPA_KCK_MAX);
	wpa_context_print(context, &hs->context);
	return wpa_kdf(kck, hs->akm->kck_len, &kdf, pmk->octets, WPA_PMK_LEN);
}

static mpsk_status_t kck_ft(uint8_t kck[static WPA_KCK_MAX], wpa_pmk_t const *pmk, wpa_handshake_t const *hs,
			    uint16_t ptk_bits)
{
	uint8_t r0[WPA_FT_KEY_MAX], r1[WPA_FT_KEY_MAX] = { 0 }, context[WPA_CONTEXT_LEN];
	wpa_kdf_hash_t const *hash = hs->akm->hash;
	wpa_kdf_t const kdf = { hash, WPA_FT_PTK_LABEL, context, sizeof(context), ptk_bits };
	mpsk_status_t status = wpa_ft_r0(r0, hash, pmk, &hs->ft, &hs->context.spa);

	memset(kck, 0, WPA_KCK_MAX);
	wpa_ft_ptk_context(context, &hs->context);
	if (status == MPSK_OK) status = wpa_ft_r1(r1, hash, r0, &hs->ft, &hs->context.spa);
	if (status == MPSK_OK) status = wpa_kdf(kck, hs->akm->kck_len, &kdf, r1, hash->len);
	mpsk_secret_wipe(r0, sizeof(r0));
	mpsk_secret_wipe(r1, sizeof(r1));
	return status;
}

static mpsk_status_t mic_hmac(uint8_t mic[static WPA_MIC_MAX], size_t mic_len, char const *digest, uint8_t const *kck,
			      size_t kck_len, wpa_part_t frame)
{
	uint8_t full[WPA_HMAC_MAX];
	mpsk_status_t status = wpa_hmac(full, digest, kck, kck_len, &frame, 1);

	memset(mic, 0, WPA_MIC_MAX);
	if (status == MPSK_OK) memcpy(mic, full, mic_len);
	mpsk_secret_wipe(full, sizeof(full));
	return status;
}

static mpsk_status_t mic_hmac_md5(uint8_t mic[static WPA_MIC_MAX], uint8_t const kck[static WPA_KCK_MAX],
				  uint8_t const *frame, size_t len)
{
	return mic_hmac(mic, WPA_MIC_USUAL, "MD5", kck, KCK_LEN, (wpa_part_t) { frame, len });
}

static mpsk_status_t mic_hmac_sha1(uint8_t mic[static WPA_MIC_MAX], uint8_t const kck[static WPA_KCK_MAX],
				   uint8_t const *frame, size_t len)
{
	return mic_hmac(mic, WPA_MIC_USUAL, "SHA1", kck, KCK_LEN, (wpa_part_t) { frame, len });
}

static mpsk_status_t mic_hmac_sha384(uint8_t mic[static WPA_MIC_MAX], uint8_t const kck[static WPA_KCK_MAX],
				     uint8_t const *frame, size_t len)
{
	return mic_hmac(mic, WPA_MIC_MAX, "SHA384", kck, KCK_LEN_SHA384, (wpa_part_t) { frame, len });
}

static mpsk_status_t mic_cmac(uint8_t mic[static WPA_MIC_MAX], uint8_t const kck[static WPA_KCK_MAX],
			      uint8_t const *frame, size_t len)
{
	memset(mic, 0, WPA_MIC_MAX);
	return wpa_cmac(mic, kck, frame, len);
}

/* The lengths of MIC, KCK and KEK, and the hash of the KDF: table 12-11. */
#define BY_SHA1		WPA_MIC_USUAL, KCK_LEN, 16, NULL
#define BY_SHA256	WPA_MIC_USUAL, KCK_LEN, 16, &wpa_kdf_sha256
#define BY_SHA384	WPA_MIC_MAX, KCK_LEN_SHA384, 32, &wpa_kdf_sha384

static wpa_akm_t const akms[] = {
	{ WPA_AKM_PSK,		2, "WPA2-PSK",		BY_SHA1,	false,	kck_prf_sha1,	mic_hmac_sha1 },
	{ WPA_AKM_PSK,		1, "WPA2-PSK (TKIP)",	BY_SHA1,	false,	kck_prf_sha1,	mic_hmac_md5 },
	{ WPA_AKM_FT_PSK,	3, "FT-PSK",		BY_SHA256,	true,	kck_ft,		mic_cmac },
	{ WPA_AKM_PSK_SHA256,	3, "PSK-SHA256",	BY_SHA256,	false,	kck_kdf,	mic_cmac },
	{ WPA_AKM_FT_PSK_SHA384, 0, "FT-PSK-SHA384",	BY_SHA384,	true,	kck_ft,		mic_hmac_sha384 },
	{ WPA_AKM_PSK_SHA384,	0, "PSK-SHA384",	BY_SHA384,	false,	kck_kdf,	mic_hmac_sha384 },
	{ WPA_AKM_WPA1,		2, "WPA-PSK (CCMP)",	BY_SHA1,	false,	kck_prf_sha1,	mic_hmac_sha1 },
	{ WPA_AKM_WPA1,		1, "WPA-PSK",		BY_SHA1,	false,	kck_prf_sha1,	mic_hmac_md5 },
};

wpa_akm_t const *wpa_akm_find(wpa_suite_t suite, uint8_t version)
{
	for (size_t i = 0; i < sizeof(akms) / sizeof(akms[0]); i++) {
		if (akms[i].suite == suite && akms[i].version == version) return &akms[i];
	}
	return NULL;
}

static struct {
	wpa_suite_t	suite;
	char const	*name;
} const saes[] = {
	{ WPA_AKM_SAE,		"SAE" },
	{ WPA_AKM_FT_SAE,	"FT-SAE" },
	{ WPA_AKM_SAE_EXT,	"SAE-EXT-KEY" },
	{ WPA_AKM_FT_SAE_EXT,	"FT-SAE-EXT-KEY" },
};

char const *wpa_akm_sae_name(wpa_suite_t suite)
{
	for (size_t i = 0; i < sizeof(saes) / sizeof(saes[0]); i++) {
		if (saes[i].suite == suite) return saes[i].name;
	}
	return NULL;
}

char *wpa_suite_print(char out[static WPA_SUITE_TEXT_MAX], wpa_suite_t suite)
{
	snprintf(out, WPA_SUITE_TEXT_MAX, "%02X-%02X-%02X:%u", (unsigned) (suite >> 24 & 0xff),
		 (unsigned) (suite >> 16 & 0xff), (unsigned) (suite >> 8 & 0xff), (unsigned) (suite & 0xff));
	return out;
}
