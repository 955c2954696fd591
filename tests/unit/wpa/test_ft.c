/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/hex.h"
#include "wpa/ft.h"
#include "wpa/hash.h"
#include "vector_rig.h"

/* What the capture's own notes say of its keys: they were computed apart from this code. */
static void test_captured(void **state)
{
	vector_t const *v = vector_find(vectors, "ft-psk-short-id");
	uint8_t r0_name[WPA_PMKID_LEN], r1_name[WPA_PMKID_LEN], kck[WPA_KCK_MAX];
	char text[2 * WPA_PMKID_LEN + 1];
	wpa_handshake_t hs;

	(void) state;
	assert_int_equal(vector_handshake(&hs, v, NULL), MPSK_OK);
	assert_int_equal(hs.ft.r0kh_id_len, 3);
	assert_memory_equal(hs.ft.r0kh_id, "ap1", 3);
	assert_memory_equal(hs.ft.r1kh_id, v->bssid.octets, 6);
	assert_memory_equal(hs.ft.mdid, "\xa1\xb2", 2);
	assert_true(mpsk_ssid_equal(&hs.ft.ssid, &v->ssid));

	assert_int_equal(wpa_ft_r0_name(r0_name, &wpa_kdf_sha256, &v->pmk, &hs.ft, &v->sta), MPSK_OK);
	mpsk_hex_encode(text, r0_name, sizeof(r0_name));
	assert_string_equal(text, "5f29f46cf5d1e88dacbb71c407eb0a7b");
	assert_int_equal(wpa_ft_r1_name(r1_name, &wpa_kdf_sha256, r0_name, &hs.ft, &v->sta), MPSK_OK);
	mpsk_hex_encode(text, r1_name, sizeof(r1_name));
	assert_string_equal(text, "7ab72fed53d468dea897702e9d84ce48");
	assert_memory_equal(hs.ft.pmk_r1_name, r1_name, sizeof(r1_name));
	assert_int_equal(hs.akm->kck(kck, &v->pmk, &hs, hs.ptk_bits[0]), MPSK_OK);
	mpsk_hex_encode(text, kck, 16);
	assert_string_equal(text, "7b9447016462e0617a115d76524ca7e5");
}

static wpa_ft_t const longest = {
	.ssid = { 32, "12345678901234567890123456789012" }, .mdid = { 0xd1, 0xd2 }, .r0kh_id_len = 48,
	.r0kh_id = "123456789012345678901234567890123456789012345678",
	.r1kh_id = { 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6 },
};
static mpsk_mac_t const spa = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x02 } };

static void test_contexts(void **state)
{
	wpa_ft_t const small = { .ssid = { 2, "ab" }, .mdid = { 1, 2 }, .r0kh_id_len = 1, .r0kh_id = "r" };
	uint8_t r0[WPA_FT_R0_CONTEXT_MAX], r1[WPA_FT_R1_CONTEXT_LEN], ptk[WPA_CONTEXT_LEN];
	wpa_context_t context = { .aa = { { 9, 9, 9, 9, 9, 9 } }, .spa = spa };

	(void) state;
	assert_int_equal(wpa_ft_r0_context(r0, &small, &spa), 13);
	assert_memory_equal(r0, "\2ab\1\2\1r\x00\x00\x5e\x00\x53\x02", 13);
	assert_int_equal(wpa_ft_r0_context(r0, &longest, &spa), sizeof(r0));
	assert_int_equal(r0[0], 32);
	assert_int_equal(r0[35], 48);
	assert_memory_equal(r0 + 84, spa.octets, 6);
	wpa_ft_r1_context(r1, &longest, &spa);
	assert_memory_equal(r1, "\xb1\xb2\xb3\xb4\xb5\xb6\x00\x00\x5e\x00\x53\x02", 12);
	memset(context.anonce, 0xa0, WPA_NONCE_LEN);
	memset(context.snonce, 0xf0, WPA_NONCE_LEN);
	wpa_ft_ptk_context(ptk, &context);
	assert_memory_equal(ptk, context.snonce, 32);
	assert_memory_equal(ptk + 32, context.anonce, 32);
	assert_memory_equal(ptk + 64, "\x09\x09\x09\x09\x09\x09\x00\x00\x5e\x00\x53\x02", 12);
}

/* R0-Key-Data in one go: PMK-R0, and behind it the salt that PMKR0Name hashes. */
static void test_r0_and_its_name_are_of_one_derivation(void **state)
{
	wpa_kdf_hash_t const *const hashes[] = { &wpa_kdf_sha256, &wpa_kdf_sha384 };
	wpa_pmk_t const pmk = { { 5 } };

	(void) state;
	for (size_t i = 0; i < 2; i++) {
		uint8_t context[WPA_FT_R0_CONTEXT_MAX], all[WPA_FT_KEY_MAX + WPA_PMKID_LEN], r0[WPA_FT_KEY_MAX];
		uint8_t name[WPA_PMKID_LEN], digest[WPA_HMAC_MAX], zero[WPA_FT_KEY_MAX] = { 0 };
		size_t len = hashes[i]->len;
		wpa_kdf_t const kdf = wpa_ft_r0_kdf(context, hashes[i], &longest, &spa);
		wpa_part_t const parts[] = { { "FT-R0N", 6 }, { all + len, WPA_PMKID_LEN } };

		assert_int_equal(kdf.bits, i ? 512 : 384);
		assert_int_equal(wpa_kdf(all, len + WPA_PMKID_LEN, &kdf, pmk.octets, WPA_PMK_LEN), MPSK_OK);
		memset(r0, 0xa5, sizeof(r0));
		assert_int_equal(wpa_ft_r0(r0, hashes[i], &pmk, &longest, &spa), MPSK_OK);
		assert_memory_equal(r0, all, len);
		assert_memory_equal(r0 + len, zero, sizeof(r0) - len);
		assert_int_equal(wpa_hash(digest, hashes[i]->name, parts, 2), MPSK_OK);
		assert_int_equal(wpa_ft_r0_name(name, hashes[i], &pmk, &longest, &spa), MPSK_OK);
		assert_memory_equal(name, digest, sizeof(name));
	}
}

/* FIPS 180-2, "abc", in one part and in two. */
static void test_hash(void **state)
{
	wpa_part_t const whole = { "abc", 3 }, split[] = { { "a", 1 }, { "bc", 2 } };
	uint8_t out[WPA_HMAC_MAX], zero[WPA_HMAC_MAX] = { 0 };

	(void) state;
	assert_int_equal(wpa_hash(out, "SHA256", &whole, 1), MPSK_OK);
	assert_memory_equal(out, "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23", 16);
	assert_int_equal(wpa_hash(out, "SHA384", split, 2), MPSK_OK);
	assert_memory_equal(out, "\xcb\x00\x75\x3f\x45\xa3\x5e\x8b\xb5\xa0\x3d\x69\x9a\xc6\x50\x07", 16);
	assert_int_equal(wpa_hash(out, "no such digest", split, 2), MPSK_ERR);
	assert_memory_equal(out, zero, sizeof(zero));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_captured),
		cmocka_unit_test(test_contexts),
		cmocka_unit_test(test_r0_and_its_name_are_of_one_derivation),
	};

	return cmocka_run_group_tests_name("wpa/ft", tests, vectors_setup, NULL);
}
