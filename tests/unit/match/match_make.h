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
#include <openssl/params.h>
#include <openssl/rand.h>

#include "match/kernel.h"
#include "match/match.h"

static inline void random_fill(void *p, size_t len)
{
	assert_int_equal(RAND_bytes(p, (int) len), 1);
}

/* Octets laid out one after the other. */
typedef struct {
	uint8_t	octets[256];
	size_t	len;
} message_t;

static inline void put(message_t *message, void const *octets, size_t len)
{
	assert_true(message->len + len <= sizeof(message->octets));
	memcpy(message->octets + message->len, octets, len);
	message->len += len;
}

static inline void put_number(message_t *message, unsigned number, size_t len)
{
	for (size_t i = 0; i < len; i++) put(message, &(uint8_t) { (uint8_t) (number >> 8 * i) }, 1);
}

static inline void put_ordered(message_t *message, void const *a, void const *b, size_t len)
{
	bool a_first = memcmp(a, b, len) < 0;

	put(message, a_first ? a : b, len);
	put(message, a_first ? b : a, len);
}

static inline void put_context(message_t *message, wpa_context_t const *c)
{
	put_ordered(message, &c->aa, &c->spa, MPSK_MAC_LEN);
	put_ordered(message, c->anonce, c->snonce, WPA_NONCE_LEN);
}

static inline void hmac(uint8_t out[static EVP_MAX_MD_SIZE], EVP_MD const *md, void const *key, size_t key_len,
			void const *octets, size_t len)
{
	unsigned out_len;

	assert_non_null(HMAC(md, key, (int) key_len, octets, len, out, &out_len));
}

static inline void cmac(uint8_t out[static 16], uint8_t const key[static 16], void const *octets, size_t len)
{
	char cipher[] = "AES-128-CBC";
	OSSL_PARAM const params[] = {
		OSSL_PARAM_construct_utf8_string("cipher", cipher, 0), OSSL_PARAM_construct_end()
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);
	size_t out_len;

	assert_int_equal(EVP_MAC_init(ctx, key, 16, params), 1);
	assert_int_equal(EVP_MAC_update(ctx, octets, len), 1);
	assert_int_equal(EVP_MAC_final(ctx, out, &out_len, 16), 1);
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
}

/* IEEE 802.11-2020, 12.7.1.2: the KCK by PRF-n. */
static inline void kck_prf(uint8_t kck[static EVP_MAX_MD_SIZE], wpa_handshake_t const *hs, wpa_pmk_t const *pmk)
{
	message_t message = { .len = 0 };

	put(&message, "Pairwise key expansion", 23);
	put_context(&message, &hs->context);
	put_number(&message, 0, 1);
	hmac(kck, EVP_sha1(), pmk, sizeof(*pmk), message.octets, message.len);
}

/* 12.7.1.6.2: a block of KDF-SHA256. */
static inline void kdf(uint8_t out[static EVP_MAX_MD_SIZE], void const *key, char const *label,
		       message_t const *context, unsigned bits, unsigned i)
{
	message_t message = { .len = 0 };

	put_number(&message, i, 2);
	put(&message, label, strlen(label));
	put(&message, context->octets, context->len);
	put_number(&message, bits, 2);
	hmac(out, EVP_sha256(), key, 32, message.octets, message.len);
}

/* The first 16 octets of SHA-256 over a label, a name or salt and some more. */
static inline void name(uint8_t out[static 16], char const *label, uint8_t const *in, void const *more, size_t more_len)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	message_t message = { .len = 0 };

	put(&message, label, strlen(label));
	put(&message, in, 16);
	put(&message, more, more_len);
	assert_int_equal(EVP_Digest(message.octets, message.len, digest, NULL, EVP_sha256(), NULL), 1);
	memcpy(out, digest, 16);
}

/* 12.7.1.6.3 to 12.7.1.6.5: the KCK, and the PMKR1Name which it sets. */
static inline void kck_ft(uint8_t kck[static EVP_MAX_MD_SIZE], wpa_handshake_t *hs, wpa_pmk_t const *pmk, unsigned bits)
{
	wpa_ft_t *ft = &hs->ft;
	message_t r0_context = { .len = 0 }, r1_context = { .len = 0 }, ptk_context = { .len = 0 };
	uint8_t r0[EVP_MAX_MD_SIZE], salt[EVP_MAX_MD_SIZE], r0_name[16], r1[EVP_MAX_MD_SIZE];

	put_number(&r0_context, ft->ssid.len, 1);
	put(&r0_context, ft->ssid.octets, ft->ssid.len);
	put(&r0_context, ft->mdid, sizeof(ft->mdid));
	put_number(&r0_context, ft->r0kh_id_len, 1);
	put(&r0_context, ft->r0kh_id, ft->r0kh_id_len);
	put(&r0_context, &hs->context.spa, MPSK_MAC_LEN);
	kdf(r0, pmk, "FT-R0", &r0_context, 384, 1);
	kdf(salt, pmk, "FT-R0", &r0_context, 384, 2);
	put(&r1_context, ft->r1kh_id, sizeof(ft->r1kh_id));
	put(&r1_context, &hs->context.spa, MPSK_MAC_LEN);
	name(r0_name, "FT-R0N", salt, "", 0);
	name(ft->pmk_r1_name, "FT-R1N", r0_name, r1_context.octets, r1_context.len);
	kdf(r1, r0, "FT-R1", &r1_context, 256, 1);
	put(&ptk_context, hs->context.snonce, WPA_NONCE_LEN);
	put(&ptk_context, hs->context.anonce, WPA_NONCE_LEN);
	put(&ptk_context, &hs->context.aa, MPSK_MAC_LEN);
	put(&ptk_context, &hs->context.spa, MPSK_MAC_LEN);
	kdf(kck, r1, "FT-PTK", &ptk_context, bits, 1);
}

