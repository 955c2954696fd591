/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "request_make.h"
#include "rlm_mpsk/dialect/findkey.h"

static mpsk_status_t read_as(char const *name, dialect_request_t *request, mpsk_query_t *query, mpsk_error_t *err)
{
	*query = (mpsk_query_t) { .nas = "" };
	err->text[0] = '\0';
	return dialect_named(name)->read(request, query, err);
}

static void assert_bad(char const *name, dialect_request_t *request, char const *what)
{
	mpsk_query_t query;
	mpsk_error_t err;

	assert_int_equal(read_as(name, request, &query, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, what));
}

static void the_place_is_the_vendors_or_called_station_ids(void **state)
{
	dialect_request_t request;
	mpsk_query_t query;
	mpsk_error_t err;

	(void) state;
	begin_mac(&request);
	assert_int_equal(read_as("ruckus", &request, &query, &err), MPSK_OK);
	assert_int_equal(query.ssid.len, 4);
	assert_int_equal(query.bssid.octets[5], 0xf0);
	add_text(&request, DIALECT_RUCKUS_SSID, "Else:where");
	dialect_request_add(&request, DIALECT_RUCKUS_BSSID, "\0\0\x5e\0\x53\xf1", 6);
	assert_int_equal(read_as("ruckus", &request, &query, &err), MPSK_OK);
	assert_int_equal(query.ssid.len, 10);
	assert_int_equal(query.bssid.octets[5], 0xf1);
	assert_false(query.unbound);

	/* Aruba's Called-Station-Id need not hold the SSID; nor be there at all. */
	dialect_request_begin(&request);
	add_text(&request, DIALECT_USER_NAME, MAC_TEXT);
	assert_bad("aruba", &request, "Called-Station-Id is missing");
	add_text(&request, DIALECT_ARUBA_ESSID, "Acme");
	assert_int_equal(read_as("aruba", &request, &query, &err), MPSK_OK);
	add_text(&request, DIALECT_CALLED_STATION_ID, "00005e0053f0");
	assert_int_equal(read_as("aruba", &request, &query, &err), MPSK_OK);
	assert_int_equal(query.bssid.octets[5], 0xf0);
	assert_bad("generic", &request, "holds no SSID");
}

static void a_last_resort_for_the_mac(void **state)
{
	dialect_request_t request;
	mpsk_query_t query;
	mpsk_error_t err;

	(void) state;
	dialect_request_begin(&request);
	add_text(&request, DIALECT_USER_NAME, "bob");
	add_text(&request, DIALECT_CALLED_STATION_ID, BSSID_SSID);
	assert_bad("eleven", &request, "neither Calling-Station-Id nor User-Name");
	dialect_request_add(&request, DIALECT_ELEVEN_STA_MAC, "\0\0\x5e\0\x53\1", 6);
	dialect_request_add(&request, DIALECT_ELEVEN_ANONCE, "n", 1);
	dialect_request_add(&request, DIALECT_ELEVEN_EAPOL, "f", 1);
	assert_int_equal(read_as("eleven", &request, &query, &err), MPSK_OK);
	assert_int_equal(query.mac.octets[5], 1);
	assert_true(query.unbound && query.anonce_len == 1 && query.frame_len == 1);
}

static void fragments_are_joined_in_order(void **state)
{
	dialect_request_t request;
	mpsk_query_t query;
	mpsk_error_t err;

	(void) state;
	begin_mac(&request);
	dialect_request_add(&request, DIALECT_CISCO_AVPAIR, "cisco-8021x-data=\0a", 19);
	dialect_request_add(&request, DIALECT_CISCO_AVPAIR, "cisco-anonce=\0n\0", 16);
	dialect_request_add(&request, DIALECT_CISCO_AVPAIR, "cisco-8021x-data=b\0", 19);
	assert_int_equal(read_as("cisco", &request, &query, &err), MPSK_OK);
	assert_int_equal(query.frame_len, 4);
	assert_memory_equal(query.frame, "\0ab\0", 4);
	assert_int_equal(query.anonce_len, 3);
	dialect_request_add_undecoded(&request, DIALECT_CISCO, "Attr-26");
	assert_bad("cisco", &request, "Attr-26 is malformed");
}

