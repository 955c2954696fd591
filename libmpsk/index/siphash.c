/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/siphash.h"

#include <endian.h>
#include <string.h>
#include <sys/random.h>

typedef struct {
	uint64_t v[4];
} state_t;

static uint64_t rotate(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static void rounds(state_t *s, unsigned n)
{
	uint64_t *v = s->v;

	while (n-- > 0) {
		v[0] += v[1];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[0] = rotate(v[0], 32);
		v[2] += v[3];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[2] = rotate(v[2], 32);
	}
}

static uint64_t le64(uint8_t const *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return le64toh(word);
}

static uint64_t le64_rest(uint8_t const *p, size_t len)
{
	uint64_t word = 0;

	for (size_t i = 0; i < len; i++) word |= (uint64_t) p[i] << 8 * i;
	return word;
}

static void compress(state_t *s, uint64_t word)
{
	s->v[3] ^= word;
	rounds(s, 2);
	s->v[0] ^= word;
}

mpsk_status_t mpsk_siphash_key(mpsk_siphash_key_t *key)
{
	return getrandom(key, sizeof(*key), 0) == (ssize_t) sizeof(*key) ? MPSK_OK : MPSK_ERR;
}

uint64_t mpsk_siphash(mpsk_siphash_key_t const *key, void const *octets, size_t len)
{
	state_t s = { .v = {
		key->k[0] ^ 0x736f6d6570736575, key->k[1] ^ 0x646f72616e646f6d,
		key->k[0] ^ 0x6c7967656e657261, key->k[1] ^ 0x7465646279746573
	} };
	uint8_t const *p = octets;
	size_t left = len;

	for (; left >= 8; p += 8, left -= 8) compress(&s, le64(p));
	compress(&s, le64_rest(p, left) | (uint64_t) len << 56);
	s.v[2] ^= 0xff;
	rounds(&s, 4);
	return s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}
