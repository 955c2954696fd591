/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is told again and again: told once in a while, with how often it came
 * meanwhile, and in all no more than so much a second. Any thread may call.
 */
#ifndef MPSK_POLICY_REPEATS_H
#define MPSK_POLICY_REPEATS_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

typedef struct mpsk_repeats mpsk_repeats_t;

typedef struct {
	int64_t		quiet_ms;	/* for which the same is not told again */
	uint64_t	rate, burst;	/* of what is told: so many a second, so many at once */
} mpsk_repeats_config_t;

/* NULL where memory or randomness is out. */
mpsk_repeats_t *mpsk_repeats_create(TALLOC_CTX *ctx, mpsk_repeats_config_t const *config);

/*
 * Something came, at a time in monotonic milliseconds. 0: it is not to be
 * told; else how often it came since it was told last, this once included.
 * Of what was forgotten for want of room the count is lost.
 */
uint64_t mpsk_repeats_note(mpsk_repeats_t *repeats, void const *octets, size_t len, int64_t now_ms);

/* How much the rate kept from being told. */
uint64_t mpsk_repeats_dropped(mpsk_repeats_t *repeats);

#endif
