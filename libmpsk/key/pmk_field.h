/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stored PMK: field `pmk:<ssid>` = the first 16 hex digits of the psk
 * field's SHA-1, ':', 64 hex digits of PMK.
 */
#ifndef MPSK_KEY_PMK_FIELD_H
#define MPSK_KEY_PMK_FIELD_H

#include <stddef.h>

#include "base/ssid.h"
#include "base/status.h"
#include "key/key.h"
#include "wpa/pmk.h"

#define MPSK_PMK_FIELD_PREFIX	"pmk:"
#define MPSK_PMK_DIGEST_LEN	16
#define MPSK_PMK_VALUE_LEN	(MPSK_PMK_DIGEST_LEN + 1 + 2 * WPA_PMK_LEN)
#define MPSK_PMK_NAME_MAX	(sizeof(MPSK_PMK_FIELD_PREFIX) - 1 + MPSK_SSID_MAX)

/* Write the field's name, which is no C string; returns its length. */
size_t mpsk_pmk_field_name(char out[static MPSK_PMK_NAME_MAX], mpsk_ssid_t const *ssid);

/* Write the field's value and a NUL. */
void mpsk_pmk_field_print(char out[static MPSK_PMK_VALUE_LEN + 1], char const *fingerprint, wpa_pmk_t const *pmk);

/* Read a value. MISS where its digest is of another psk, BAD where it is malformed. */
mpsk_status_t mpsk_pmk_field_parse(wpa_pmk_t *pmk, char const *fingerprint, char const *value, size_t len);

#endif
