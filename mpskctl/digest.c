/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "digest.h"

#include <ctype.h>
#include <string.h>

#include "base/hex.h"
#include "base/secret.h"
#include "ctl.h"
#include "key/key.h"

uint64_t ctl_digest_psk(wpa_psk_t const *psk)
{
	char lower[WPA_PSK_MAX], fingerprint[MPSK_FINGERPRINT_LEN + 1];
	bool is_pmk = wpa_psk_is_pmk(psk);
	uint64_t digest = 0;

	/* Hex digits are the same PMK in either case. */
	for (size_t i = 0; i < psk->len; i++)
		lower[i] = (char) (is_pmk ? tolower(psk->octets[i]) : psk->octets[i]);
	mpsk_key_fingerprint(fingerprint, lower, psk->len);
	ctl_need(fingerprint[0] ? fingerprint : NULL);
	for (size_t i = 0; i < 2 * sizeof(digest); i++)
		digest = digest << 4 | (uint64_t) mpsk_hex_digit(fingerprint[i]);
	mpsk_secret_wipe(lower, sizeof(lower));
	return digest;
}

uint64_t ctl_digest_pmk(wpa_pmk_t const *pmk)
{
	char hex[2 * WPA_PMK_LEN + 1];
	wpa_psk_t psk = { .len = 2 * WPA_PMK_LEN };
	uint64_t digest;

	mpsk_hex_encode(hex, pmk->octets, WPA_PMK_LEN);
	memcpy(psk.octets, hex, psk.len);
	digest = ctl_digest_psk(&psk);
	mpsk_secret_wipe(hex, sizeof(hex));
	mpsk_secret_wipe(&psk, sizeof(psk));
	return digest;
}
