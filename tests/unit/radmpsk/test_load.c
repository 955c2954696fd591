/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "radmpsk/load.h"
#include "fake_server.h"
#include "reply.h"

static radius_secret_t const secret = { .len = sizeof(REPLY_SECRET) - 1, .octets = REPLY_SECRET };

static mpsk_status_t run(load_result_t *result, fake_mode_t mode, supplicant_akm_t const *akm, uint32_t count,
			 uint32_t window, mpsk_error_t *err)
{
	load_plan_t plan = {
		.secret = &secret,
		.akm = akm,
		.request = {
			.mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } },
			.bssid = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0xa0 } },
			.nas_id = "test",
			.suite = akm ? akm->suite : 0,
		},
		.random_macs = true,
		.count = count,
		.window = window,
		.timeout_ms = mode == FAKE_SILENT || mode == FAKE_DEAF_AT_FIRST ? 200 : 60000,
	};
	exchange_server_t server;
	fake_server_t fake;
	wpa_psk_t psk;
	wpa_pmk_t pmk;
	mpsk_status_t status;

	mpsk_ssid_set(&plan.request.ssid, "Guest", 5);
	assert_int_equal(wpa_psk_set(&psk, FAKE_PASSPHRASE, strlen(FAKE_PASSPHRASE), NULL), MPSK_OK);
	assert_int_equal(wpa_pmk_derive(&pmk, &psk, &plan.request.ssid), MPSK_OK);
	plan.psk = &psk;
	plan.pmk = &pmk;
	fake_server_start(&fake, mode);
	assert_int_equal(exchange_server_find(&server, fake.address, NULL), MPSK_OK);
	plan.server = &server;
	status = load_run(result, &plan, err);
	fake_server_stop(&fake);
	return status;
}

static void assert_counts(load_result_t const *result, uint32_t right, uint32_t rejected, uint32_t wrong, uint32_t lost)
{
	assert_int_equal(result->right, right);
	assert_int_equal(result->rejected, rejected);
	assert_int_equal(result->wrong, wrong);
	assert_int_equal(result->lost, lost);
}

static void test_right(void **state)
{
	load_result_t result;

	(void) state;
	/* More than one batch. */
	assert_int_equal(run(&result, FAKE_ACCEPT, &supplicant_akms[0], 9000, 20, NULL), MPSK_OK);
	assert_counts(&result, 9000, 0, 0, 0);
	assert_true(result.spent_us > 0);
	assert_true(result.p50_us > 0 && result.p50_us <= result.p99_us && result.p99_us <= result.max_us);
	assert_string_equal(result.first_wrong.text, "");
}

static void test_bound(void **state)
{
	load_result_t result;

	(void) state;
	assert_int_equal(run(&result, FAKE_ACCEPT, NULL, 300, 1, NULL), MPSK_OK);
	assert_counts(&result, 300, 0, 0, 0);
}

static void test_rejected(void **state)
{
	load_result_t result;

	(void) state;
	assert_int_equal(run(&result, FAKE_REJECT, &supplicant_akms[0], 100, 10, NULL), MPSK_OK);
	assert_counts(&result, 0, 100, 0, 0);
}

static void test_wrong(void **state)
{
	static struct {
		fake_mode_t	mode;
		char const	*text;
	} const cases[] = {
		{ FAKE_ACCEPT_OTHER, "made this handshake" },
		{ FAKE_ACCEPT_BARE, "no Tunnel-Password" },
		{ FAKE_UNSIGNED, "no Message-Authenticator" },
		{ FAKE_FORGED, "authenticator is wrong" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		load_result_t result;

		assert_int_equal(run(&result, cases[i].mode, &supplicant_akms[0], 20, 10, NULL), MPSK_OK);
		assert_counts(&result, 0, 0, 20, 0);
		assert_non_null(strstr(result.first_wrong.text, cases[i].text));
	}
}

static void test_lost(void **state)
{
	load_result_t result;

	(void) state;
	assert_int_equal(run(&result, FAKE_DEAF_AT_FIRST, &supplicant_akms[0], 50, 4, NULL), MPSK_OK);
	assert_counts(&result, 49, 0, 0, 1);
}

static void test_no_server(void **state)
{
	load_result_t result;
	mpsk_error_t err = { "" };

	(void) state;
	assert_int_equal(run(&result, FAKE_SILENT, &supplicant_akms[0], 1000000, 4, &err), MPSK_AGAIN);
	assert_non_null(strstr(err.text, "no reply to the first 4 requests"));
}

static void test_more_in_flight_than_one_socket_has_ids(void **state)
{
	load_result_t result;

	(void) state;
	assert_int_equal(run(&result, FAKE_REJECT, NULL, 2000, 300, NULL), MPSK_OK);
	assert_counts(&result, 0, 2000, 0, 0);
}

static void test_unsupported(void **state)
{
	supplicant_akm_t const none = { .name = "none", .suite = 0x000facff, .cipher = 0x000fac04 };
	load_result_t result;
	mpsk_error_t err = { "" };

	(void) state;
	assert_int_equal(run(&result, FAKE_ACCEPT, &none, 10, 1, &err), MPSK_MISS);
	assert_non_null(strstr(err.text, "00-0F-AC:255"));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_no_server),
		cmocka_unit_test(test_more_in_flight_than_one_socket_has_ids),
		cmocka_unit_test(test_unsupported),
	};

	return cmocka_run_group_tests_name("radmpsk/load", tests, NULL, NULL);
}
