/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "match/match.h"

#include <openssl/rand.h>

#include "base/secret.h"

#define ALL_LANES ((1u << MPSK_MATCH_LANES) - 1)

static mpsk_status_t lanes_randomise(wpa_pmk_t *pmks, size_t n)
{
	if (RAND_priv_bytes((unsigned char *) pmks, (int) (n * sizeof(*pmks))) == 1) return MPSK_OK;
	mpsk_secret_wipe(pmks, n * sizeof(*pmks));	/* a PMK that was removed must not stay */
	return MPSK_ERR;
}

mpsk_status_t mpsk_match_block_init(mpsk_match_block_t *block)
{
	block->used = 0;
	return lanes_randomise(block->pmk, MPSK_MATCH_LANES);
}

void mpsk_match_block_set(mpsk_match_block_t *block, unsigned lane, wpa_pmk_t const *pmk)
{
	block->pmk[lane] = *pmk;
	block->used |= 1u << lane;
}

mpsk_status_t mpsk_match_block_clear(mpsk_match_block_t *block, unsigned lane)
{
	block->used &= ~(1u << lane);
	return lanes_randomise(&block->pmk[lane], 1);
}

uint32_t mpsk_match_block_scan(mpsk_match_block_t const *block, wpa_handshake_t const *hs)
{
	uint32_t matched = 0;

	for (uint32_t left = block->used & ALL_LANES; left; left &= left - 1) {
		unsigned lane = (unsigned) __builtin_ctz(left);

		if (wpa_handshake_verify(hs, &block->pmk[lane])) matched |= 1u << lane;
	}
	return matched;
}
