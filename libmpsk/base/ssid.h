/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SSIDs: 0 to 32 octets of any value (IEEE 802.11-2020, 9.4.2.2), so never
 * a C string.
 */
#ifndef MPSK_BASE_SSID_H
#define MPSK_BASE_SSID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MPSK_SSID_MAX		32
#define MPSK_SSID_TEXT_MAX	(4 * MPSK_SSID_MAX + 1)

typedef struct {
	uint8_t len;
	uint8_t octets[MPSK_SSID_MAX];	/* those past len are zero */
} mpsk_ssid_t;

/* False where len is over 32; ssid is then empty. */
bool mpsk_ssid_set(mpsk_ssid_t *ssid, void const *octets, size_t len);

bool mpsk_ssid_equal(mpsk_ssid_t const *a, mpsk_ssid_t const *b);

/* Write the SSID for a person, as octets.h says. Returns out. mpsk_ssid_parse() reads it back. */
char *mpsk_ssid_print(char out[static MPSK_SSID_TEXT_MAX], mpsk_ssid_t const *ssid);

/* Read what a person typed. False where an escape is broken or there are over 32 octets. */
bool mpsk_ssid_parse(mpsk_ssid_t *ssid, char const *text);

#endif
