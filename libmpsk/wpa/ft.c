/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wpa/ft.h"

#include <string.h>

#include "base/secret.h"
#include "wpa/hash.h"

static uint8_t *octets_put(uint8_t *p, void const *octets, size_t len)
{
	memcpy(p, octets, len);
	return p + len;
}

size_t wpa_ft_r0_context(uint8_t out[static WPA_FT_R0_CONTEXT_MAX], wpa_ft_t const *ft, mpsk_mac_t const *spa)
{
	uint8_t *p = out;

	*p++ = ft->ssid.len;
	p = octets_put(p, ft->ssid.octets, ft->ssid.len);
	p = octets_put(p, ft->mdid, sizeof(ft->mdid));
	*p++ = ft->r0kh_id_len;
	p = octets_put(p, ft->r0kh_id, ft->r0kh_id_len);
	p = octets_put(p, spa->octets, MPSK_MAC_LEN);
	return (size_t) (p - out);
}

void wpa_ft_r1_context(uint8_t out[static WPA_FT_R1_CONTEXT_LEN], wpa_ft_t const *ft, mpsk_mac_t const *spa)
{
	octets_put(octets_put(out, ft->r1kh_id, WPA_R1KH_ID_LEN), spa->octets, MPSK_MAC_LEN);
}

void wpa_ft_ptk_context(uint8_t out[static WPA_CONTEXT_LEN], wpa_context_t const *context)
{
	out = octets_put(out, context->snonce, WPA_NONCE_LEN);
	out = octets_put(out, context->anonce, WPA_NONCE_LEN);
	out = octets_put(out, context->aa.octets, MPSK_MAC_LEN);
	octets_put(out, context->spa.octets, MPSK_MAC_LEN);
}

wpa_kdf_t wpa_ft_r0_kdf(uint8_t context[static WPA_FT_R0_CONTEXT_MAX], wpa_kdf_hash_t const *hash, wpa_ft_t const *ft,
			mpsk_mac_t const *spa)
{
	return (wpa_kdf_t) {
		.hash = hash, .label = WPA_FT_R0_LABEL,
		.context = context, .context_len = wpa_ft_r0_context(context, ft, spa),
		.bits = (uint16_t) (8 * (hash->len + WPA_PMKID_LEN)),
	};
}

mpsk_status_t wpa_ft_r0(uint8_t r0[static WPA_FT_KEY_MAX], wpa_kdf_hash_t const *hash, wpa_pmk_t const *pmk,
			wpa_ft_t const *ft, mpsk_mac_t const *spa)
{
	uint8_t context[WPA_FT_R0_CONTEXT_MAX];
	wpa_kdf_t const kdf = wpa_ft_r0_kdf(context, hash, ft, spa);

	memset(r0, 0, WPA_FT_KEY_MAX);
	return wpa_kdf(r0, hash->len, &kdf, pmk->octets, WPA_PMK_LEN);
}

static mpsk_status_t name_hash(uint8_t name[static WPA_PMKID_LEN], wpa_kdf_hash_t const *hash,
			       wpa_part_t const *parts, size_t n)
{
	uint8_t digest[WPA_HMAC_MAX];
	mpsk_status_t status = wpa_hash(digest, hash->name, parts, n);

	memcpy(name, digest, WPA_PMKID_LEN);
	return status;
}

mpsk_status_t wpa_ft_r0_name(uint8_t name[static WPA_PMKID_LEN], wpa_kdf_hash_t const *hash, wpa_pmk_t const *pmk,
			     wpa_ft_t const *ft, mpsk_mac_t const *spa)
{
	uint8_t context[WPA_FT_R0_CONTEXT_MAX], salt[WPA_HMAC_MAX];
	wpa_kdf_t const kdf = wpa_ft_r0_kdf(context, hash, ft, spa);
	wpa_part_t const parts[] = { { WPA_FT_R0N_LABEL, strlen(WPA_FT_R0N_LABEL) }, { salt, WPA_PMKID_LEN } };
	mpsk_status_t status = wpa_kdf_block(salt, &kdf, 2, pmk->octets, WPA_PMK_LEN);

	if (status == MPSK_OK) status = name_hash(name, hash, parts, sizeof(parts) / sizeof(parts[0]));
	else memset(name, 0, WPA_PMKID_LEN);
	mpsk_secret_wipe(salt, sizeof(salt));
	return status;
}

mpsk_status_t wpa_ft_r1(uint8_t r1[static WPA_FT_KEY_MAX], wpa_kdf_hash_t const *hash,
			uint8_t const r0[static WPA_FT_KEY_MAX], wpa_ft_t const *ft, mpsk_mac_t const *spa)
{
	uint8_t context[WPA_FT_R1_CONTEXT_LEN];
	wpa_kdf_t const kdf = { hash, "FT-R1", context, sizeof(context), (uint16_t) (8 * hash->len) };

	memset(r1, 0, WPA_FT_KEY_MAX);
	wpa_ft_r1_context(context, ft, spa);
	return wpa_kdf(r1, hash->len, &kdf, r0, hash->len);
}

mpsk_status_t wpa_ft_r1_name(uint8_t name[static WPA_PMKID_LEN], wpa_kdf_hash_t const *hash,
			     uint8_t const r0_name[static WPA_PMKID_LEN], wpa_ft_t const *ft, mpsk_mac_t const *spa)
{
	uint8_t context[WPA_FT_R1_CONTEXT_LEN];
	wpa_part_t const parts[] = {
		{ WPA_FT_R1N_LABEL, strlen(WPA_FT_R1N_LABEL) },
		{ r0_name, WPA_PMKID_LEN },
		{ context, sizeof(context) },
	};

	wpa_ft_r1_context(context, ft, spa);
	return name_hash(name, hash, parts, sizeof(parts) / sizeof(parts[0]));
}
