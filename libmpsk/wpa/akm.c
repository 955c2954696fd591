/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/akm.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "wpa/cmac.h"
#include "wpa/handshake.h"
#include "wpa/hmac.h"
#include "wpa/prf.h"

#define KCK_LEN 16
#define KEK_LEN 16
#define MIC_LEN 16

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

static mpsk_status_t mic_hmac(uint8_t mic[static WPA_MIC_MAX], char const *digest, uint8_t const *kck,
			      uint8_t const *frame, size_t len)
{
	uint8_t full[WPA_HMAC_MAX];
	mpsk_status_t status = wpa_hmac(full, digest, kck, KCK_LEN, &(wpa_part_t) { frame, len }, 1);

	memset(mic, 0, WPA_MIC_MAX);
	if (status == MPSK_OK) memcpy(mic, full, MIC_LEN);
	mpsk_secret_wipe(full, sizeof(full));
	return status;
}

static mpsk_status_t mic_hmac_md5(uint8_t mic[static WPA_MIC_MAX], uint8_t const kck[static WPA_KCK_MAX],
				  uint8_t const *frame, size_t len)
{
	return mic_hmac(mic, "MD5", kck, frame, len);
}

static mpsk_status_t mic_hmac_sha1(uint8_t mic[static WPA_MIC_MAX], uint8_t const kck[static WPA_KCK_MAX],
				   uint8_t const *frame, size_t len)
{
	return mic_hmac(mic, "SHA1", kck, frame, len);
}

static mpsk_status_t mic_cmac(uint8_t mic[static WPA_MIC_MAX], uint8_t const kck[static WPA_KCK_MAX],
			      uint8_t const *frame, size_t len)
{
	memset(mic, 0, WPA_MIC_MAX);
	return wpa_cmac(mic, kck, frame, len);
}

#define PRF_SHA1	MIC_LEN, KCK_LEN, KEK_LEN, NULL, kck_prf_sha1
#define KDF_SHA256	MIC_LEN, KCK_LEN, KEK_LEN, &wpa_kdf_sha256

static wpa_akm_t const akms[] = {
	{ WPA_AKM_PSK,		2, "WPA2-PSK",		PRF_SHA1, mic_hmac_sha1 },
	{ WPA_AKM_PSK,		1, "WPA2-PSK (TKIP)",	PRF_SHA1, mic_hmac_md5 },
	{ WPA_AKM_PSK_SHA256,	3, "PSK-SHA256",	KDF_SHA256, kck_kdf, mic_cmac },
	{ WPA_AKM_WPA1,		2, "WPA-PSK (CCMP)",	PRF_SHA1, mic_hmac_sha1 },
	{ WPA_AKM_WPA1,		1, "WPA-PSK",		PRF_SHA1, mic_hmac_md5 },
};

wpa_akm_t const *wpa_akm_find(wpa_suite_t suite, uint8_t version)
{
	for (size_t i = 0; i < sizeof(akms) / sizeof(akms[0]); i++) {
		if (akms[i].suite == suite && akms[i].version == version) return &akms[i];
	}
	return NULL;
}

char *wpa_suite_print(char out[static WPA_SUITE_TEXT_MAX], wpa_suite_t suite)
{
	snprintf(out, WPA_SUITE_TEXT_MAX, "%02X-%02X-%02X:%u", (unsigned) (suite >> 24 & 0xff),
		 (unsigned) (suite >> 16 & 0xff), (unsigned) (suite >> 8 & 0xff), (unsigned) (suite & 0xff));
	return out;
}
