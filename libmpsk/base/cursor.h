/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bounds-checked reader over octets it does not own.
 *
 * Every call either takes what was asked for and moves on, or marks the
 * cursor failed and moves nothing. A failed cursor gives zeros and NULL
 * from then on, so a parser may read a whole header and test once.
 */
#ifndef MPSK_BASE_CURSOR_H
#define MPSK_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
	uint8_t const	*p;
	size_t		left;
	bool		failed;
} mpsk_cursor_t;

static inline mpsk_cursor_t mpsk_cursor(uint8_t const *octets, size_t len)
{
	return (mpsk_cursor_t) { .p = octets, .left = len };
}

/* The next n octets, or NULL. */
static inline uint8_t const *mpsk_cursor_take(mpsk_cursor_t *c, size_t n)
{
	uint8_t const *p = c->p;

	if (c->failed || n > c->left) {
		c->failed = true;
		return NULL;
	}
	c->p += n;
	c->left -= n;
	return p;
}

static inline uint8_t mpsk_cursor_u8(mpsk_cursor_t *c)
{
	uint8_t const *p = mpsk_cursor_take(c, 1);

	return p ? p[0] : 0;
}

/* Big-endian, as in IEEE 802.1X and RADIUS. */
static inline uint16_t mpsk_cursor_be16(mpsk_cursor_t *c)
{
	uint8_t const *p = mpsk_cursor_take(c, 2);

	return p ? (uint16_t) (p[0] << 8 | p[1]) : 0;
}

static inline uint32_t mpsk_cursor_be32(mpsk_cursor_t *c)
{
	uint8_t const *p = mpsk_cursor_take(c, 4);

	return p ? (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8 | p[3] : 0;
}

/* Little-endian, as in IEEE 802.11 information elements. */
static inline uint16_t mpsk_cursor_le16(mpsk_cursor_t *c)
{
	uint8_t const *p = mpsk_cursor_take(c, 2);

	return p ? (uint16_t) (p[1] << 8 | p[0]) : 0;
}

#endif
