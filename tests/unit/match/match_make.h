/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the scan share: random PMKs and handshakes, their MICs
 * by OpenSSL alone, and the kernels of this machine.
 */
#ifndef TESTS_UNIT_MATCH_MATCH_MAKE_H
#define TESTS_UNIT_MATCH_MATCH_MAKE_H

#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "match/kernel.h"
#include "match/match.h"

static inline void random_fill(void *p, size_t len)
{
	assert_int_equal(RAND_bytes(p, (int) len), 1);
}

/* The MIC of a handshake as IEEE 802.11-2020, 12.7.1.2 and 12.7.2 has it, by HMAC() over octets laid out here. */
static inline void mic_make(wpa_handshake_t *hs, wpa_pmk_t const *pmk)
{
	static char const label[] = "Pairwise key expansion";
	wpa_context_t const *c = &hs->context;
	bool aa_first = memcmp(&c->aa, &c->spa, sizeof(c->aa)) < 0;
	bool anonce_first = memcmp(c->anonce, c->snonce, WPA_NONCE_LEN) < 0;
	uint8_t data[sizeof(label) + 2 * MPSK_MAC_LEN + 2 * WPA_NONCE_LEN + 1] = { 0 }, *p = data;
	uint8_t kck[EVP_MAX_MD_SIZE], mic[EVP_MAX_MD_SIZE];
	unsigned len;

	p = (uint8_t *) memcpy(p, label, sizeof(label)) + sizeof(label);
	p = (uint8_t *) memcpy(p, aa_first ? &c->aa : &c->spa, MPSK_MAC_LEN) + MPSK_MAC_LEN;
	p = (uint8_t *) memcpy(p, aa_first ? &c->spa : &c->aa, MPSK_MAC_LEN) + MPSK_MAC_LEN;
	p = (uint8_t *) memcpy(p, anonce_first ? c->anonce : c->snonce, WPA_NONCE_LEN) + WPA_NONCE_LEN;
	memcpy(p, anonce_first ? c->snonce : c->anonce, WPA_NONCE_LEN);
	assert_non_null(HMAC(EVP_sha1(), pmk, sizeof(*pmk), data, sizeof(data), kck, &len));
	assert_non_null(HMAC(hs->version == 1 ? EVP_md5() : EVP_sha1(), kck, 16, hs->frame, hs->frame_len, mic, &len));
	memcpy(hs->mic, mic, 16);
}

/* A random handshake that this PMK made. */
static inline void handshake_random(wpa_handshake_t *hs, wpa_suite_t suite, uint8_t version, size_t frame_len,
				    wpa_pmk_t const *pmk)
{
	memset(hs, 0, sizeof(*hs));
	hs->suite = suite;
	hs->version = version;
	hs->akm = wpa_akm_find(suite, version);
	hs->n_ptk = 1;
	assert_non_null(hs->akm);
	hs->frame_len = frame_len;
	random_fill(&hs->context, sizeof(hs->context));
	random_fill(hs->frame, frame_len);
	mic_make(hs, pmk);
}

static inline bool kernel_runs(mpsk_kernel_t const *kernel)
{
	return !kernel->supported || kernel->supported();
}

/* Each kernel with lanes that this machine runs. */
#define EACH_KERNEL(_kernel) \
	for (mpsk_kernel_t const *_kernel = mpsk_kernels; _kernel->scan; _kernel++) if (kernel_runs(_kernel))

#define BLOCKS_MAX 9

/* Blocks, and the PMKs in their lanes. */
typedef struct {
	size_t				n;
	wpa_pmk_t			pmks[BLOCKS_MAX * MPSK_MATCH_LANES];
	mpsk_match_block_t		blocks[BLOCKS_MAX];
	mpsk_match_block_t const	*list[BLOCKS_MAX];
} keys_t;

static inline void keys_set(keys_t *keys, size_t at, wpa_pmk_t const *pmk)
{
	keys->pmks[at] = *pmk;
	mpsk_match_block_set(&keys->blocks[at / MPSK_MATCH_LANES], at % MPSK_MATCH_LANES, pmk);
}

/* Blocks whose lanes are all in use, with random PMKs. */
static inline void keys_random(keys_t *keys, size_t n)
{
	keys->n = n;
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(mpsk_match_block_init(&keys->blocks[i]), MPSK_OK);
		keys->list[i] = &keys->blocks[i];
	}
	for (size_t i = 0; i < n * MPSK_MATCH_LANES; i++) {
		wpa_pmk_t pmk;

		random_fill(&pmk, sizeof(pmk));
		keys_set(keys, i, &pmk);
	}
}

/* A whole scan: the candidates of each block. */
static inline void keys_scan(keys_t const *keys, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel,
			     uint32_t candidates[static BLOCKS_MAX])
{
	mpsk_match_t match;
	size_t done = 0;

	mpsk_match_prepare_by(&match, hs, kernel);
	while (done < keys->n) {
		size_t more = mpsk_match_scan(&match, keys->list + done, keys->n - done, candidates + done);

		assert_true(more >= 1 && more <= keys->n - done);
		done += more;
	}
	mpsk_match_finish(&match);
}

/* That one key alone, or none where it is SIZE_MAX, is a candidate. */
static inline void assert_alone(keys_t const *keys, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel, size_t at)
{
	uint32_t candidates[BLOCKS_MAX];

	keys_scan(keys, hs, kernel, candidates);
	for (size_t i = 0; i < keys->n; i++) {
		uint32_t expected = at / MPSK_MATCH_LANES == i ? 1u << at % MPSK_MATCH_LANES : 0;

		if (candidates[i] == expected) continue;
		fail_msg("%s: block %zu: %x, not %x", kernel->name, i, candidates[i], expected);
	}
}

#endif
