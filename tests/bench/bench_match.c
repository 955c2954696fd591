/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "base/secret.h"
#include "bench.h"
#include "handshake_make.h"
#include "match/kernel.h"
#include "match/match.h"
#include "match/pbkdf2.h"
#include "rows.h"
#include "wpa/ft.h"
#include "wpa/kdf.h"
#include "wpa/prf.h"

#define KEYS		1024
#define BLOCKS		(KEYS / MPSK_MATCH_LANES)
#define SLICE_MS	4
#define ROUNDS		100
#define PBKDF2_SLICE_MS	12
#define PBKDF2_ROUNDS	30

/* Stored PMKs, a handshake that none of them made, and its plain way. */
static struct {
	wpa_pmk_t			pmks[KEYS];
	mpsk_match_block_t		blocks[BLOCKS];
	mpsk_match_block_t const	*list[BLOCKS];
	wpa_handshake_t			hs;
	mpsk_kernel_t const		*kernel;
	measure_work_t			plain;
} keys;

static void miss_assert(void const *a, void const *b)
{
	bench_assert(!mpsk_secret_equal(a, b, 16), "a PMK matched that did not make the handshake");
}

/* The plain ways, for each stored PMK: HMAC() for the KCK and HMAC() for the MIC. */
static size_t hmac_plain(EVP_MD const *mic_md)
{
	uint8_t message[sizeof(WPA_PTK_LABEL) + WPA_CONTEXT_LEN + 1] = { 0 };
	uint8_t kck[EVP_MAX_MD_SIZE], mic[EVP_MAX_MD_SIZE];
	unsigned len;

	memcpy(message, WPA_PTK_LABEL, sizeof(WPA_PTK_LABEL));
	wpa_context_print(message + sizeof(WPA_PTK_LABEL), &keys.hs.context);
	for (size_t i = 0; i < KEYS; i++) {
		HMAC(EVP_sha1(), keys.pmks[i].octets, WPA_PMK_LEN, message, sizeof(message), kck, &len);
		HMAC(mic_md, kck, 16, keys.hs.frame, keys.hs.frame_len, mic, &len);
		miss_assert(mic, keys.hs.mic);
	}
	return KEYS;
}

static size_t hmac_sha1_plain(void *uctx)
{
	(void) uctx;
	return hmac_plain(EVP_sha1());
}

static size_t hmac_md5_plain(void *uctx)
{
	(void) uctx;
	return hmac_plain(EVP_md5());
}

/* libcrypto's CMAC in one go, as HMAC() is one: with a context of its own, but fetched no more than once. */
static void cmac_plain(EVP_MAC *cmac, uint8_t mic[static EVP_MAX_MD_SIZE], uint8_t const *kck)
{
	char cipher[] = "AES-128-CBC";
	OSSL_PARAM const params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher, 0), OSSL_PARAM_construct_end()
	};
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(cmac);
	size_t len;

	bench_assert(ctx && EVP_MAC_init(ctx, kck, 16, params) == 1 &&
		     EVP_MAC_update(ctx, keys.hs.frame, keys.hs.frame_len) == 1 &&
		     EVP_MAC_final(ctx, mic, &len, EVP_MAX_MD_SIZE) == 1, "CMAC failed");
	EVP_MAC_CTX_free(ctx);
}

/* HMAC() for the KCK and CMAC for the MIC. */
static size_t psk_sha256_plain(void *uctx)
{
	uint8_t context[WPA_CONTEXT_LEN], message[WPA_KDF_MESSAGE_MAX], kck[EVP_MAX_MD_SIZE], mic[EVP_MAX_MD_SIZE];
	wpa_kdf_t const kdf = { &wpa_kdf_sha256, WPA_PTK_LABEL, context, sizeof(context), keys.hs.ptk_bits[0] };
	EVP_MAC *cmac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_CMAC, NULL);
	size_t message_len;
	unsigned len;

	(void) uctx;
	wpa_context_print(context, &keys.hs.context);
	message_len = wpa_kdf_message(message, &kdf, 1);
	for (size_t i = 0; i < KEYS; i++) {
		HMAC(EVP_sha256(), keys.pmks[i].octets, WPA_PMK_LEN, message, message_len, kck, &len);
		cmac_plain(cmac, mic, kck);
		miss_assert(mic, keys.hs.mic);
	}
	EVP_MAC_free(cmac);
	return KEYS;
}

