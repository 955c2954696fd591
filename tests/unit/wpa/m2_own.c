/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "m2_own.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/hex.h"

#define KEY_MAX 64

own_akm_t const own_akms[OWN_AKM_COUNT] = {
	{ 0x000fac02, 2, 1, OWN_HMAC_SHA1, false },
	{ 0x000fac02, 1, 1, OWN_HMAC_MD5, false },
	{ 0x000fac06, 3, 256, OWN_CMAC, false },
	{ 0x000fac04, 3, 256, OWN_CMAC, true },
	{ 0x000fac14, 0, 384, OWN_HMAC_SHA384, false },
	{ 0x000fac13, 0, 384, OWN_HMAC_SHA384, true },
};

mpsk_mac_t const own_aa = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0xf0 } };
mpsk_mac_t const own_spa = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };
mpsk_mac_t const own_mld = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x99 } };
mpsk_ssid_t const own_ssid = { 4, "Acme" };
uint8_t const own_anonce[WPA_NONCE_LEN] = { 0x0a, 0x0b, 0x0c };
wpa_pmk_t const own_pmk = { { 0xc0, 0xff, 0xee } };

static uint8_t const mdid[] = { 0xa1, 0xb2 }, r1kh[] = { 1, 2, 3, 4, 5, 6 };
static char const r0kh[] = "key holder";

static uint8_t *put(uint8_t *p, void const *octets, size_t len)
{
	memcpy(p, octets, len);
	return p + len;
}

static uint8_t *suite_put(uint8_t *p, wpa_suite_t suite)
{
	for (int shift = 24; shift >= 0; shift -= 8) *p++ = (uint8_t) (suite >> shift);
	return p;
}

static EVP_MD const *md_of(unsigned sha)
{
	return sha == 1 ? EVP_sha1() : sha == 256 ? EVP_sha256() : EVP_sha384();
}

static void hmac(uint8_t *out, EVP_MD const *md, uint8_t const *key, size_t key_len, uint8_t const *data, size_t len)
{
	unsigned out_len;

	assert_non_null(HMAC(md, key, (int) key_len, data, len, out, &out_len));
}

/* 12.7.1.6.2 */
static void kdf(uint8_t out[static KEY_MAX], unsigned sha, uint8_t const *key, size_t key_len, char const *label,
		uint8_t const *context, size_t context_len, unsigned bits, size_t take)
{
	uint8_t message[256], blocks[3 * EVP_MAX_MD_SIZE];

	for (uint8_t i = 1; i <= 2; i++) {
		uint8_t *p = message;

		*p++ = i;
		*p++ = 0;
		p = put(put(p, label, strlen(label)), context, context_len);
		*p++ = (uint8_t) (bits % 256);
		*p++ = (uint8_t) (bits / 256);
		hmac(blocks + (i - 1) * (sha / 8), md_of(sha), key, key_len, message, (size_t) (p - message));
	}
	memcpy(out, blocks, take);
}

static uint8_t *in_order_put(uint8_t *p, void const *a, void const *b, size_t len)
{
	bool swap = memcmp(a, b, len) > 0;

	return put(put(p, swap ? b : a, len), swap ? a : b, len);
}

static mpsk_mac_t const *spa_of(own_station_t const *station)
{
	return station->has_mld ? &own_mld : &own_spa;
}

/* 12.7.1.6.3 and 12.7.1.6.4: PMK-R1, and PMKR1Name. */
static void ft_keys(uint8_t r1[static KEY_MAX], uint8_t name[static KEY_MAX], own_station_t const *station)
{
	unsigned sha = station->akm->sha;
	size_t q = sha / 8;
	uint8_t context[128], r0[KEY_MAX + 16], message[64], *p = context;

	*p++ = own_ssid.len;
	p = put(put(p, own_ssid.octets, own_ssid.len), mdid, sizeof(mdid));
	*p++ = (uint8_t) strlen(r0kh);
	p = put(put(p, r0kh, strlen(r0kh)), spa_of(station), MPSK_MAC_LEN);
	kdf(r0, sha, own_pmk.octets, WPA_PMK_LEN, "FT-R0", context, (size_t) (p - context), sha + 128, q + 16);

	p = put(put(message, "FT-R0N", 6), r0 + q, 16);
	assert_true(EVP_Digest(message, (size_t) (p - message), name, NULL, md_of(sha), NULL));
	p = put(put(put(put(message, "FT-R1N", 6), name, 16), r1kh, 6), spa_of(station), MPSK_MAC_LEN);
	assert_true(EVP_Digest(message, (size_t) (p - message), name, NULL, md_of(sha), NULL));
	put(put(context, r1kh, 6), spa_of(station), MPSK_MAC_LEN);
	kdf(r1, sha, r0, q, "FT-R1", context, 12, sha, q);
}

