/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernels: one source (scan_lanes.c, pbkdf2_lanes.c), compiled for the
 * vector units of several generations of CPUs, and how one is chosen.
 */
#ifndef MPSK_MATCH_KERNEL_H
#define MPSK_MATCH_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "match/match.h"

#define MPSK_PBKDF2_ITERATIONS	4096
#define MPSK_PBKDF2_HALVES	2	/* digests that make up 32 octets */

/* Up to MPSK_MATCH_LANES passphrases on their way to PMKs. */
typedef struct {
	uint32_t	key[MPSK_SHA1_KEY_WORDS][MPSK_MATCH_LANES];	/* as of mpsk_sha1_hmac_key() */
	uint32_t	sum[MPSK_PBKDF2_HALVES][MPSK_SHA1_WORDS][MPSK_MATCH_LANES];	/* in: U1; out: T */
} mpsk_pbkdf2_lanes_t;

struct mpsk_kernel {
	char const		*name;
	size_t			lanes;
	bool			(*supported)(void);	/* NULL: on every machine that it is compiled for */
	mpsk_match_scan_t	scan;			/* NULL: candidates go through libcrypto, one by one */
	void			(*pbkdf2)(mpsk_pbkdf2_lanes_t *lanes, size_t n);	/* NULL: likewise */
};

/* The best first; the last one is "scalar", which has no code of its own. */
extern mpsk_kernel_t const mpsk_kernels[];

typedef struct {
	mpsk_kernel_t const	*kernel;
	mpsk_kernel_t const	*skipped;	/* the first that failed its test, or NULL */
} mpsk_kernel_choice_t;

/*
 * The first of a table that the machine supports and that passes its test;
 * where `from` names a row (it may be NULL), none before it.
 */
mpsk_kernel_choice_t mpsk_kernels_choose(mpsk_kernel_t const *table, char const *from);

/* The choice of this process, made once; where MPSK_KERNEL is in the environment it is `from`. */
mpsk_kernel_choice_t const *mpsk_kernels_get(void);

/* Whether a kernel gives the known answers, in each of its lanes. */
bool mpsk_kernel_test(mpsk_kernel_t const *kernel);

/* The compiled sources, by their lanes. */
size_t mpsk_scan_lanes_4(mpsk_match_sha1_t const *, mpsk_match_block_t const *const *, size_t, uint32_t *);
size_t mpsk_scan_lanes_8(mpsk_match_sha1_t const *, mpsk_match_block_t const *const *, size_t, uint32_t *);
size_t mpsk_scan_lanes_16(mpsk_match_sha1_t const *, mpsk_match_block_t const *const *, size_t, uint32_t *);
void mpsk_pbkdf2_lanes_4(mpsk_pbkdf2_lanes_t *, size_t);
void mpsk_pbkdf2_lanes_8(mpsk_pbkdf2_lanes_t *, size_t);
void mpsk_pbkdf2_lanes_16(mpsk_pbkdf2_lanes_t *, size_t);

#endif