/* HMAC() for the salt and two SHA256() for the names. */
static size_t ft_plain(void *uctx)
{
	uint8_t context[WPA_FT_R0_CONTEXT_MAX], message[WPA_KDF_MESSAGE_MAX], digest[EVP_MAX_MD_SIZE];
	uint8_t r0_name[6 + WPA_PMKID_LEN], r1_name[6 + WPA_PMKID_LEN + WPA_FT_R1_CONTEXT_LEN];
	wpa_kdf_t const kdf = wpa_ft_r0_kdf(context, &wpa_kdf_sha256, &keys.hs.ft, &keys.hs.context.spa);
	size_t message_len = wpa_kdf_message(message, &kdf, 2);
	unsigned len;

	(void) uctx;
	memcpy(r0_name, WPA_FT_R0N_LABEL, 6);
	memcpy(r1_name, WPA_FT_R1N_LABEL, 6);
	wpa_ft_r1_context(r1_name + 6 + WPA_PMKID_LEN, &keys.hs.ft, &keys.hs.context.spa);
	for (size_t i = 0; i < KEYS; i++) {
		HMAC(EVP_sha256(), keys.pmks[i].octets, WPA_PMK_LEN, message, message_len, digest, &len);
		memcpy(r0_name + 6, digest, WPA_PMKID_LEN);
		SHA256(r0_name, sizeof(r0_name), digest);
		memcpy(r1_name + 6, digest, WPA_PMKID_LEN);
		SHA256(r1_name, sizeof(r1_name), digest);
		miss_assert(digest, keys.hs.ft.pmk_r1_name);
	}
	return KEYS;
}

/* A whole scan, as a request makes it. */
static size_t scan_lanes(void *uctx)
{
	uint32_t candidates[BLOCKS];
	mpsk_match_t match;

	(void) uctx;
	mpsk_match_prepare_by(&match, &keys.hs, keys.kernel);
	for (size_t at = 0, done; at < BLOCKS; at += done) {
		done = mpsk_match_scan(&match, keys.list + at, BLOCKS - at, candidates);
		for (size_t i = 0; i < done * MPSK_MATCH_LANES; i++) {
			bench_assert(!(candidates[i / MPSK_MATCH_LANES] & 1u << i % MPSK_MATCH_LANES) ||
				     !wpa_handshake_verify(&keys.hs, &keys.pmks[at * MPSK_MATCH_LANES + i]),
				     "a PMK matched that did not make the handshake");
		}
	}
	mpsk_match_finish(&match);
	return KEYS;
}

static void keys_make(void)
{
	wpa_pmk_t other;

	bench_assert(RAND_bytes((unsigned char *) keys.pmks, sizeof(keys.pmks)) == 1 &&
		     RAND_bytes(other.octets, sizeof(other)) == 1, "no randomness");
	bench_assert(handshake_make(&keys.hs, &other) == MPSK_OK, "no handshake");
	for (unsigned i = 0; i < KEYS; i++) {
		mpsk_match_block_set(&keys.blocks[i / MPSK_MATCH_LANES], i % MPSK_MATCH_LANES, &keys.pmks[i]);
		keys.list[i / MPSK_MATCH_LANES] = &keys.blocks[i / MPSK_MATCH_LANES];
	}
}

static bool is_supported(mpsk_kernel_t const *kernel)
{
	return !kernel->supported || kernel->supported();
}

