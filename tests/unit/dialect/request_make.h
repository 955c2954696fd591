/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests for tests, attribute by attribute.
 */
#ifndef TESTS_DIALECT_REQUEST_MAKE_H
#define TESTS_DIALECT_REQUEST_MAKE_H

#include <string.h>

#include "rlm_mpsk/dialect/dialect.h"

#define MAC_TEXT	"00005e005301"
#define BSSID_SSID	"00-00-5E-00-53-F0:Acme"

static inline void add_text(dialect_request_t *request, dialect_attribute_t attribute, char const *text)
{
	dialect_request_add(request, attribute, text, strlen(text));
}

/* What every access point sends with a MAC alone. */
static inline void begin_mac(dialect_request_t *request)
{
	dialect_request_begin(request);
	add_text(request, DIALECT_USER_NAME, MAC_TEXT);
	add_text(request, DIALECT_CALLED_STATION_ID, BSSID_SSID);
}

#endif
