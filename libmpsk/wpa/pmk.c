/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/pmk.h"

#include <string.h>

#include <openssl/evp.h>

#include "base/hex.h"
#include "base/secret.h"

#define PBKDF2_ITERATIONS 4096

static bool is_hex_pmk(void const *octets, size_t len)
{
	wpa_pmk_t pmk;
	bool is_hex = mpsk_hex_decode(pmk.octets, WPA_PMK_LEN, octets, len);

	mpsk_secret_wipe(&pmk, sizeof(pmk));
	return is_hex;
}

mpsk_status_t wpa_psk_set(wpa_psk_t *psk, void const *octets, size_t len, mpsk_error_t *err)
{
	*psk = (wpa_psk_t) { 0 };
	if (len < WPA_PASSPHRASE_MIN || len > WPA_PSK_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "the PSK has %zu octets: a passphrase has 8 to 63, "
				      "a PMK is written as 64 hex digits", len);
	}
	if (len == WPA_PSK_MAX && !is_hex_pmk(octets, len)) {
		return mpsk_error_set(err, MPSK_BAD, "the PSK has 64 octets that are not all hex digits: "
				      "a passphrase has 8 to 63");
	}
	memcpy(psk->octets, octets, len);
	psk->len = (uint8_t) len;
	return MPSK_OK;
}

bool wpa_psk_is_pmk(wpa_psk_t const *psk)
{
	return psk->len == WPA_PSK_MAX;
}

bool wpa_psk_is_ascii(wpa_psk_t const *psk)
{
	for (size_t i = 0; i < psk->len; i++) {
		if (psk->octets[i] < ' ' || psk->octets[i] > '~') return false;
	}
	return true;
}

mpsk_status_t wpa_pmk_derive(wpa_pmk_t *pmk, wpa_psk_t const *psk, mpsk_ssid_t const *ssid)
{
	char const *text = (char const *) psk->octets;
	bool done;

	if (wpa_psk_is_pmk(psk)) {
		done = mpsk_hex_decode(pmk->octets, WPA_PMK_LEN, text, psk->len);
	} else {
		done = PKCS5_PBKDF2_HMAC(text, psk->len, ssid->octets, ssid->len, PBKDF2_ITERATIONS, EVP_sha1(),
					 WPA_PMK_LEN, pmk->octets) == 1;
	}
	if (done) return MPSK_OK;

	mpsk_secret_wipe(pmk, sizeof(*pmk));
	return MPSK_ERR;
}
