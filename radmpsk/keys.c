/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/keys.h"

#include <string.h>

#include "base/hex.h"
#include "base/secret.h"
#include "radius/hide.h"

#define VENDOR_MIKROTIK		14988
#define MIKROTIK_VLAN_ID	26
#define VLAN_MAX		4094
#define FOUND_KEY_PMK		1
#define FOUND_KEY_HEADER	2

/* Reads what is in the clear, or was hidden. */
typedef mpsk_status_t (*reader_t)(wpa_psk_t *psk, uint8_t const *value, size_t len, mpsk_error_t *err);

static mpsk_status_t read_psk(wpa_psk_t *psk, uint8_t const *value, size_t len, mpsk_error_t *err)
{
	return wpa_psk_set(psk, value, len, err);
}

static mpsk_status_t read_pmk(wpa_psk_t *psk, uint8_t const *value, size_t len, mpsk_error_t *err)
{
	char hex[2 * WPA_PMK_LEN + 1];
	mpsk_status_t status;

	if (len != WPA_PMK_LEN) return mpsk_error_set(err, MPSK_BAD, "a PMK of %zu octets: it has 32", len);
	mpsk_hex_encode(hex, value, len);
	status = wpa_psk_set(psk, hex, 2 * WPA_PMK_LEN, err);
	mpsk_secret_wipe(hex, sizeof(hex));
	return status;
}

static mpsk_status_t read_ruckus_dpsk(wpa_psk_t *psk, uint8_t const *value, size_t len, mpsk_error_t *err)
{
	if (len != 1 + WPA_PMK_LEN || value[0] != 0) {
		return mpsk_error_set(err, MPSK_BAD, "a Ruckus-DPSK that is not 0 and 32 octets");
	}
	return read_pmk(psk, value + 1, len - 1, err);
}

static mpsk_status_t read_found_key(wpa_psk_t *psk, uint8_t const *value, size_t len, mpsk_error_t *err)
{
	if (len != FOUND_KEY_HEADER + WPA_PMK_LEN || value[0] != FOUND_KEY_PMK || value[1] != len) {
		return mpsk_error_set(err, MPSK_BAD, "a FoundKey that is not one part 1 of 32 octets");
	}
	return read_pmk(psk, value + FOUND_KEY_HEADER, len - FOUND_KEY_HEADER, err);
}

static bool is_psk_pair(uint8_t const *value, size_t len)
{
	return len > 4 && memcmp(value, "psk=", 4) == 0;
}

static mpsk_status_t read_cisco(wpa_psk_t *psk, uint8_t const *value, size_t len, mpsk_error_t *err)
{
	return wpa_psk_set(psk, value + 4, len - 4, err);
}

static struct {
	char const	*name;
	uint32_t	vendor;		/* 0: none */
	uint8_t		number;
	bool		tagged;
	bool		hidden;
	reader_t	read;
} const kinds_table[KEYS_MAX] = {
	[KEYS_TUNNEL_PASSWORD] = { "Tunnel-Password", 0, RADIUS_TUNNEL_PASSWORD, true, true, read_psk },
	[KEYS_CISCO] = { "Cisco-AVPair psk", 9, 1, false, false, read_cisco },
	[KEYS_ARUBA] = { "Aruba-MPSK-Passphrase", 14823, 44, false, true, read_psk },
	[KEYS_MIKROTIK] = { "Mikrotik-Wireless-PSK", VENDOR_MIKROTIK, 16, false, false, read_psk },
	[KEYS_HUAWEI] = { "Huawei-DPSK-Info", 2011, 206, false, false, read_psk },
	[KEYS_LANCOM] = { "LCS-WPA-Passphrase", 2356, 6, false, false, read_psk },
	[KEYS_RUCKUS_DPSK] = { "Ruckus-DPSK", 25053, 142, false, false, read_ruckus_dpsk },
	[KEYS_MPPE] = { "MS-MPPE-Recv-Key", 311, 17, false, true, read_pmk },
	[KEYS_FOUND_KEY] = { "TPLink-Authentication-FoundKey", 11863, 4, false, false, read_found_key },
};

char const *keys_name(keys_kind_t kind)
{
	return kinds_table[kind].name;
}

static keys_kind_t kind_of(radius_attribute_t const *attribute, unsigned kinds, radius_vendor_value_t *inner)
{
	bool is_vendor = radius_vendor_read(inner, attribute);

	for (unsigned i = 0; i < KEYS_MAX; i++) {
		if (!(kinds & 1u << i)) continue;
		if (!kinds_table[i].vendor && attribute->type == kinds_table[i].number) {
			*inner = (radius_vendor_value_t) { .value = attribute->value, .len = attribute->len };
			return (keys_kind_t) i;
		}
		if (!is_vendor || inner->vendor != kinds_table[i].vendor) continue;
		if (inner->type != kinds_table[i].number) continue;
		/* Cisco has one attribute for everything. */
		if (i == KEYS_CISCO && !is_psk_pair(inner->value, inner->len)) continue;
		return (keys_kind_t) i;
	}
	return KEYS_MAX;
}

bool keys_is_one(radius_attribute_t const *attribute, unsigned kinds)
{
	radius_vendor_value_t inner;

	return kind_of(attribute, kinds, &inner) != KEYS_MAX;
}

static mpsk_status_t read_hidden(wpa_psk_t *psk, keys_kind_t kind, radius_vendor_value_t const *inner,
				 keys_context_t const *context, mpsk_error_t *err)
{
	uint8_t octets[RADIUS_HIDE_SALTED_MAX];
	size_t len;
	mpsk_status_t status;

	if (kinds_table[kind].tagged) {
		status = radius_hide_tunnel_read(octets, &len, inner->value, inner->len, context->secret,
						   context->authenticator, err);
	} else {
		status = radius_hide_salted_read(octets, &len, keys_name(kind), inner->value, inner->len,
						 context->secret, context->authenticator, err);
	}
	if (status == MPSK_OK) status = kinds_table[kind].read(psk, octets, len, err);
	mpsk_secret_wipe(octets, sizeof(octets));
	return status;
}

mpsk_status_t keys_read(wpa_psk_t *psk, radius_attribute_t const *attribute, unsigned kinds,
			keys_context_t const *context, mpsk_error_t *err)
{
	radius_vendor_value_t inner;
	keys_kind_t kind = kind_of(attribute, kinds, &inner);

	if (kind == KEYS_MAX) return MPSK_MISS;
	if (kinds_table[kind].hidden) return read_hidden(psk, kind, &inner, context, err);
	return kinds_table[kind].read(psk, inner.value, inner.len, err);
}

unsigned keys_mikrotik_vlan(radius_attribute_t const *attribute)
{
	radius_vendor_value_t inner;
	mpsk_cursor_t c;
	uint32_t number;

	if (!radius_vendor_read(&inner, attribute) || inner.vendor != VENDOR_MIKROTIK ||
	    inner.type != MIKROTIK_VLAN_ID || inner.len != sizeof(uint32_t)) {
		return 0;
	}
	c = mpsk_cursor(inner.value, inner.len);
	number = mpsk_cursor_be32(&c);
	return number <= VLAN_MAX ? number : 0;
}
