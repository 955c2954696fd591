/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/hex.h"
#include "base/secret.h"
#include "key/key.h"

static bool sites_meet(mpsk_key_t const *a, mpsk_key_t const *b)
{
	char const *site = a->sites;

	if (!a->sites || !b->sites) return true;
	for (size_t i = 0; i < a->n_sites; i++, site = mpsk_key_site_next(site)) {
		if (mpsk_key_has_site(b, site)) return true;
	}
	return false;
}

static bool places_meet(mpsk_key_t const *a, mpsk_key_t const *b)
{
	if (a->org[0] && b->org[0] && strcmp(a->org, b->org) != 0) return false;
	if (!a->any_ssid && !b->any_ssid && !mpsk_ssid_equal(&a->ssid, &b->ssid)) return false;
	return sites_meet(a, b);
}

/* The PMK that 64 hex digits are, compared whatever the digits' case. */
static bool hex_equal(wpa_psk_t const *hex, wpa_pmk_t const *pmk)
{
	wpa_pmk_t decoded;
	bool equal = mpsk_hex_decode(decoded.octets, WPA_PMK_LEN, (char const *) hex->octets, hex->len) &&
		     mpsk_secret_equal(&decoded, pmk, sizeof(decoded));

	mpsk_secret_wipe(&decoded, sizeof(decoded));
	return equal;
}

static bool psk_equal(wpa_psk_t const *a, wpa_psk_t const *b)
{
	wpa_pmk_t pmk;
	bool equal;

	if (a->len == 0 || a->len != b->len) return false;
	if (!wpa_psk_is_pmk(a) || !wpa_psk_is_pmk(b)) return mpsk_secret_equal(a->octets, b->octets, a->len);
	equal = mpsk_hex_decode(pmk.octets, WPA_PMK_LEN, (char const *) a->octets, a->len) && hex_equal(b, &pmk);
	mpsk_secret_wipe(&pmk, sizeof(pmk));
	return equal;
}

/* Whether 64 hex digits are the PMK of owner's passphrase on an SSID that other is for too. */
static bool hex_meets(wpa_psk_t const *hex, mpsk_key_t const *other, mpsk_key_t const *owner)
{
	if (hex->len == 0 || !wpa_psk_is_pmk(hex)) return false;
	for (size_t i = 0; i < owner->n_pmks; i++) {
		mpsk_key_pmk_t const *known = &owner->pmks[i];

		if (mpsk_key_has_ssid(owner, &known->ssid) && mpsk_key_has_ssid(other, &known->ssid) &&
		    hex_equal(hex, &known->pmk)) {
			return true;
		}
	}
	return false;
}

bool mpsk_key_collides(mpsk_key_t const *a, mpsk_key_t const *b)
{
	if (strcmp(a->id, b->id) == 0 || !places_meet(a, b)) return false;
	return psk_equal(&a->psk, &b->psk) || psk_equal(&a->psk, &b->old_psk) ||
	       psk_equal(&a->old_psk, &b->psk) || psk_equal(&a->old_psk, &b->old_psk) ||
	       hex_meets(&a->psk, a, b) || hex_meets(&a->old_psk, a, b) ||
	       hex_meets(&b->psk, b, a) || hex_meets(&b->old_psk, b, a);
}
