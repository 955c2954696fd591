/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "match/match.h"

#include <string.h>

#include "base/secret.h"
#include "match/kernel.h"
#include "match/words.h"
#include "wpa/prf.h"

#define ALL_LANES ((1u << MPSK_MATCH_LANES) - 1)

static void prf_prepare(mpsk_match_prf_t prf, wpa_context_t const *context)
{
	uint8_t message[sizeof(WPA_PTK_LABEL) + WPA_CONTEXT_LEN + 1] = { 0 };	/* the last octet is the counter, 0 */

	_Static_assert(MPSK_BLOCKS(sizeof(message)) == MPSK_MATCH_PRF_BLOCKS, "the kernels count on it");
	memcpy(message, WPA_PTK_LABEL, sizeof(WPA_PTK_LABEL));	/* its NUL is hashed too */
	wpa_context_print(message + sizeof(WPA_PTK_LABEL), context);
	mpsk_sha1_message(prf, message, sizeof(message));
}

static bool hmac_sha1_prepare(mpsk_match_t *match, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel)
{
	mpsk_match_hmac_sha1_t *to = &match->hmac_sha1;

	(void) kernel;
	prf_prepare(to->prf, &hs->context);
	mpsk_sha1_message(to->frame, hs->frame, hs->frame_len);
	to->n_frame = MPSK_BLOCKS(hs->frame_len);
	for (unsigned t = 0; t < MPSK_BLOCK_WORDS; t++) to->opad[t] = MPSK_IPAD ^ MPSK_OPAD;
	mpsk_sha1_expand(to->opad);
	mpsk_words_read(&to->mic, hs->mic, 1);
	return true;
}

static bool hmac_md5_prepare(mpsk_match_t *match, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel)
{
	mpsk_match_hmac_md5_t *to = &match->hmac_md5;

	(void) kernel;
	prf_prepare(to->prf, &hs->context);
	mpsk_md5_message(to->frame, hs->frame, hs->frame_len);
	to->n_frame = MPSK_BLOCKS(hs->frame_len);
	to->mic = mpsk_md5_read(hs->mic);
	return true;
}

/* RFC 4493, 2.4: the last block is padded where it is not whole, and the subkey tells which it was. */
static void cmac_prepare(mpsk_match_cmac_t *cmac, wpa_handshake_t const *hs)
{
	bool whole = hs->frame_len > 0 && hs->frame_len % MPSK_AES_LEN == 0;

	_Static_assert(WPA_FRAME_MAX % MPSK_AES_LEN == 0, "the longest frame needs no block for its padding");
	cmac->n = hs->frame_len / MPSK_AES_LEN + (whole ? 0 : 1);
	cmac->doublings = whole ? 1 : 2;
	memset(cmac->blocks[cmac->n - 1], 0, MPSK_AES_LEN);
	memcpy(cmac->blocks, hs->frame, hs->frame_len);
	if (!whole) cmac->blocks[cmac->n - 1][hs->frame_len % MPSK_AES_LEN] = 0x80;
	memcpy(cmac->mic, hs->mic, sizeof(cmac->mic));
}

static bool psk_sha256_prepare(mpsk_match_t *match, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel)
{
	mpsk_match_psk_sha256_t *to = &match->psk_sha256;
	uint8_t context[WPA_CONTEXT_LEN], message[WPA_KDF_MESSAGE_MAX];
	uint32_t blocks[MPSK_BLOCKS(WPA_KDF_MESSAGE_MAX)][MPSK_SHA256_ROUNDS];

	to->cmac_kernel = kernel->cmac();
	if (!to->cmac_kernel) return false;
	cmac_prepare(&to->cmac, hs);
	wpa_context_print(context, &hs->context);
	to->n_ptk = hs->n_ptk;
	for (size_t i = 0; i < hs->n_ptk; i++) {
		wpa_kdf_t const kdf = { hs->akm->hash, WPA_PTK_LABEL, context, sizeof(context), hs->ptk_bits[i] };
		size_t len = wpa_kdf_message(message, &kdf, 1);

		if (MPSK_BLOCKS(len) != 2) return false;
		mpsk_sha256_message(blocks, message, len);
		memcpy(to->first, blocks[0], sizeof(to->first));
		memcpy(to->second[i], blocks[1], sizeof(to->second[i]));
	}
	return true;
}

