/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "request_make.h"
#include "rlm_mpsk/dialect/accounting.h"

#define NOW 1700000000

static dialect_request_t request;
static mpsk_accounting_t accounting;
static mpsk_error_t err;
static uint32_t numbers[16];
static size_t n_numbers;

/* As the server decodes it. */
static void add_number(dialect_attribute_t attribute, uint32_t number)
{
	numbers[n_numbers] = number;
	dialect_request_add(&request, attribute, &numbers[n_numbers], sizeof(number));
	n_numbers++;
}

/* A packet of a session: 1 Start, 2 Stop, 3 Interim-Update. */
static void begin(uint32_t status)
{
	n_numbers = 0;
	begin_mac(&request);
	add_number(DIALECT_ACCT_STATUS_TYPE, status);
	add_text(&request, DIALECT_ACCT_SESSION_ID, "S1");
}

static mpsk_session_t const *read_it(void)
{
	assert_int_equal(dialect_accounting_read(&request, NOW, &accounting, &err), MPSK_OK);
	return &accounting.event.session;
}

static void a_session(void **state)
{
	mpsk_session_t const *session;

	(void) state;
	begin(2);
	add_text(&request, DIALECT_CALLING_STATION_ID, "0000.5E00.5307");
	add_number(DIALECT_ACCT_INPUT_OCTETS, 5);
	add_number(DIALECT_ACCT_OUTPUT_OCTETS, UINT32_MAX);
	add_number(DIALECT_ACCT_OUTPUT_GIGAWORDS, UINT32_MAX);
	add_number(DIALECT_ACCT_SESSION_TIME, 60);
	add_number(DIALECT_ACCT_TERMINATE_CAUSE, 4);
	add_number(DIALECT_EVENT_TIMESTAMP, NOW - 10);
	dialect_request_add(&request, DIALECT_CUI, "Room\0""1", 6);
	session = read_it();
	assert_int_equal(accounting.kind, MPSK_ACCOUNTING_SESSION);
	assert_false(accounting.event.started);
	assert_int_equal(session->mac.octets[5], 7);
	assert_int_equal(session->bssid.octets[5], 0xf0);
	assert_int_equal(session->ssid.len, 4);
	assert_int_equal(session->sid.len, 2);
	assert_true(session->in == 5);
	assert_true(session->out == UINT64_MAX);
	assert_int_equal(session->seen, NOW - 10);
	assert_int_equal(session->since, NOW - 70);
	assert_int_equal(session->ended, NOW - 10);
	assert_string_equal(session->cause, "Idle-Timeout");
	assert_int_equal(accounting.cui.len, 6);
	begin(2);
	add_number(DIALECT_ACCT_TERMINATE_CAUSE, 4711);
	assert_string_equal(read_it()->cause, "4711");
	begin(2);
	assert_string_equal(read_it()->cause, "");
}

static void whose_clock(void **state)
{
	static struct {
		int64_t		told, delay, seen, first;	/* told and delay: INT64_MIN: absent */
	} const rows[] = {
		{ INT64_MIN, INT64_MIN, NOW, NOW - 300 },
		{ INT64_MIN, 30, NOW - 30, NOW - 330 },
		{ INT64_MIN, 1000000, NOW - 86400, NOW - 86700 },
		{ NOW - 900, INT64_MIN, NOW - 900, NOW - 900 },
		{ NOW - 901, INT64_MIN, NOW, NOW - 300 },
		{ NOW + 900, INT64_MIN, NOW, NOW },
		{ NOW + 901, INT64_MIN, NOW, NOW - 300 },
		{ NOW - 5000, 4500, NOW - 5000, NOW - 5000 },
		{ 0, INT64_MIN, NOW, NOW - 300 },
		{ UINT32_MAX, INT64_MIN, NOW, NOW - 300 },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(1);
		if (rows[i].told != INT64_MIN) add_number(DIALECT_EVENT_TIMESTAMP, (uint32_t) rows[i].told);
		if (rows[i].delay != INT64_MIN) add_number(DIALECT_ACCT_DELAY_TIME, (uint32_t) rows[i].delay);
		assert_int_equal(read_it()->seen, rows[i].seen);
		assert_true(accounting.event.started);
		assert_int_equal(accounting.event.first, rows[i].first);
	}
	begin(3);
	add_number(DIALECT_ACCT_SESSION_TIME, UINT32_MAX);
	assert_int_equal(read_it()->since, 1);
	assert_int_equal(accounting.event.first, 0);
}

static void assert_ssid(char const *text)
{
	assert_int_equal(read_it()->ssid.len, strlen(text));
	assert_memory_equal(accounting.event.session.ssid.octets, text, strlen(text));
}

