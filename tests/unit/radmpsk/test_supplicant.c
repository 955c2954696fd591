/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "radmpsk/supplicant.h"
#include "wpa/handshake.h"
#include "vector_rig.h"

/* Given the nonces of a capture, message 2 is wpa_supplicant's to the octet. */
static void frame_is_captured(char const *name, char const *akm, char const *nas_id)
{
	vector_t const *v = vector_find(vectors, name);
	supplicant_link_t const link = { .bssid = v->bssid, .mac = v->sta, .ssid = v->ssid, .nas_id = nas_id };
	supplicant_handshake_t made;
	supplicant_nonces_t nonces;
	wpa_handshake_t hs;

	memcpy(nonces.anonce, v->anonce, sizeof(nonces.anonce));
	memcpy(nonces.snonce, v->frame + 17, sizeof(nonces.snonce));
	assert_int_equal(supplicant_join(&made, &hs, supplicant_akm_find(akm), &link, &nonces, &v->pmk, NULL),
			 MPSK_OK);
	assert_memory_equal(made.anonce, v->anonce, sizeof(v->anonce));
	assert_int_equal(made.frame_len, v->frame_len);
	assert_memory_equal(made.frame, v->frame, v->frame_len);
	assert_true(supplicant_akm_find(akm)->told == v->akm);
}

static void test_it_is_what_a_station_sends(void **state)
{
	(void) state;
	frame_is_captured("wpa2-ccmp-min", "psk", "lab-ap");
	frame_is_captured("wpa2-ap-mac-greater", "psk", "lab-ap");
	frame_is_captured("wpa2-tkip", "psk-tkip", "lab-ap");
	frame_is_captured("wpa1-tkip", "wpa", "lab-ap");
	frame_is_captured("wpa2-akm6-mfp1", "psk-sha256", "lab-ap");
	frame_is_captured("wpa2-akm6-gcmp256", "psk-sha256-gcmp256", "lab-ap");
	frame_is_captured("ft-psk-short-id", "ft-psk", "ap1");
}

static char const longest[] = "123456789 123456789 123456789 123456789 12345678";

static mpsk_status_t join(supplicant_handshake_t *made, wpa_handshake_t *hs, supplicant_akm_t const *row,
			  char const *nas_id, wpa_pmk_t const *pmk, mpsk_error_t *err)
{
	supplicant_link_t const link = {
		.bssid = { { 2, 0, 0, 0, 0, 1 } }, .mac = { { 2, 0, 0, 0, 0, 2 } }, .ssid = { 4, "Acme" },
		.nas_id = nas_id,
	};
	supplicant_nonces_t nonces;

	memset(&nonces, 7, sizeof(nonces));
	return supplicant_join(made, hs, row, &link, &nonces, pmk, err);
}

static void test_every_choice_verifies(void **state)
{
	size_t n = 0;

	(void) state;
	for (supplicant_akm_t const *row = supplicant_akms; row->name; row++, n++) {
		supplicant_handshake_t made;
		wpa_handshake_t hs;
		wpa_pmk_t pmk = { { 3 } };

		if (wpa_akm_sae_name(row->suite)) {
			assert_int_equal(join(&made, &hs, row, longest, &pmk, NULL), MPSK_MISS);
			continue;
		}
		assert_int_equal(join(&made, &hs, row, longest, &pmk, NULL), MPSK_OK);
		assert_true(made.frame_len <= sizeof(made.frame));
		assert_true(hs.suite == row->suite);
		assert_true(hs.pairwise == row->cipher);
		assert_true(wpa_handshake_verify(&hs, &pmk));
		pmk.octets[31]++;
		assert_false(wpa_handshake_verify(&hs, &pmk));
	}
	assert_int_equal(n, 13);
}

static void test_what_cannot_be(void **state)
{
	supplicant_akm_t const none = { .name = "none", .suite = 0x000facff, .cipher = 0x000fac04 };
	char nas_id[sizeof(longest) + 1];
	supplicant_handshake_t made;
	wpa_handshake_t hs;
	wpa_pmk_t pmk = { { 3 } };
	mpsk_error_t err = { "" };

	(void) state;
	assert_int_equal(join(&made, &hs, &none, "ap", &pmk, &err), MPSK_MISS);
	assert_non_null(strstr(err.text, "00-0F-AC:255 (key descriptor version 0) is not supported"));
	snprintf(nas_id, sizeof(nas_id), "%s9", longest);
	assert_int_equal(join(&made, &hs, supplicant_akm_find("ft-psk"), nas_id, &pmk, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "49 octets"));
	assert_int_equal(join(&made, &hs, supplicant_akm_find("ft-psk-sha384"), "", &pmk, &err), MPSK_BAD);
	assert_int_equal(join(&made, &hs, supplicant_akm_find("psk"), nas_id, &pmk, &err), MPSK_OK);
}

static void test_names(void **state)
{
	(void) state;
	assert_ptr_equal(supplicant_akm_find("psk"), &supplicant_akms[0]);
	assert_non_null(supplicant_akm_find("psk-sha256"));
	assert_null(supplicant_akm_find("PSK"));
	assert_null(supplicant_akm_find(""));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_it_is_what_a_station_sends),
		cmocka_unit_test(test_every_choice_verifies),
		cmocka_unit_test(test_what_cannot_be),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("radmpsk/supplicant", tests, vectors_setup, NULL);
}