/* The block of a hash over a label, a name or salt that is each lane's own, and what all share. */
static void name_prepare(uint32_t words[static MPSK_BLOCK_WORDS], char const *label, uint8_t const *rest,
			 size_t rest_len)
{
	uint8_t message[MPSK_BLOCK_LEN] = { 0 }, block[MPSK_BLOCK_LEN];

	memcpy(message, label, MPSK_MATCH_FT_LABEL_LEN);
	if (rest_len > 0) memcpy(message + MPSK_MATCH_FT_LABEL_LEN + WPA_PMKID_LEN, rest, rest_len);
	mpsk_padding_block(block, 0, message, MPSK_MATCH_FT_LABEL_LEN + WPA_PMKID_LEN + rest_len, 0);
	mpsk_words_read(words, block, MPSK_BLOCK_WORDS);
}

static bool ft_prepare(mpsk_match_t *match, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel)
{
	mpsk_match_ft_t *to = &match->ft;
	mpsk_mac_t const *spa = &hs->context.spa;
	uint8_t r0_context[WPA_FT_R0_CONTEXT_MAX], r1_context[WPA_FT_R1_CONTEXT_LEN], message[WPA_KDF_MESSAGE_MAX];
	wpa_kdf_t const kdf = wpa_ft_r0_kdf(r0_context, hs->akm->hash, &hs->ft, spa);
	size_t len = wpa_kdf_message(message, &kdf, 2);

	(void) kernel;
	if (len == 0) return false;
	mpsk_sha256_message(to->salt, message, len);
	to->n_salt = MPSK_BLOCKS(len);
	wpa_ft_r1_context(r1_context, &hs->ft, spa);
	name_prepare(to->r0_name, WPA_FT_R0N_LABEL, NULL, 0);
	name_prepare(to->r1_name, WPA_FT_R1N_LABEL, r1_context, sizeof(r1_context));
	mpsk_words_read(&to->name, hs->ft.pmk_r1_name, 1);
	return true;
}

/* The AKMs that kernels have. All others go through libcrypto, one candidate at a time. */
static struct {
	wpa_suite_t	suite;
	uint8_t		version;
	mpsk_way_t	way;
	/* Whether it can: else they go through libcrypto too. */
	bool		(*prepare)(mpsk_match_t *match, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel);
} const ways[] = {
	{ WPA_AKM_PSK,		2, MPSK_WAY_HMAC_SHA1,	hmac_sha1_prepare },
	{ WPA_AKM_PSK,		1, MPSK_WAY_HMAC_MD5,	hmac_md5_prepare },
	{ WPA_AKM_WPA1,		2, MPSK_WAY_HMAC_SHA1,	hmac_sha1_prepare },
	{ WPA_AKM_WPA1,		1, MPSK_WAY_HMAC_MD5,	hmac_md5_prepare },
	{ WPA_AKM_PSK_SHA256,	3, MPSK_WAY_PSK_SHA256,	psk_sha256_prepare },
	{ WPA_AKM_FT_PSK,	3, MPSK_WAY_FT,		ft_prepare },
};

void mpsk_match_prepare_by(mpsk_match_t *match, wpa_handshake_t const *hs, mpsk_kernel_t const *kernel)
{
	match->scan = NULL;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		mpsk_match_scan_t *scan = kernel->scan[ways[i].way];

		if (ways[i].suite != hs->akm->suite || ways[i].version != hs->akm->version) continue;
		if (scan && ways[i].prepare(match, hs, kernel)) match->scan = scan;
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
	if (match->scan) done = match->scan(match, blocks, n, candidates);
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
