/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SipHash-2-4 (Aumasson, Bernstein, 2012): a keyed hash for tables whose
 * keys come from outside, so that nobody can choose them to collide.
 */
#ifndef MPSK_INDEX_SIPHASH_H
#define MPSK_INDEX_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef struct {
	uint64_t k[2];
} mpsk_siphash_key_t;

/* A random key. ERR where there is no randomness. */
mpsk_status_t mpsk_siphash_key(mpsk_siphash_key_t *key);

uint64_t mpsk_siphash(mpsk_siphash_key_t const *key, void const *octets, size_t len);

#endif