static void the_akm_tells_of_sae(void **state)
{
	static struct {
		uint32_t	suite;
		bool		by_sae;
	} const rows[] = {
		{ 0x000fac08, true }, { 0x000fac09, true }, { 0x000fac18, true }, { 0x000fac19, true },
		{ 0x000fac02, false }, { 0x000fac06, false }, { 0x000fac01, false },
		{ 0x08ac0f00, false }, { 0, false },
	};
	dialect_request_t request;
	mpsk_error_t err = { "" };
	bool by_sae = true;

	(void) state;
	begin_mac(&request);
	assert_int_equal(dialect_request_by_sae(&request, &by_sae, &err), MPSK_OK);
	assert_false(by_sae);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin_mac(&request);
		dialect_request_add(&request, DIALECT_WLAN_AKM_SUITE, &rows[i].suite, sizeof(rows[i].suite));
		assert_int_equal(dialect_request_by_sae(&request, &by_sae, &err), MPSK_OK);
		assert_int_equal(by_sae, rows[i].by_sae);
	}
	for (size_t len = 0; len < 8; len += len == 3 ? 2 : 1) {
		begin_mac(&request);
		dialect_request_add(&request, DIALECT_WLAN_AKM_SUITE, "\x08\xac\x0f\0\0\0\0", len);
		assert_int_equal(dialect_request_by_sae(&request, &by_sae, &err), MPSK_BAD);
		assert_false(by_sae);
		assert_non_null(strstr(err.text, "WLAN-AKM-Suite has "));
	}
	begin_mac(&request);
	dialect_request_add(&request, DIALECT_WLAN_AKM_SUITE, &rows[0].suite, sizeof(rows[0].suite));
	dialect_request_add(&request, DIALECT_WLAN_AKM_SUITE, &rows[0].suite, sizeof(rows[0].suite));
	assert_int_equal(dialect_request_by_sae(&request, &by_sae, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "WLAN-AKM-Suite stands more than once"));
}

static void findkeys_are_taken_apart(void **state)
{
	static uint8_t const good[] = { 3, 6, 'A', 'c', 'm', 'e', 9, 3, 0, 2, 2 };
	static struct {
		uint8_t		octets[6];
		size_t		len;
		char const	*what;
	} const bad[] = {
		{ { 3 }, 1, "part 3 of length 0" },
		{ { 3, 0 }, 2, "part 3 of length 0" },
		{ { 3, 1 }, 2, "part 3 of length 1" },
		{ { 3, 5, 'a', 'b' }, 4, "part 3 of length 5" },
		{ { 3, 2, 3, 2 }, 4, "part 3 stands more than once" },
	};
	findkey_t findkey;
	mpsk_error_t err;

	(void) state;
	assert_int_equal(findkey_parse(&findkey, good, sizeof(good), &err), MPSK_OK);
	assert_int_equal(findkey.parts[FINDKEY_SSID].len, 4);
	assert_non_null(findkey.parts[FINDKEY_ANONCE].octets);
	assert_int_equal(findkey.parts[FINDKEY_ANONCE].len, 0);
	assert_null(findkey.parts[FINDKEY_EAPOL].octets);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(findkey_parse(&findkey, bad[i].octets, bad[i].len, &err), MPSK_BAD);
		assert_non_null(strstr(err.text, bad[i].what));
	}
}

int main(void)
{
	static struct CMUnitTest const tests[] = {
		cmocka_unit_test(the_place_is_the_vendors_or_called_station_ids),
		cmocka_unit_test(a_last_resort_for_the_mac),
		cmocka_unit_test(fragments_are_joined_in_order),
		cmocka_unit_test(the_akm_tells_of_sae),
		cmocka_unit_test(findkeys_are_taken_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