/* The MIC of a handshake with the n-th of its PTK lengths, and of FT the name too, by OpenSSL alone. */
static inline void mic_make(wpa_handshake_t *hs, wpa_pmk_t const *pmk, size_t n)
{
	uint8_t kck[EVP_MAX_MD_SIZE], mic[EVP_MAX_MD_SIZE];
	message_t context = { .len = 0 };

	put_context(&context, &hs->context);
	if (hs->version < 3) kck_prf(kck, hs, pmk);
	else if (hs->suite == WPA_AKM_FT_PSK) kck_ft(kck, hs, pmk, hs->ptk_bits[n]);
	else kdf(kck, pmk, "Pairwise key expansion", &context, hs->ptk_bits[n], 1);
	if (hs->version == 3) cmac(mic, kck, hs->frame, hs->frame_len);
	else hmac(mic, hs->version == 1 ? EVP_md5() : EVP_sha1(), kck, 16, hs->frame, hs->frame_len);
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
	assert_non_null(hs->akm);
	hs->n_ptk = 1;
	if (version == 3) hs->ptk_bits[0] = 384;
	hs->frame_len = frame_len;
	random_fill(&hs->context, sizeof(hs->context));
	random_fill(hs->frame, frame_len);
	if (hs->akm->is_ft) {
		random_fill(&hs->ft, sizeof(hs->ft));
		hs->ft.ssid.len %= MPSK_SSID_MAX + 1;
		hs->ft.r0kh_id_len = (uint8_t) (1 + hs->ft.r0kh_id_len % WPA_R0KH_ID_MAX);
	}
	mic_make(hs, pmk, 0);
}

/* Each way that the kernels have. */
static struct {
	wpa_suite_t	suite;
	uint8_t		version;
} const akms[] = {
	{ WPA_AKM_PSK, 2 }, { WPA_AKM_PSK, 1 }, { WPA_AKM_WPA1, 2 }, { WPA_AKM_WPA1, 1 }, { WPA_AKM_PSK_SHA256, 3 },
	{ WPA_AKM_FT_PSK, 3 },
};
#define AKMS (sizeof(akms) / sizeof(akms[0]))
#define EACH_AKM(_i) for (size_t _i = 0; _i < AKMS; _i++)

static inline bool kernel_runs(mpsk_kernel_t const *kernel)
{
	return !kernel->supported || kernel->supported();
}

/* The kernels with lanes that this machine runs, each with every way to AES that it may have, and one without lanes. */
#define KERNELS_MAX 9
static inline mpsk_kernel_t const *kernels_here(void)
{
	static mpsk_kernel_t here[KERNELS_MAX];
	mpsk_kernel_t const *kernel = mpsk_kernels;
	size_t n = 0;

	if (here[0].name) return here;
	for (; kernel->lanes > 1; kernel++) {
		if (!kernel_runs(kernel)) continue;
		here[n++] = *kernel;
		if (kernel->cmac() == mpsk_cmac_1()) continue;
		here[n] = *kernel;
		here[n++].cmac = mpsk_cmac_1;
	}
	here[n++] = *kernel;
	assert_in_range(n, 2, KERNELS_MAX);
	return here;
}

#define EACH_KERNEL(_kernel) \
	for (mpsk_kernel_t const *_kernel = kernels_here(); _kernel->lanes > 1; _kernel++)

/* Whether a kernel has lanes for a handshake: without AES, not for each. */
static inline bool has_lanes(mpsk_kernel_t const *kernel, wpa_handshake_t const *hs)
{
	return kernel->lanes > 1 && (hs->suite != WPA_AKM_PSK_SHA256 || kernel->cmac());
}

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
	for (size_t i = 0; i < BLOCKS_MAX; i++) mpsk_match_block_finish(&keys->blocks[i]);
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

		if (!has_lanes(kernel, hs)) expected = keys->list[i]->used & 0xffff;
		if (candidates[i] == expected) continue;
		fail_msg("%s, %s: block %zu: %x, not %x", hs->akm->name, kernel->name, i, candidates[i], expected);
	}
}

#endif
