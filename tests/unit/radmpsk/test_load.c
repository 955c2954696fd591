/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "radmpsk/batch.h"
#include "radmpsk/load.h"
#include "fake_server.h"
#include "reply.h"

static radius_secret_t const secret = { .len = sizeof(REPLY_SECRET) - 1, .octets = REPLY_SECRET };

/* What tests change of the plan that run() makes. */
static struct {
	uint32_t	rate;
	bool		wrong_keys;
} changes;

static mpsk_status_t run(load_result_t *result, fake_mode_t mode, supplicant_akm_t const *akm, uint32_t count,
			 uint32_t window, mpsk_error_t *err)
{
	load_plan_t plan = {
		.rate = changes.rate,
		.wrong_keys = changes.wrong_keys,
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
	radius_peer_t server;
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
	assert_int_equal(radius_peer_find(&server, fake.address, RADIUS_PORT_AUTH, NULL), MPSK_OK);
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

static void test_rate(void **state)
{
	load_result_t result;

	(void) state;
	changes.rate = 500;
	assert_int_equal(run(&result, FAKE_ACCEPT, &supplicant_akms[0], 50, 1024, NULL), MPSK_OK);
	assert_counts(&result, 50, 0, 0, 0);
	assert_true(result.spent_us >= 49 * 2000);
	assert_true(result.busy_us > 0 && result.busy_us <= result.spent_us);
}

/* What has to wait for a server that is too slow has waited since it was due, not since it could be sent. */
static void test_rate_times_from_when_due(void **state)
{
	load_result_t result;

	(void) state;
	changes.rate = LOAD_RATE_MAX;
	assert_int_equal(run(&result, FAKE_REJECT, NULL, 2000, 1, NULL), MPSK_OK);
	assert_counts(&result, 0, 2000, 0, 0);
	/* The last was due 20 ms after the start and answered near the end: on a busy machine, somewhat before. */
	assert_true(result.max_us >= (result.spent_us - 20000) / 2);
}

static void test_wrong_keys(void **state)
{
	load_result_t result;

	(void) state;
	changes.wrong_keys = true;
	assert_int_equal(run(&result, FAKE_REJECT, &supplicant_akms[0], 20, 10, NULL), MPSK_OK);
	assert_counts(&result, 0, 20, 0, 0);
	assert_int_equal(run(&result, FAKE_ACCEPT, &supplicant_akms[0], 20, 10, NULL), MPSK_OK);
	assert_counts(&result, 0, 0, 20, 0);
	assert_non_null(strstr(result.first_wrong.text, "made this handshake"));
}

static int changes_undo(void **state)
{
	(void) state;
	memset(&changes, 0, sizeof(changes));
	return 0;
}

static void test_stations(void **state)
{
	static uint8_t const last_octets[][2] = { { 0x53, 0xfe }, { 0x53, 0xff }, { 0x54, 0x00 }, { 0x53, 0xfe } };
	load_plan_t plan = {
		.secret = &secret, .stations = 3,
		.request = { .mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0xfe } }, .nas_id = "test" },
	};
	batch_request_t requests[2];

	(void) state;
	for (uint32_t first = 0; first < 4; first += 2) {
		assert_int_equal(batch_fill(requests, 2, first, &plan, NULL), MPSK_OK);
		for (size_t i = 0; i < 2; i++) {
			assert_memory_equal(requests[i].mac.octets, plan.request.mac.octets, 4);
			assert_memory_equal(requests[i].mac.octets + 4, last_octets[first + i], 2);
		}
	}
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
		cmocka_unit_test_teardown(test_rate, changes_undo),
		cmocka_unit_test_teardown(test_rate_times_from_when_due, changes_undo),
		cmocka_unit_test_teardown(test_wrong_keys, changes_undo),
		cmocka_unit_test(test_stations),
		cmocka_unit_test(test_unsupported),
	};

	return cmocka_run_group_tests_name("radmpsk/load", tests, NULL, NULL);
}
