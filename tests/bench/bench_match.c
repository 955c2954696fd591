/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/secret.h"
#include "bench.h"
#include "handshake_make.h"
#include "match/kernel.h"
#include "match/match.h"
#include "match/pbkdf2.h"
#include "rows.h"
#include "wpa/prf.h"

#define KEYS		1024
#define BLOCKS		(KEYS / MPSK_MATCH_LANES)
#define SLICE_MS	4
#define ROUNDS		100
#define PBKDF2_SLICE_MS	12
#define PBKDF2_ROUNDS	30

/* Stored PMKs, and a handshake that none of them made. */
static struct {
	wpa_pmk_t			pmks[KEYS];
	mpsk_match_block_t		blocks[BLOCKS];
	mpsk_match_block_t const	*list[BLOCKS];
	wpa_handshake_t			hs;
	EVP_MD const			*mic;	/* what the MIC is made with */
	mpsk_kernel_t const		*kernel;
} keys;

/* The plain way: HMAC() for the KCK and HMAC() for the MIC, for each stored PMK. */
static size_t scan_plain(void *uctx)
{
	static char const label[] = "Pairwise key expansion";
	uint8_t message[sizeof(label) + WPA_CONTEXT_LEN + 1] = { 0 }, kck[EVP_MAX_MD_SIZE], mic[EVP_MAX_MD_SIZE];
	unsigned len;

	(void) uctx;
	memcpy(message, label, sizeof(label));
	wpa_context_print(message + sizeof(label), &keys.hs.context);
	for (size_t i = 0; i < KEYS; i++) {
		HMAC(EVP_sha1(), keys.pmks[i].octets, WPA_PMK_LEN, message, sizeof(message), kck, &len);
		HMAC(keys.mic, kck, 16, keys.hs.frame, keys.hs.frame_len, mic, &len);
		bench_assert(!mpsk_secret_equal(mic, keys.hs.mic, 16), "a PMK matched that did not make the handshake");
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

	for (; kernel->scan; kernel++) {
		if (is_supported(kernel)) row(kernel);
	}
	row(kernel);	/* the last one is that of no lanes */
}

static void match_row(mpsk_kernel_t const *kernel)
{
	measure_rates_t rates;

	keys.kernel = kernel;
	rates = measure_compare(scan_plain, scan_lanes, NULL, SLICE_MS, ROUNDS);
	rows_compared(&rates, 1e-6, "%s, %s", keys.hs.akm->name, kernel->name);
}

static void akm_set(wpa_suite_t suite, uint8_t version, EVP_MD const *mic)
{
	keys.hs.akm = wpa_akm_find(suite, version);
	keys.mic = mic;
}

void bench_match(void)
{
	mpsk_kernel_t const *plain = mpsk_kernels;

	while (plain->scan) plain++;
	keys_make();
	rows_section("Candidates", "millions a second");
	akm_set(WPA_AKM_PSK, 2, EVP_sha1());
	each_kernel(match_row);
	akm_set(WPA_AKM_WPA1, 2, EVP_sha1());
	match_row(mpsk_kernels_get()->kernel);
	/* No kernel has it in lanes. */
	akm_set(WPA_AKM_PSK, 1, EVP_md5());
	match_row(plain);
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
