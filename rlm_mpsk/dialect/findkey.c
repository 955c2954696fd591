/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/dialect/findkey.h"

#include <string.h>

#include "base/cursor.h"

#define NAME		"TPLink-Authentication-FindKey"
#define HEADER_LEN	2

mpsk_status_t findkey_parse(findkey_t *findkey, uint8_t const *octets, size_t len, mpsk_error_t *err)
{
	mpsk_cursor_t c = mpsk_cursor(octets, len);

	memset(findkey, 0, sizeof(*findkey));
	while (c.left > 0) {
		uint8_t type = mpsk_cursor_u8(&c), length = mpsk_cursor_u8(&c);
		uint8_t const *value;

		if (c.failed || length < HEADER_LEN || !(value = mpsk_cursor_take(&c, length - HEADER_LEN))) {
			return mpsk_error_set(err, MPSK_BAD, NAME ": part %u of length %u does not fit", type, length);
		}
		if (type >= FINDKEY_MAX) continue;
		if (findkey->parts[type].octets) {
			return mpsk_error_set(err, MPSK_BAD, NAME ": part %u stands more than once", type);
		}
		findkey->parts[type] = (findkey_part_t) { .octets = value, .len = (size_t) length - HEADER_LEN };
	}
	return MPSK_OK;
}
