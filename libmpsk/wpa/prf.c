/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/prf.h"

#include <string.h>

#include "base/secret.h"
#include "wpa/hmac.h"

#define SHA1_LEN 20
#define PRF_MAX (256 * SHA1_LEN)	/* the counter is one octet */

mpsk_status_t wpa_prf_sha1(uint8_t *out, size_t out_len, uint8_t const *key, size_t key_len, char const *label,
			   uint8_t const *data, size_t data_len)
{
	uint8_t digest[WPA_HMAC_MAX], counter = 0;
	wpa_part_t const parts[] = {
		{ label, strlen(label) + 1 },	/* the NUL is hashed too: it is the 0 octet of the standard */
		{ data, data_len },
		{ &counter, sizeof(counter) },
	};
	mpsk_status_t status = out_len > PRF_MAX ? MPSK_ERR : MPSK_OK;

	for (size_t done = 0; status == MPSK_OK && done < out_len; counter++) {
		size_t n = out_len - done < SHA1_LEN ? out_len - done : SHA1_LEN;

		status = wpa_hmac(digest, "SHA1", key, key_len, parts, sizeof(parts) / sizeof(parts[0]));
		if (status == MPSK_OK) memcpy(out + done, digest, n);
		done += n;
	}
	mpsk_secret_wipe(digest, sizeof(digest));
	return status;
}

/* Both values in the order of their octets, the lesser first. Returns what follows them. */
static uint8_t *ordered_print(uint8_t *out, uint8_t const *a, uint8_t const *b, size_t len)
{
	bool a_first = memcmp(a, b, len) < 0;

	memcpy(out, a_first ? a : b, len);
	memcpy(out + len, a_first ? b : a, len);
	return out + 2 * len;
}

void wpa_context_print(uint8_t out[static WPA_CONTEXT_LEN], wpa_context_t const *context)
{
	out = ordered_print(out, context->aa.octets, context->spa.octets, MPSK_MAC_LEN);
	ordered_print(out, context->anonce, context->snonce, WPA_NONCE_LEN);
}
