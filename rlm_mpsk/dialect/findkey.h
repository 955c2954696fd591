/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TP-Link's FindKey: one octet string of type, length and value, the length
 * counting its own two octets of header.
 */
#ifndef RLM_MPSK_DIALECT_FINDKEY_H
#define RLM_MPSK_DIALECT_FINDKEY_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef enum {
	FINDKEY_EAPOL = 1,
	FINDKEY_ANONCE = 2,
	FINDKEY_SSID = 3,
	FINDKEY_MAC = 4,
	FINDKEY_BSSID = 6,
	FINDKEY_MAX
} findkey_type_t;

typedef struct {
	uint8_t const	*octets;	/* NULL: absent */
	size_t		len;
} findkey_part_t;

typedef struct {
	findkey_part_t	parts[FINDKEY_MAX];	/* by findkey_type_t; borrowed */
} findkey_t;

/*
 * Take a FindKey apart. Types that are not listed are passed over. BAD, with
 * a text, where a part does not fit or stands twice.
 */
mpsk_status_t findkey_parse(findkey_t *findkey, uint8_t const *octets, size_t len, mpsk_error_t *err);

#endif
