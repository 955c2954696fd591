/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Octets to words of 32 bits and back, the most significant octet first: as
 * SHA-1 and SHA-256 have them.
 */
#ifndef MPSK_MATCH_WORDS_H
#define MPSK_MATCH_WORDS_H

#include <stddef.h>
#include <stdint.h>

static inline void mpsk_words_read(uint32_t *words, uint8_t const *octets, size_t n)
{
	for (size_t i = 0; i < n; i++, octets += 4) {
		words[i] = (uint32_t) octets[0] << 24 | (uint32_t) octets[1] << 16 | (uint32_t) octets[2] << 8 |
			   octets[3];
	}
}

static inline void mpsk_words_print(uint8_t *octets, uint32_t const *words, size_t n)
{
	for (size_t i = 0; i < n; i++, octets += 4) {
		octets[0] = (uint8_t) (words[i] >> 24);
		octets[1] = (uint8_t) (words[i] >> 16);
		octets[2] = (uint8_t) (words[i] >> 8);
		octets[3] = (uint8_t) words[i];
	}
}

#endif
