/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Base64 of short secrets: RFC 4648, 4, with padding and nothing between.
 */
#ifndef MPSK_KEY_BASE64_H
#define MPSK_KEY_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters that n octets take, without a NUL. */
#define MPSK_BASE64_LEN(_n) (((_n) + 2) / 3 * 4)

/* Write MPSK_BASE64_LEN(n) characters and a NUL; returns their number. */
size_t mpsk_base64_encode(char *out, uint8_t const *octets, size_t n);

/*
 * Decode into max octets at most; *n is set to their number. False where it
 * does not fit or the text is anything but whole base64; out is then wiped.
 */
bool mpsk_base64_decode(uint8_t *out, size_t max, size_t *n, char const *text, size_t len);

#endif