static void kck_make(uint8_t kck[static KEY_MAX], own_station_t const *station, uint8_t const *snonce)
{
	unsigned sha = station->akm->sha, bits = (sha == 384 ? 192 + 256 : 256) + station->tk_bits;
	uint8_t message[128], r1[KEY_MAX], name[KEY_MAX], *p;

	if (station->has_kdk) bits += 256;
	if (station->akm->is_ft) {
		ft_keys(r1, name, station);
		p = put(put(message, snonce, WPA_NONCE_LEN), own_anonce, WPA_NONCE_LEN);
		put(put(p, &own_aa, MPSK_MAC_LEN), spa_of(station), MPSK_MAC_LEN);
		kdf(kck, sha, r1, sha / 8, "FT-PTK", message, 76, bits, 24);
		return;
	}
	p = sha == 1 ? put(message, "Pairwise key expansion", 23) : message;
	p = in_order_put(p, &own_aa, spa_of(station), MPSK_MAC_LEN);
	p = in_order_put(p, own_anonce, snonce, WPA_NONCE_LEN);
	*p++ = 0;
	if (sha == 1) hmac(kck, EVP_sha1(), own_pmk.octets, WPA_PMK_LEN, message, (size_t) (p - message));
	else kdf(kck, sha, own_pmk.octets, WPA_PMK_LEN, "Pairwise key expansion", message, 76, bits, 24);
}

static size_t mic_len_of(own_station_t const *station)
{
	return station->akm->mic == OWN_HMAC_SHA384 ? 24 : 16;
}

static void mic_make(uint8_t mic[static KEY_MAX], own_station_t const *station, uint8_t const *kck,
		     own_frame_t const *frame)
{
	static EVP_MD const *(*const mds[])(void) = {
		[OWN_HMAC_MD5] = EVP_md5, [OWN_HMAC_SHA1] = EVP_sha1, [OWN_HMAC_SHA384] = EVP_sha384,
	};

	if (station->akm->mic == OWN_CMAC) {
		assert_non_null(EVP_Q_mac(NULL, "CMAC", NULL, "AES-128-CBC", NULL, kck, 16, frame->octets, frame->len,
					  mic, KEY_MAX, NULL));
	} else {
		hmac(mic, mds[station->akm->mic](), kck, mic_len_of(station), frame->octets, frame->len);
	}
}

static uint8_t *rsne_put(uint8_t *begin, own_station_t const *station, uint8_t const *name)
{
	uint8_t *p = put(begin, "\x30\x00\x01\x00\x00\x0f\xac\x04\x01\x00", 10);

	p = suite_put(put(suite_put(p, station->cipher), "\x01\x00", 2), station->akm->suite);
	p = put(p, "\x0c\x00", 2);
	if (station->akm->is_ft) p = put(put(p, "\x01\x00", 2), name, 16);
	begin[1] = (uint8_t) (p - begin - 2);
	return p;
}

static uint8_t *ft_put(uint8_t *p, own_station_t const *station)
{
	uint8_t *begin;

	p = put(put(put(p, "\x36\x03", 2), mdid, 2), "\x01", 1);
	begin = p;
	p[0] = 0x37;
	memset(p + 2, 0, 2 + mic_len_of(station) + 64);
	p = put(put(p + 4 + mic_len_of(station) + 64, "\x01\x06", 2), r1kh, 6);
	*p++ = 3;
	*p++ = (uint8_t) strlen(r0kh);
	p = put(p, r0kh, strlen(r0kh));
	begin[1] = (uint8_t) (p - begin - 2);
	return p;
}

static uint8_t *key_data_put(uint8_t *p, own_station_t const *station)
{
	uint8_t r1[KEY_MAX], name[KEY_MAX] = { 0 };
	size_t extra_len = station->extra ? strlen(station->extra) / 2 : 0;

	if (station->akm->is_ft) ft_keys(r1, name, station);
	if (station->wrong_name) name[15] ^= 1;
	p = rsne_put(p, station, name);
	if (station->akm->is_ft) p = ft_put(p, station);
	if (station->offers_ltf) p = put(p, "\xf4\x02\x01\x01", 4);
	if (station->has_mld) p = put(put(p, "\xdd\x0a\x00\x0f\xac\x03", 6), &own_mld, MPSK_MAC_LEN);
	if (extra_len) assert_true(mpsk_hex_decode(p, extra_len, station->extra, 2 * extra_len));
	return p + extra_len;
}

void own_frame_make(own_frame_t *frame, own_station_t const *station)
{
	size_t mic_len = mic_len_of(station), key_data_len;
	uint8_t *o = frame->octets, kck[KEY_MAX] = { 0 }, mic[KEY_MAX];

	memset(frame, 0, sizeof(*frame));
	frame->len = (size_t) (key_data_put(o + 83 + mic_len, station) - o);
	key_data_len = frame->len - 83 - mic_len;
	put(o, (uint8_t const[]) { 1, 3, (uint8_t) ((frame->len - 4) >> 8), (uint8_t) (frame->len - 4), 2, 1 }, 6);
	o[6] = (uint8_t) (0x08 | station->akm->version);
	o[16] = 1;
	memset(o + 17, 0x5a, WPA_NONCE_LEN);
	o[17] = (uint8_t) (station->nonce >> 8);
	o[18] = (uint8_t) station->nonce;
	o[81 + mic_len] = (uint8_t) (key_data_len >> 8);
	o[82 + mic_len] = (uint8_t) key_data_len;
	kck_make(kck, station, o + 17);
	mic_make(mic, station, kck, frame);
	put(o + 81, mic, mic_len);
}

mpsk_status_t own_handshake(wpa_handshake_t *hs, own_frame_t const *frame, mpsk_error_t *err)
{
	return wpa_handshake_set(hs, &(wpa_relayed_t) {
		.aa = own_aa, .spa = own_spa, .ssid = own_ssid, .anonce = own_anonce, .anonce_len = WPA_NONCE_LEN,
		.frame = frame->octets, .frame_len = frame->len }, err);
}
