/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "match/padding.h"

#include <string.h>

void mpsk_padding_block(uint8_t block[static MPSK_BLOCK_LEN], size_t i, uint8_t const *message, size_t len,
			size_t before)
{
	uint64_t bits = 8 * ((uint64_t) before + len);
	size_t at = i * MPSK_BLOCK_LEN, here = at < len ? len - at : 0;

	if (here > MPSK_BLOCK_LEN) here = MPSK_BLOCK_LEN;
	memset(block, 0, MPSK_BLOCK_LEN);
	if (here > 0) memcpy(block, message + at, here);
	if (here < MPSK_BLOCK_LEN && at <= len) block[here] = 0x80;
	for (unsigned j = 0; i == MPSK_BLOCKS(len) - 1 && j < 8; j++) block[56 + j] = (uint8_t) (bits >> (56 - 8 * j));
}
