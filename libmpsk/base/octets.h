/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Octets of any value as text that a person can read and type: printable
 * ASCII as it is, all else, '"' and '\' as \xNN.
 */
#ifndef MPSK_BASE_OCTETS_H
#define MPSK_BASE_OCTETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MPSK_OCTETS_MAX		253	/* what one RADIUS attribute holds (RFC 2865, 5) */
#define MPSK_OCTETS_TEXT_MAX	(4 * MPSK_OCTETS_MAX + 1)

/* The value of an attribute. */
typedef struct {
	uint8_t len;
	uint8_t octets[MPSK_OCTETS_MAX];	/* those past len are zero */
} mpsk_octets_t;

/* False where len is over MPSK_OCTETS_MAX; octets is then empty. */
bool mpsk_octets_set(mpsk_octets_t *octets, void const *from, size_t len);

/* Write n octets and a NUL; out holds 4 * n + 1. Returns the length of the text. */
size_t mpsk_octets_print(char *out, void const *octets, size_t n);

/*
 * Read what mpsk_octets_print() wrote, or a person typed: octets as they
 * are, "\xNN" for one of any value, "\\" for a backslash. False where an
 * escape is broken or there are over max octets.
 */
bool mpsk_octets_parse(uint8_t *octets, size_t max, size_t *n, char const *text, size_t len);

#endif
