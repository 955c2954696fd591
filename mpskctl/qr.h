/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A network and its key as a QR code that telephones join by.
 */
#ifndef MPSKCTL_QR_H
#define MPSKCTL_QR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <talloc.h>

#include "base/ssid.h"
#include "wpa/pmk.h"

typedef struct {
	mpsk_ssid_t const	*ssid;
	wpa_psk_t const		*psk;
	bool			hidden;	/* the network does not tell its name */
	bool			wpa3;	/* never to be joined by less than WPA3 */
} ctl_wifi_t;

#define CTL_WIFI_MAX 256	/* each octet of SSID and PSK escaped, and all else */

/*
 * Write "WIFI:T:WPA;S:...;P:...;;" and a NUL, and return its length. An SSID
 * of hex digits stands in quotes, one that is no printable UTF-8 in hex
 * digits. It is a secret.
 */
size_t ctl_wifi_text(char out[static CTL_WIFI_MAX], ctl_wifi_t const *wifi);

/* The squares of a code, a row after the other, with the margin that it needs: 1 is dark. */
typedef struct {
	size_t	side;
	uint8_t	*dark;
} ctl_qr_t;

/* Encode a text. Belongs to ctx, and is wiped with it. NULL where it is too long, or memory is out. */
ctl_qr_t *ctl_qr_create(TALLOC_CTX *ctx, char const *text, size_t len);

/* Draw it: in half blocks, two rows a line, dark ones printed. Colours: black on white, whatever the terminal has. */
void ctl_qr_print(FILE *out, ctl_qr_t const *qr, bool colours);

/* As an image; false where that failed and the stream does not say so. */
bool ctl_qr_svg(FILE *out, ctl_qr_t const *qr);
bool ctl_qr_png(FILE *out, ctl_qr_t const *qr);

#endif
