/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hexadecimal digits.
 */
#ifndef MPSK_BASE_HEX_H
#define MPSK_BASE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of one digit of either case, or -1. Here, for a call for each digit of a million PMKs would be felt. */
static inline int mpsk_hex_digit(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if (c >= 'a' && c <= 'f') return c - 'a' + 10;
	if (c >= 'A' && c <= 'F') return c - 'A' + 10;
	return -1;
}

/*
 * Decode exactly 2 * n digits of either case into n octets. False, with out
 * in an undefined state, where len is not 2 * n or a character is no digit.
 */
bool mpsk_hex_decode(uint8_t *out, size_t n, char const *text, size_t len);

/* Write 2 * n lower-case digits and a NUL; out holds at least 2 * n + 1. */
void mpsk_hex_encode(char *out, uint8_t const *octets, size_t n);

#endif