static void where_the_ssid_stands(void **state)
{
	static char const pair[] = "cisco-wlan-ssid=Of:Cisco";

	(void) state;
	begin(1);
	assert_ssid("Acme");
	add_text(&request, DIALECT_CISCO_AVPAIR, "method=mab");
	dialect_request_add(&request, DIALECT_CISCO_AVPAIR, pair, sizeof(pair) - 1);
	assert_ssid("Of:Cisco");
	add_text(&request, DIALECT_RUCKUS_SSID, "Of Ruckus");
	assert_ssid("Of Ruckus");
	add_text(&request, DIALECT_ARUBA_ESSID, "Of Aruba");
	assert_ssid("Of Aruba");
	/* Or nowhere, or with what is none. */
	dialect_request_begin(&request);
	add_text(&request, DIALECT_USER_NAME, MAC_TEXT);
	add_number(DIALECT_ACCT_STATUS_TYPE, 1);
	add_text(&request, DIALECT_ACCT_SESSION_ID, "S1");
	assert_ssid("");
	assert_false(accounting.event.session.has_bssid);
	add_text(&request, DIALECT_CALLED_STATION_ID, "00-00-5e-00-53-f0");
	assert_ssid("");
	assert_true(accounting.event.session.has_bssid);
	begin(1);
	add_text(&request, DIALECT_ARUBA_ESSID, "an SSID that is longer than 32 octets");
	assert_ssid("Acme");
}

static void restarts(void **state)
{
	(void) state;
	for (uint32_t status = 7; status <= 8; status++) {
		dialect_request_begin(&request);
		n_numbers = 0;
		add_number(DIALECT_ACCT_STATUS_TYPE, status);
		add_number(DIALECT_EVENT_TIMESTAMP, NOW - 3);
		assert_int_equal(read_it()->seen, NOW - 3);
		assert_int_equal(accounting.kind, MPSK_ACCOUNTING_RESTART);
		assert_false(accounting.event.session.has_bssid);
		add_text(&request, DIALECT_CALLED_STATION_ID, BSSID_SSID);
		assert_true(read_it()->has_bssid);
	}
}

static void assert_nothing(void)
{
	assert_int_equal(dialect_accounting_read(&request, NOW, &accounting, &err), MPSK_MISS);
	assert_int_equal(accounting.kind, MPSK_ACCOUNTING_OTHER);
}

static void what_is_none(void **state)
{
	(void) state;
	begin_mac(&request);
	assert_nothing();
	n_numbers = 0;
	add_number(DIALECT_ACCT_STATUS_TYPE, 1);
	assert_nothing();
	add_text(&request, DIALECT_ACCT_SESSION_ID, "");
	assert_nothing();
	begin(9);
	assert_nothing();
	dialect_request_begin(&request);
	add_text(&request, DIALECT_USER_NAME, "bob@example.org");
	add_number(DIALECT_ACCT_STATUS_TYPE, 1);
	add_text(&request, DIALECT_ACCT_SESSION_ID, "S1");
	assert_nothing();
	/* A number of another size than the server decodes is none. */
	dialect_request_begin(&request);
	dialect_request_add(&request, DIALECT_ACCT_STATUS_TYPE, "\1", 1);
	assert_nothing();
}

/* Any octets, of any length, in any attribute. */
static void hostile(void **state)
{
	uint8_t octets[MPSK_OCTETS_MAX + 1];
	uint32_t seed = 1;

	(void) state;
	for (int round = 0; round < 20000; round++) {
		dialect_request_begin(&request);
		for (size_t i = 0; i < sizeof(octets); i++) {
			seed = seed * 1103515245 + 12345;
			octets[i] = (uint8_t) (seed >> 16);
		}
		begin(1 + (uint32_t) round % 3);
		for (int i = 0; i < 6; i++) {
			dialect_attribute_t attribute = (dialect_attribute_t) (octets[i] % DIALECT_ATTRIBUTE_MAX);

			dialect_request_add(&request, attribute, octets + 6, octets[6 + i] % (sizeof(octets) - 6));
		}
		if (dialect_accounting_read(&request, NOW, &accounting, &err) != MPSK_OK) continue;
		assert_in_range(accounting.event.session.seen, NOW - 2 * 86400, NOW);
		assert_true(accounting.event.session.since <= accounting.event.session.seen);
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(a_session),
		cmocka_unit_test(whose_clock),
		cmocka_unit_test(where_the_ssid_stands),
		cmocka_unit_test(restarts),
		cmocka_unit_test(what_is_none),
		cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests_name("dialect/accounting", tests, NULL, NULL);
}
