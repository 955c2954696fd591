/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "radmpsk/supplicant.h"
#include "wpa/handshake.h"
#include "vector_rig.h"

/* Given the nonces of a capture, message 2 is wpa_supplicant's to the octet. */
static void frame_is_captured(char const *name, char const *akm)
{
	vector_t const *v = vector_find(vectors, name);
	supplicant_link_t const link = { .bssid = v->bssid, .mac = v->sta, .ssid = v->ssid };
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
}

static void test_it_is_what_a_station_sends(void **state)
{
	(void) state;
	frame_is_captured("wpa2-ccmp-min", "psk");
	frame_is_captured("wpa2-ap-mac-greater", "psk");
	frame_is_captured("wpa2-tkip", "psk-tkip");
}

static void test_every_choice_verifies_or_is_missing(void **state)
{
	(void) state;
	for (supplicant_akm_t const *row = supplicant_akms; row->name; row++) {
		bool supported = wpa_akm_find(row->suite, row->version);
		supplicant_link_t const link = {
			.bssid = { { 2, 0, 0, 0, 0, 1 } }, .mac = { { 2, 0, 0, 0, 0, 2 } }, .ssid = { 4, "Acme" },
		};
		supplicant_nonces_t nonces;
		supplicant_handshake_t made;
		wpa_handshake_t hs;
		wpa_pmk_t pmk = { { 3 } };
		mpsk_error_t err = { "" };
		mpsk_status_t status;

		memset(&nonces, 7, sizeof(nonces));
		status = supplicant_join(&made, &hs, row, &link, &nonces, &pmk, &err);
		assert_int_equal(status, supported ? MPSK_OK : MPSK_MISS);
		if (!supported) {
			assert_non_null(strstr(err.text, "is not supported"));
			continue;
		}
		assert_true(hs.suite == row->suite);
		assert_true(hs.pairwise == row->cipher);
		assert_true(wpa_handshake_verify(&hs, &pmk));
		pmk.octets[31]++;
		assert_false(wpa_handshake_verify(&hs, &pmk));
	}
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
		cmocka_unit_test(test_every_choice_verifies_or_is_missing),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("radmpsk/supplicant", tests, vectors_setup, NULL);
}