/* The kernels of this machine: calls row for each. */
static void each_kernel(void (*row)(mpsk_kernel_t const *kernel))
{
	mpsk_kernel_t const *kernel = mpsk_kernels;

	for (; kernel->lanes > 1; kernel++) {
		if (is_supported(kernel)) row(kernel);
	}
	row(kernel);	/* the last one is that of no lanes */
}

static void match_row_as(mpsk_kernel_t const *kernel, char const *note)
{
	measure_rates_t rates;

	keys.kernel = kernel;
	rates = measure_compare(keys.plain, scan_lanes, NULL, SLICE_MS, ROUNDS);
	rows_compared(&rates, 1e-6, "%s, %s%s", keys.hs.akm->name, kernel->name, note);
}

static void match_row(mpsk_kernel_t const *kernel)
{
	mpsk_kernel_t other = *kernel;

	match_row_as(kernel, "");
	/* As on a CPU whose instructions for AES take one block at a time. */
	other.cmac = mpsk_cmac_1;
	if (keys.hs.akm->suite == WPA_AKM_PSK_SHA256 && kernel->lanes > 1 && kernel->cmac() != mpsk_cmac_1()) {
		match_row_as(&other, ", no VAES");
	}
}

/* Another AKM; what FT hashes beside the PMK is no longer than it usually is. */
static void akm_rows(wpa_suite_t suite, uint8_t version, measure_work_t plain)
{
	wpa_handshake_t *hs = &keys.hs;

	hs->akm = wpa_akm_find(suite, version);
	hs->ptk_bits[0] = 384;
	hs->ft = (wpa_ft_t) { .ssid = { 4, "Acme" }, .r0kh_id_len = 12, .pmk_r1_name = { 1 } };
	keys.plain = plain;
	each_kernel(match_row);
}

void bench_match(void)
{
	keys_make();
	rows_section("Candidates", "millions a second");
	akm_rows(WPA_AKM_PSK, 2, hmac_sha1_plain);
	akm_rows(WPA_AKM_PSK, 1, hmac_md5_plain);
	akm_rows(WPA_AKM_PSK_SHA256, 3, psk_sha256_plain);
	akm_rows(WPA_AKM_FT_PSK, 3, ft_plain);
}

static mpsk_pbkdf2_job_t jobs[MPSK_MATCH_LANES];

static size_t pbkdf2_plain(void *uctx)
{
	mpsk_pbkdf2_job_t const *job = &jobs[0];
	wpa_pmk_t pmk;

	(void) uctx;
	bench_assert(PKCS5_PBKDF2_HMAC((char const *) job->psk->octets, job->psk->len,
				       job->ssid->octets, job->ssid->len, 4096, EVP_sha1(),
				       WPA_PMK_LEN, pmk.octets) == 1, "PBKDF2 failed");
	return 1;
}

static size_t pbkdf2_lanes(void *uctx)
{
	(void) uctx;
	bench_assert(mpsk_pbkdf2_derive_by(jobs, keys.kernel->lanes, keys.kernel) == MPSK_OK, "PBKDF2 failed");
	return keys.kernel->lanes;
}

static void pbkdf2_row(mpsk_kernel_t const *kernel)
{
	measure_rates_t rates;

	keys.kernel = kernel;
	rates = measure_compare(pbkdf2_plain, pbkdf2_lanes, NULL, PBKDF2_SLICE_MS, PBKDF2_ROUNDS);
	rows_compared(&rates, 1, "%s", kernel->name);
}

void bench_pbkdf2(void)
{
	static wpa_psk_t psk;
	static mpsk_ssid_t ssid;

	bench_assert(wpa_psk_set(&psk, "correct-horse-battery", 21, NULL) == MPSK_OK && mpsk_ssid_set(&ssid, "Acme", 4),
		     "no passphrase");
	for (size_t i = 0; i < MPSK_MATCH_LANES; i++) jobs[i] = (mpsk_pbkdf2_job_t) { .psk = &psk, .ssid = &ssid };
	rows_section("PMKs from passphrases (PBKDF2)", "a second");
	each_kernel(pbkdf2_row);
}
