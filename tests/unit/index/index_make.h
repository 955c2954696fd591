/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the index share: keys whose PSK is their PMK, so that
 * nothing has to be derived, and a scan by PMK.
 */
#ifndef TESTS_UNIT_INDEX_INDEX_MAKE_H
#define TESTS_UNIT_INDEX_INDEX_MAKE_H

#include <stdio.h>

#include "base/hex.h"
#include "handshake_make.h"
#include "index/index.h"
#include "../key/key_make.h"

#define HEX_LEN (2 * WPA_PMK_LEN)

static inline wpa_pmk_t pmk_of(unsigned n)
{
	wpa_pmk_t pmk;

	memset(&pmk, 0x11, sizeof(pmk));
	for (unsigned i = 0; i < 4; i++)
		pmk.octets[i] = (uint8_t) (n >> 8 * i);
	return pmk;
}

static inline char *hex_of(char hex[static HEX_LEN + 1], unsigned n)
{
	wpa_pmk_t pmk = pmk_of(n);

	mpsk_hex_encode(hex, pmk.octets, sizeof(pmk));
	return hex;
}

/* A key whose PMK is pmk_of(n). */
static inline mpsk_key_t *hex_key(char const *id, unsigned n, char const *ssid)
{
	char hex[HEX_LEN + 1];

	return key_make(id, "psk", hex_of(hex, n), "ssid", ssid, NULL);
}

static inline mpsk_ssid_t ssid_of(char const *text)
{
	mpsk_ssid_t ssid;

	(void) mpsk_ssid_set(&ssid, text, strlen(text));
	return ssid;
}

/* The ids of those that a handshake of this PMK finds, each with ' ' behind, '+' where it is by the old PSK. */
static inline size_t scan_pmk(mpsk_index_t *index, char const *text, wpa_pmk_t const *pmk, char const *hint,
			      char ids[static 256], size_t *missing)
{
	mpsk_index_reader_t *reader = mpsk_index_enter(index);
	mpsk_ssid_t ssid = ssid_of(text);
	mpsk_index_hit_t hits[4];
	wpa_handshake_t hs;
	size_t n = (size_t) -1;

	*missing = 0;
	ids[0] = '\0';
	if (handshake_make(&hs, pmk) == MPSK_OK)
		n = hint && mpsk_index_try(reader, &ssid, &hs, hint, hits) ? 1 :
		    mpsk_index_scan(reader, &ssid, &hs, hits, 4, missing);
	for (size_t i = 0; i < n && i < 4; i++) {
		strncat(ids, hits[i].key.id, MPSK_ID_MAX);
		strcat(ids, hits[i].old ? "+ " : " ");
	}
	mpsk_index_leave(reader);
	return n;
}

#define assert_scan(_index, _ssid, _n, _hint, _ids, _missing) \
	do { \
		wpa_pmk_t pmk_ = pmk_of(_n); \
		size_t missing_; \
		char ids_[256]; \
		scan_pmk(_index, _ssid, &pmk_, _hint, ids_, &missing_); \
		assert_string_equal(ids_, _ids); \
		assert_int_equal(missing_, _missing); \
	} while (0)

#endif
