/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scan: which of many PMKs may have made a handshake.
 *
 * What is reported is a candidate: 32 bits of its MIC fit, or of FT's
 * PMKR1Name. Only wpa_handshake_verify() with the PMK itself makes a match of
 * it, so that a fault in a kernel may miss a key but never let one in.
 */
#ifndef MPSK_MATCH_MATCH_H
#define MPSK_MATCH_MATCH_H

#include <stddef.h>
#include <stdint.h>

#include "match/block.h"
#include "match/md5.h"
#include "wpa/handshake.h"

/* What all candidates share, most of it as the schedules of blocks, constants added. */

/* The PRF of AKMs with HMAC-SHA1: its message has 100 octets. */
#define MPSK_MATCH_PRF_BLOCKS	2
typedef uint32_t mpsk_match_prf_t[MPSK_MATCH_PRF_BLOCKS][MPSK_SHA1_ROUNDS];

typedef struct {
	uint32_t		mic;		/* its first word */
	mpsk_match_prf_t	prf;
	uint32_t		opad[MPSK_SHA1_ROUNDS];	/* without constants: ipad XOR opad */
	size_t			n_frame;
	uint32_t		frame[MPSK_BLOCKS(WPA_FRAME_MAX)][MPSK_SHA1_ROUNDS];
} mpsk_match_hmac_sha1_t;

typedef struct {
	uint32_t		mic;
	mpsk_match_prf_t	prf;
	size_t			n_frame;
	uint32_t		frame[MPSK_BLOCKS(WPA_FRAME_MAX)][MPSK_MD5_ROUNDS];
} mpsk_match_hmac_md5_t;

/* AES-128-CMAC of a frame. */
#define MPSK_AES_LEN	16
typedef struct {
	uint8_t			mic[4];		/* its first octets */
	unsigned		doublings;	/* of the subkey: 1 where the last block is whole, else 2 */
	size_t			n;
	uint8_t			blocks[WPA_FRAME_MAX / MPSK_AES_LEN][MPSK_AES_LEN];	/* the last one padded */
} mpsk_match_cmac_t;

/* The KDF of PSK-SHA256: its message has 102 octets, and the length of the PTK stands in the second block. */
#define MPSK_MATCH_KCK_WORDS	4
typedef struct mpsk_match_cmac_work mpsk_match_cmac_work_t;
typedef uint32_t mpsk_match_cmac_kernel_t(mpsk_match_cmac_t const *cmac,
					  uint32_t const kck[static MPSK_MATCH_KCK_WORDS][2 * MPSK_MATCH_LANES],
					  mpsk_match_cmac_work_t *work);
typedef struct {
	mpsk_match_cmac_kernel_t *cmac_kernel;
	mpsk_match_cmac_t	cmac;
	uint32_t		first[MPSK_SHA256_ROUNDS];
	size_t			n_ptk;
	uint32_t		second[WPA_PTK_MAX][MPSK_SHA256_ROUNDS];
} mpsk_match_psk_sha256_t;

/*
 * FT's names. Each is the hash of one block: a label of six octets, what is
 * each lane's own (here zero), and the rest.
 */
#define MPSK_MATCH_FT_LABEL_LEN	6
typedef struct {
	uint32_t		name;		/* the first word of PMKR1Name */
	size_t			n_salt;
	uint32_t		salt[MPSK_BLOCKS(WPA_KDF_MESSAGE_MAX)][MPSK_SHA256_ROUNDS];
	uint32_t		r0_name[MPSK_BLOCK_WORDS];
	uint32_t		r1_name[MPSK_BLOCK_WORDS];
} mpsk_match_ft_t;

typedef struct mpsk_match mpsk_match_t;

/* As mpsk_match_scan(), of a kernel. It may report unused lanes. */
typedef size_t mpsk_match_scan_t(mpsk_match_t const *match, mpsk_match_block_t const *const *blocks, size_t n,
				 uint32_t *candidates);

/* A handshake made ready to be held against any number of blocks; the caller's, for one thread or many. */
struct mpsk_match {
	mpsk_match_scan_t	*scan;	/* NULL: every lane in use is a candidate */
	union {
		mpsk_match_hmac_sha1_t	hmac_sha1;
		mpsk_match_hmac_md5_t	hmac_md5;
		mpsk_match_psk_sha256_t	psk_sha256;
		mpsk_match_ft_t		ft;
	};
};

typedef struct mpsk_kernel mpsk_kernel_t;

/*
 * Make a handshake ready, by the kernel in use or by one that is given.
 * hs->akm must not be NULL. An AKM that no kernel has is scanned too: all
 * lanes in use are its candidates. The scan needs hs no more.
 */
void mpsk_match_prepare(mpsk_match_t *match, wpa_handshake_t const *hs);
void mpsk_match_prepare_by(mpsk_match_t *match, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel);

/*
 * Look for candidates in blocks from the first one on, and stop soon after
 * the first. Returns how many blocks are done, at least one of n (which is
 * not 0); candidates[i] is set for each of them: a bit mask of lanes.
 */
size_t mpsk_match_scan(mpsk_match_t const *match, mpsk_match_block_t const *const *blocks, size_t n,
		       uint32_t *candidates);

/* Wipe it. */
void mpsk_match_finish(mpsk_match_t *match);

/*
 * The kernel in use, such as "avx512"; chosen, and tested, by the first call
 * of this layer that needs one (some milliseconds). *skipped is set to the
 * best one that this machine could run and that failed its test, or NULL.
 */
char const *mpsk_match_kernel_name(char const **skipped);

#endif
