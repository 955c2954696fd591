/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "match/match.h"

#include <string.h>

#include <openssl/rand.h>

#include "base/secret.h"
#include "match/kernel.h"
#include "match/words.h"
#include "wpa/prf.h"

#define ALL_LANES ((1u << MPSK_MATCH_LANES) - 1)

mpsk_status_t mpsk_match_block_init(mpsk_match_block_t *block)
{
	if (RAND_priv_bytes((unsigned char *) block, sizeof(*block)) == 1) {
		block->used = 0;
		return MPSK_OK;
	}
	mpsk_secret_wipe(block, sizeof(*block));
	return MPSK_ERR;
}

/* The words of one lane. */
typedef struct {
	uint32_t	sha1[MPSK_SHA1_KEY_WORDS];
	uint32_t	pmk[MPSK_MATCH_PMK_WORDS];
} lane_t;

static void lane_write(mpsk_match_block_t *block, unsigned lane, lane_t const *words)
{
	for (unsigned i = 0; i < MPSK_SHA1_KEY_WORDS; i++) block->sha1[i][lane] = words->sha1[i];
	for (unsigned i = 0; i < MPSK_MATCH_PMK_WORDS; i++) block->pmk[i][lane] = words->pmk[i];
}

void mpsk_match_block_set(mpsk_match_block_t *block, unsigned lane, wpa_pmk_t const *pmk)
{
	lane_t words;

	mpsk_sha1_hmac_key(words.sha1, pmk->octets, WPA_PMK_LEN);
	mpsk_words_read(words.pmk, pmk->octets, MPSK_MATCH_PMK_WORDS);
	lane_write(block, lane, &words);
	block->used |= 1u << lane;
	mpsk_secret_wipe(&words, sizeof(words));
}

void mpsk_match_block_pmk(mpsk_match_block_t const *block, unsigned lane, wpa_pmk_t *pmk)
{
	uint32_t words[MPSK_MATCH_PMK_WORDS];

	for (unsigned i = 0; i < MPSK_MATCH_PMK_WORDS; i++) words[i] = block->pmk[i][lane];
	mpsk_words_print(pmk->octets, words, MPSK_MATCH_PMK_WORDS);
	mpsk_secret_wipe(words, sizeof(words));
}

mpsk_status_t mpsk_match_block_clear(mpsk_match_block_t *block, unsigned lane)
{
	lane_t words = { 0 };
	mpsk_status_t status = RAND_priv_bytes((unsigned char *) &words, sizeof(words)) == 1 ? MPSK_OK : MPSK_ERR;

	/* Also without randomness: what was removed must not stay. */
	lane_write(block, lane, &words);
	block->used &= ~(1u << lane);
	mpsk_secret_wipe(&words, sizeof(words));
	return status;
}

static void prf_prepare(mpsk_match_sha1_t *sha1, wpa_context_t const *context)
{
	static char const label[] = "Pairwise key expansion";	/* its NUL is hashed too */
	uint8_t message[sizeof(label) + WPA_CONTEXT_LEN + 1] = { 0 };	/* the last octet is the counter, 0 */

	_Static_assert(MPSK_SHA1_BLOCKS(sizeof(message)) == MPSK_MATCH_PRF_BLOCKS, "the kernels count on it");
	memcpy(message, label, sizeof(label));
	wpa_context_print(message + sizeof(label), context);
	mpsk_sha1_message(sha1->prf, message, sizeof(message));
}

static void sha1_prepare(mpsk_match_t *match, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel)
{
	mpsk_match_sha1_t *sha1 = &match->sha1;

	match->scan = kernel->scan;
	if (!match->scan) return;
	prf_prepare(sha1, &hs->context);
	mpsk_sha1_message(sha1->frame, hs->frame, hs->frame_len);
	sha1->n_frame = MPSK_SHA1_BLOCKS(hs->frame_len);
	for (unsigned t = 0; t < 16; t++) sha1->opad[t] = MPSK_SHA1_IPAD ^ MPSK_SHA1_OPAD;
	mpsk_sha1_expand(sha1->opad);
	sha1->mic = (uint32_t) hs->mic[0] << 24 | (uint32_t) hs->mic[1] << 16 | (uint32_t) hs->mic[2] << 8 | hs->mic[3];
}

/* The AKMs that kernels have. All others go through libcrypto, one candidate at a time. */
static struct {
	wpa_suite_t	suite;
	uint8_t		version;
	void		(*prepare)(mpsk_match_t *match, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel);
} const ways[] = {
	{ WPA_AKM_PSK,	2, sha1_prepare },
	{ WPA_AKM_WPA1,	2, sha1_prepare },
};

void mpsk_match_prepare_by(mpsk_match_t *match, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel)
{
	match->scan = NULL;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (ways[i].suite == hs->akm->suite && ways[i].version == hs->akm->version) {
			ways[i].prepare(match, hs, kernel);
		}
	}
}

void mpsk_match_prepare(mpsk_match_t *match, wpa_handshake_t const *hs)
{
	mpsk_match_prepare_by(match, hs, mpsk_kernels_get()->kernel);
}

size_t mpsk_match_scan(mpsk_match_t const *match, mpsk_match_block_t const *const *blocks, size_t n,
		       uint32_t *candidates)
{
	size_t done = 1;

	candidates[0] = ALL_LANES;
	if (match->scan) done = match->scan(&match->sha1, blocks, n, candidates);
	for (size_t i = 0; i < done; i++) candidates[i] &= blocks[i]->used & ALL_LANES;
	return done;
}

void mpsk_match_finish(mpsk_match_t *match)
{
	mpsk_secret_wipe(match, sizeof(*match));
}

char const *mpsk_match_kernel_name(char const **skipped)
{
	mpsk_kernel_choice_t const *choice = mpsk_kernels_get();

	if (skipped) *skipped = choice->skipped ? choice->skipped->name : NULL;
	return choice->kernel->name;
}
