/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IEEE 802 MAC addresses: the station (SPA), the access point's radio (AA,
 * its BSSID).
 */
#ifndef MPSK_BASE_MAC_H
#define MPSK_BASE_MAC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MPSK_MAC_LEN		6
#define MPSK_MAC_TEXT_MAX	18	/* aa-bb-cc-dd-ee-ff and a NUL */

typedef struct {
	uint8_t octets[MPSK_MAC_LEN];
} mpsk_mac_t;

/*
 * Read an address from the start of text: twelve hex digits of either case,
 * with no separators or with ':', '-' or '.' between them (octet- or
 * word-wise, as "aabb.ccdd.eeff"). Returns the number of characters read,
 * 0 where none stands there. What follows is the caller's.
 */
size_t mpsk_mac_scan(mpsk_mac_t *mac, char const *text, size_t len);

/* As above, and nothing may follow. */
bool mpsk_mac_parse(mpsk_mac_t *mac, char const *text, size_t len);

/* Write aa-bb-cc-dd-ee-ff, the form of the store and of every log line. Returns out. */
char *mpsk_mac_print(char out[static MPSK_MAC_TEXT_MAX], mpsk_mac_t const *mac);

static inline bool mpsk_mac_is_local(mpsk_mac_t const *mac)
{
	return mac->octets[0] & 0x02;	/* IEEE 802-2014, 8.2: locally administered, so perhaps random */
}

#endif
