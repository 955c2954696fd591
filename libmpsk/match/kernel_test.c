/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "match/kernel.h"
#include "match/pbkdf2.h"

/* IEEE 802.11-2020, annex J.4.2. */
static struct {
	wpa_psk_t	psk;
	mpsk_ssid_t	ssid;
	wpa_pmk_t	pmk;
} const known[] = {
	{ { 8, "password" }, { 4, "IEEE" }, { {
		0xf4, 0x2c, 0x6f, 0xc5, 0x2d, 0xf0, 0xeb, 0xef, 0x9e, 0xbb, 0x4b, 0x90, 0xb3, 0x8a, 0x5f, 0x90,
		0x2e, 0x83, 0xfe, 0x1b, 0x13, 0x5a, 0x70, 0xe2, 0x3a, 0xed, 0x76, 0x2e, 0x97, 0x10, 0xa1, 0x2e } } },
	{ { 15, "ThisIsAPassword" }, { 11, "ThisIsASSID" }, { {
		0x0d, 0xc0, 0xd6, 0xeb, 0x90, 0x55, 0x5e, 0xd6, 0x41, 0x97, 0x56, 0xb9, 0xa1, 0x5e, 0xc3, 0xe3,
		0x20, 0x9b, 0x63, 0xdf, 0x70, 0x7d, 0xd5, 0x08, 0xd1, 0x45, 0x81, 0xf8, 0x98, 0x27, 0x21, 0xaf } } },
};

/*
 * What the first PMK makes of a frame of the octets 0, 1 and so on to 120, and
 * the second one does not: the MIC, or FT's PMKR1Name.
 */
#define FRAME_LEN 121
#define ANSWER_LEN 16
static struct {
	wpa_suite_t	suite;
	uint8_t		version;
	uint16_t	ptk_bits;	/* the other one is 512 */
	uint8_t		octets[ANSWER_LEN];
} const answers[] = {
	{ WPA_AKM_PSK, 2, 0, {
		0x1b, 0x13, 0xe1, 0x31, 0x08, 0x73, 0x7c, 0x56, 0x43, 0xba, 0x5c, 0xca, 0xae, 0x33, 0x3d, 0xef } },
	{ WPA_AKM_PSK, 1, 0, {
		0xd7, 0xd0, 0xf7, 0x4c, 0x6f, 0xde, 0x06, 0x56, 0x0c, 0x35, 0x2c, 0xcf, 0xbb, 0xc8, 0xa6, 0x1d } },
	{ WPA_AKM_PSK_SHA256, 3, 384, {
		0x31, 0x1f, 0xf5, 0x19, 0xf5, 0x75, 0xe6, 0x0a, 0xef, 0x51, 0x78, 0xbc, 0xb1, 0xf0, 0xd1, 0xc1 } },
	{ WPA_AKM_PSK_SHA256, 3, 640, {
		0xa6, 0x7c, 0x67, 0x9a, 0xef, 0x68, 0xeb, 0x56, 0x44, 0xb3, 0xc7, 0xe3, 0x89, 0x56, 0x82, 0x0d } },
	{ WPA_AKM_FT_PSK, 3, 0, {
		0x31, 0x67, 0xb6, 0x69, 0x52, 0x3f, 0xe6, 0x7c, 0xf0, 0x61, 0x97, 0xd5, 0x04, 0x7c, 0xa5, 0x8a } },
};
#define ANSWERS (sizeof(answers) / sizeof(answers[0]))

static wpa_context_t const context = {
	.aa = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0xf0 } },
	.spa = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } },
};
static wpa_ft_t const ft = {
	.ssid = { 4, "IEEE" }, .mdid = { 0x12, 0x34 }, .r0kh_id_len = 14, .r0kh_id = "r0.example.com",
	.r1kh_id = { 0x00, 0x00, 0x5e, 0x00, 0x53, 0xf0 },
};

static void handshake_set(wpa_handshake_t *hs, size_t answer)
{
	*hs = (wpa_handshake_t) {
		.akm = wpa_akm_find(answers[answer].suite, answers[answer].version), .n_ptk = 2,
		.ptk_bits = { 512, answers[answer].ptk_bits }, .context = context, .ft = ft, .frame_len = FRAME_LEN
	};
	memset(hs->context.anonce, 0xa5, WPA_NONCE_LEN);
	memset(hs->context.snonce, 0x5a, WPA_NONCE_LEN);
	for (size_t i = 0; i < FRAME_LEN; i++) hs->frame[i] = (uint8_t) i;
	memcpy(hs->akm->is_ft ? hs->ft.pmk_r1_name : hs->mic, answers[answer].octets, ANSWER_LEN);
}

/* Every lane in turn holds the right PMK, all others the wrong one. */
static bool scans(mpsk_kernel_t const *kernel, size_t answer)
{
	mpsk_match_block_t blocks[2] = { { 0 } };
	mpsk_match_block_t const *const pair[] = { &blocks[0], &blocks[1] };
	wpa_handshake_t hs;
	mpsk_match_t match;
	bool right = true;

	handshake_set(&hs, answer);
	mpsk_match_prepare_by(&match, &hs, kernel);
	for (unsigned i = 0; i < 2 * MPSK_MATCH_LANES; i++) {
		mpsk_match_block_set(&blocks[i / MPSK_MATCH_LANES], i % MPSK_MATCH_LANES, &known[1].pmk);
	}
	/* Without AES all lanes are candidates, and that is no fault. */
	for (unsigned i = 0; match.scan && i < 2 * MPSK_MATCH_LANES; i++) {
		mpsk_match_block_t *block = &blocks[i / MPSK_MATCH_LANES];
		uint32_t candidates[2] = { 0 };

		mpsk_match_block_set(block, i % MPSK_MATCH_LANES, &known[0].pmk);
		right = right && mpsk_match_scan(&match, pair, 2, candidates) == 2 &&
			(candidates[0] | candidates[1] << MPSK_MATCH_LANES) == 1u << i;
		mpsk_match_block_set(block, i % MPSK_MATCH_LANES, &known[1].pmk);
	}
	mpsk_match_finish(&match);
	for (unsigned i = 0; i < 2; i++) mpsk_match_block_finish(&blocks[i]);
	return right;
}

static bool derives(mpsk_kernel_t const *kernel)
{
	mpsk_pbkdf2_job_t jobs[MPSK_MATCH_LANES];
	bool right;

	for (size_t i = 0; i < kernel->lanes; i++) {
		jobs[i] = (mpsk_pbkdf2_job_t) { .psk = &known[i % 2].psk, .ssid = &known[i % 2].ssid };
	}
	right = mpsk_pbkdf2_derive_by(jobs, kernel->lanes, kernel) == MPSK_OK;
	for (size_t i = 0; i < kernel->lanes; i++) {
		right = right && mpsk_secret_equal(&jobs[i].pmk, &known[i % 2].pmk, sizeof(wpa_pmk_t));
	}
	return right;
}

bool mpsk_kernel_test(mpsk_kernel_t const *kernel)
{
	for (size_t i = 0; i < ANSWERS; i++) {
		if (!scans(kernel, i)) return false;
	}
	return derives(kernel);
}
