/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "match/block.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/secret.h"
#include "match/words.h"

/* Drop the states: of a block that no other thread can see. */
static void sha256_drop(mpsk_match_block_t *block)
{
	mpsk_match_sha256_t *states = atomic_load_explicit(&block->sha256, memory_order_relaxed);

	if (states) mpsk_secret_wipe(states, sizeof(*states));
	free(states);
	atomic_store_explicit(&block->sha256, NULL, memory_order_relaxed);
}

mpsk_status_t mpsk_match_block_init(mpsk_match_block_t *block)
{
	block->used = 0;
	atomic_init(&block->sha256, NULL);
	if (RAND_priv_bytes((unsigned char *) block->sha1, sizeof(block->sha1)) == 1 &&
	    RAND_priv_bytes((unsigned char *) block->pmk, sizeof(block->pmk)) == 1) {
		return MPSK_OK;
	}
	mpsk_match_block_finish(block);
	return MPSK_ERR;
}

void mpsk_match_block_copy(mpsk_match_block_t *to, mpsk_match_block_t const *from)
{
	to->used = from->used;
	atomic_init(&to->sha256, NULL);
	memcpy(to->sha1, from->sha1, sizeof(to->sha1));
	memcpy(to->pmk, from->pmk, sizeof(to->pmk));
}

void mpsk_match_block_finish(mpsk_match_block_t *block)
{
	sha256_drop(block);
	mpsk_secret_wipe(block, sizeof(*block));
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
	sha256_drop(block);
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

mpsk_match_sha256_t const *mpsk_match_block_sha256(mpsk_match_block_t const *block)
{
	return atomic_load_explicit(&block->sha256, memory_order_acquire);
}

mpsk_match_sha256_t const *mpsk_match_block_sha256_keep(mpsk_match_block_t const *block,
							mpsk_match_sha256_t const *states)
{
	/* What a block can be computed from does not change; where it is kept is no part of it. */
	_Atomic(mpsk_match_sha256_t *) *place = &((mpsk_match_block_t *) block)->sha256;
	mpsk_match_sha256_t *kept = aligned_alloc(_Alignof(mpsk_match_sha256_t), sizeof(*kept)), *first = NULL;

	if (!kept) return states;
	*kept = *states;
	if (atomic_compare_exchange_strong_explicit(place, &first, kept, memory_order_acq_rel, memory_order_acquire)) {
		return kept;
	}
	mpsk_secret_wipe(kept, sizeof(*kept));
	free(kept);
	return first;
}
