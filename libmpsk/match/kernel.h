/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernels: the sources *_lanes.c, compiled for the vector units of
 * several generations of CPUs, and how one is chosen.
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

/* How a candidate is found: by what its KCK and MIC, or its name, are made with. */
typedef enum {
	MPSK_WAY_HMAC_SHA1,	/* WPA1 and WPA2 with version 2 */
	MPSK_WAY_HMAC_MD5,	/* these with version 1: TKIP */
	MPSK_WAY_PSK_SHA256,
	MPSK_WAY_FT,		/* the name alone, which is of SHA-256 */
	MPSK_WAYS
} mpsk_way_t;

/* Where AES works, for the candidates of a pair of blocks at most: secrets, wiped by the scan whose work it is. */
struct mpsk_match_cmac_work {
	_Alignas(64) uint8_t	octets[(11 + 2) * 2 * MPSK_MATCH_LANES * MPSK_AES_LEN];	/* round keys, subkey, MAC */
};

struct mpsk_kernel {
	char const			*name;
	size_t				lanes;		/* 1, of the last row: candidates go through libcrypto */
	bool				(*supported)(void);	/* NULL: on every machine that it is compiled for */
	mpsk_match_scan_t		*scan[MPSK_WAYS];	/* NULL: likewise through libcrypto */
	mpsk_match_cmac_kernel_t	*(*cmac)(void);	/* AES in the way that goes with it here, or NULL */
	void				(*pbkdf2)(mpsk_pbkdf2_lanes_t *lanes, size_t n);
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
mpsk_match_scan_t mpsk_hmac_sha1_lanes_4, mpsk_hmac_sha1_lanes_8, mpsk_hmac_sha1_lanes_16;
mpsk_match_scan_t mpsk_hmac_md5_lanes_4, mpsk_hmac_md5_lanes_8, mpsk_hmac_md5_lanes_16;
mpsk_match_scan_t mpsk_psk_sha256_lanes_4, mpsk_psk_sha256_lanes_8, mpsk_psk_sha256_lanes_16;
mpsk_match_scan_t mpsk_ft_lanes_4, mpsk_ft_lanes_8, mpsk_ft_lanes_16;
void mpsk_pbkdf2_lanes_4(mpsk_pbkdf2_lanes_t *, size_t);
void mpsk_pbkdf2_lanes_8(mpsk_pbkdf2_lanes_t *, size_t);
void mpsk_pbkdf2_lanes_16(mpsk_pbkdf2_lanes_t *, size_t);

/* AES with an instruction for each block, where this machine has it, or NULL. */
mpsk_match_cmac_kernel_t *mpsk_cmac_1(void);

/* AES of x86, by the blocks of an instruction. */
mpsk_match_cmac_kernel_t mpsk_cmac_aes_1, mpsk_cmac_aes_2, mpsk_cmac_aes_4;

#endif
