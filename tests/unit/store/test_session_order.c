/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of a session in every order, each once and twice: the record is
 * the same, whether they are merged before they are written or by session.lua.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "store/session_write.h"
#include "store_rig.h"

#define SESS	"mpsk:sess:{bob}"
#define LIVE	"mpsk:live:{bob}"
#define MAC	"00-00-5e-00-53-01"
#define NOW	1700000000
#define STALE	600
#define GRACE	40
#define EVENTS	5

static mpsk_session_writer_t *writer;
static mpsk_error_t err;

static int fresh(void **state)
{
	store_fresh(state);
	writer = mpsk_session_writer_create(ctx, store, &(mpsk_session_terms_t) {
		.session_stale = STALE, .concurrent_grace = GRACE
	}, NULL, NULL);
	assert_non_null(writer);
	return 0;
}

static mpsk_session_event_t event_at(int64_t at)
{
	mpsk_session_event_t event = {
		.session = { .id = "bob", .nas = "ap", .mac = { { 0, 0, 0x5e, 0, 0x53, 1 } }, .since = at, .seen = at }
	};

	assert_true(mpsk_octets_set(&event.session.sid, "S", 1));
	assert_true(mpsk_ssid_set(&event.session.ssid, "Acme", 4));
	return event;
}

static mpsk_session_event_t start_at(int64_t at)
{
	mpsk_session_event_t event = event_at(at);

	event.started = true;
	event.first = at;
	return event;
}

static mpsk_session_event_t interim_at(int64_t at, uint64_t in, uint64_t out)
{
	mpsk_session_event_t event = event_at(at);

	event.session.in = in;
	event.session.out = out;
	return event;
}

static mpsk_session_event_t stop_at(int64_t at, char const *cause, uint64_t in, uint64_t out)
{
	mpsk_session_event_t event = interim_at(at, in, out);

	event.session.ended = at;
	snprintf(event.session.cause, sizeof(event.session.cause), "%s", cause);
	return event;
}

static void write_at(mpsk_session_event_t event, int64_t now)
{
	mpsk_session_event_t *events[1] = { &event };
	mpsk_status_t result;

	assert_int_equal(mpsk_session_write(writer, events, &result, 1, now, &err), MPSK_OK);
	assert_int_equal(result, MPSK_OK);
}

static void write_one(mpsk_session_event_t event)
{
	write_at(event, NOW + 1000);
}

static mpsk_session_t read_back(void)
{
	mpsk_session_t *sessions, session;
	size_t n;

	assert_int_equal(mpsk_store_sessions(store, ctx, "bob", &sessions, &n, &err), MPSK_OK);
	assert_int_equal(n, 1);
	session = sessions[0];
	talloc_free(sessions);
	return session;
}

/* The next order of n numbers; false after the last. */
static bool next_order(unsigned *order, unsigned n)
{
	unsigned i = n - 1, j = n - 1, swap;

	while (i > 0 && order[i - 1] >= order[i]) i--;
	if (i == 0) return false;
	while (order[j] <= order[i - 1]) j--;
	swap = order[i - 1], order[i - 1] = order[j], order[j] = swap;
	for (j = n - 1; i < j; i++, j--) swap = order[i], order[i] = order[j], order[j] = swap;
	return true;
}

/* Each event comes, and in every other place a second time some events later. */
static void play(mpsk_session_event_t const *events, unsigned const *order, unsigned n, bool merged)
{
	mpsk_session_event_t all = events[order[0]];

	for (unsigned i = 0; i < n; i++) {
		mpsk_session_event_t const *again = &events[order[i / 2]];

		if (merged) {
			mpsk_session_event_merge(&all, &events[order[i]]);
			mpsk_session_event_merge(&all, again);
		} else {
			write_one(events[order[i]]);
			write_one(*again);
		}
	}
	if (merged) write_one(all);
}

static void all_orders(mpsk_session_event_t const *events, unsigned n, mpsk_session_t const *expected, bool merged)
{
	unsigned order[EVENTS];

	for (unsigned i = 0; i < n; i++) order[i] = i;
	do {
		mpsk_session_t session;

		redis_do(&redis, "DEL " SESS " mpsk:nas:ap");
		play(events, order, n, merged);
		session = read_back();
		if (memcmp(&session, expected, sizeof(session)) == 0) continue;
		fail_msg("order %u %u %u %u %u: %s", order[0], order[1], order[2], order[3], order[4],
			 redis_ask(&redis, "HGET " SESS " ap/S"));
	} while (next_order(order, n));
}

static void test_every_order(void **state)
{
	mpsk_session_event_t events[EVENTS] = {
		start_at(NOW), interim_at(NOW + 60, 5, 4294967296), interim_at(NOW + 120, UINT64_MAX - 9, 4294967297),
		stop_at(NOW + 180, "User-Request", UINT64_MAX, 10000000000), interim_at(NOW + 120, 9, 9),
	};
	mpsk_session_t expected = events[3].session;

	(void) state;
	expected.since = NOW;
	events[2].session.has_bssid = true;
	events[2].session.bssid.octets[5] = 7;
	expected.has_bssid = true;
	expected.bssid = events[2].session.bssid;
	all_orders(events, EVENTS, &expected, false);
	all_orders(events, EVENTS, &expected, true);
}

/* A stop that is told twice, at two times and for two causes, as a NAS without a clock may. */
static void test_every_order_of_two_stops(void **state)
{
	mpsk_session_event_t const events[] = {
		event_at(NOW), stop_at(NOW + 20, "User-Request", 1, 1), stop_at(NOW + 25, "Lost-Carrier", 1, 1),
		stop_at(NOW + 20, "Idle-Timeout", 1, 1), event_at(NOW + 30),
	};
	mpsk_session_t expected = events[1].session;

	(void) state;
	expected.since = NOW;
	expected.seen = NOW + 30;
	all_orders(events, EVENTS, &expected, false);
	all_orders(events, EVENTS, &expected, true);
}

/* What the session was at its first event stands: the key may have changed since. */
static void test_first_facts_stand(void **state)
{
	mpsk_session_event_t first = event_at(NOW), later = event_at(NOW + 5);
	mpsk_session_t session;

	(void) state;
	first.session.vlan = 10;
	strcpy(first.session.role, "staff");
	later.session.vlan = 20;
	strcpy(later.session.role, "guest");
	strcpy(later.session.site, "north");
	write_one(first);
	write_one(later);
	session = read_back();
	assert_int_equal(session.vlan, 10);
	assert_string_equal(session.role, "staff");
	assert_string_equal(session.site, "north");
}

/* A NAS that counts from 1 at each start gives a number again. */
static void test_reused_id(void **state)
{
	mpsk_session_event_t merged = stop_at(NOW + 20, "NAS-Reboot", 900, 900), start = start_at(NOW + 40);
	mpsk_session_event_t other = event_at(NOW + 50);
	mpsk_session_t session;

	(void) state;
	for (int i = 0; i < 2; i++) {
		redis_do(&redis, "DEL " SESS);
		write_one(event_at(NOW));
		if (i == 0) {
			write_one(merged);
			write_one(start);
		} else {
			mpsk_session_event_merge(&merged, &start);
			write_one(merged);
		}
		write_one(stop_at(NOW + 20, "NAS-Reboot", 900, 900));
		write_one(interim_at(NOW + 40, 1, 2));
		session = read_back();
		assert_int_equal(session.since, NOW + 40);
		assert_int_equal(session.ended, 0);
		assert_true(session.in == 1 && session.out == 2);
	}
	other.session.mac.octets[5] = 9;
	write_one(other);
	assert_int_equal(read_back().mac.octets[5], 9);
	assert_int_equal(read_back().since, NOW + 50);
	write_one(interim_at(NOW + 45, 1, 2));
	assert_int_equal(read_back().mac.octets[5], 9);
}

static void test_rubbish_is_replaced(void **state)
{
	static char const *const records[] = { "", "x", "[]", "7", "null", "{}", "{\"mac\":5}",
					       "{\"mac\":\"" MAC "\",\"seen\":\"x\",\"in\":{}}",
					       "{\"mac\":\"" MAC "\",\"seen\":\"nan\",\"since\":1e999,\"ssid\":[]}" };

	(void) state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		redis_do(&redis, "HSET " SESS " ap/S %s", records[i]);
		write_one(interim_at(NOW, 5, 6));
		assert_int_equal(read_back().seen, NOW);
	}
}

/*
 * --- Places and last-seen ---
 */
static char const *place(void)
{
	return redis_ask(&redis, "ZSCORE " LIVE " " MAC);
}

static void test_places(void **state)
{
	mpsk_session_event_t second = start_at(NOW + 50);

	(void) state;
	assert_true(mpsk_octets_set(&second.session.sid, "T", 1));
	write_at(start_at(NOW), NOW);
	assert_int_equal(redis_do(&redis, "EXISTS " LIVE), 0);
	redis_do(&redis, "HSET mpsk:key:{bob} psk correct-horse concurrent 2");
	write_at(start_at(NOW), NOW);
	assert_string_equal(place(), "1700000600");
	write_at(interim_at(NOW + 60, 1, 1), NOW + 60);
	assert_string_equal(place(), "1700000660");
	write_at(interim_at(NOW + 30, 1, 1), NOW + 61);
	assert_string_equal(place(), "1700000660");
	/* A session that went elsewhere: the place is the device's as long as it has one. */
	write_at(second, NOW + 62);
	write_at(stop_at(NOW + 62, "", 1, 1), NOW + 62);
	assert_string_equal(place(), "1700000650");
	second.session.ended = second.session.seen = NOW + 70;
	write_at(second, NOW + 70);
	assert_string_equal(place(), "");
	/* What comes late gives no place back. */
	write_at(interim_at(NOW + 61, 1, 1), NOW + 71);
	assert_string_equal(place(), "");
}

/* The device has just come to another access point: the end of the session before takes no place. */
static void test_a_claimed_place_outlasts_the_session_before(void **state)
{
	mpsk_session_event_t second = start_at(NOW + 50);

	(void) state;
	assert_true(mpsk_octets_set(&second.session.sid, "T", 1));
	redis_do(&redis, "HSET mpsk:key:{bob} psk correct-horse concurrent 2");
	write_at(start_at(NOW), NOW);
	redis_do(&redis, "ZADD " LIVE " 1700000109.5 " MAC);
	write_at(interim_at(NOW + 49, 1, 1), NOW + 49);
	assert_string_equal(place(), "1700000648.5");
	write_at(stop_at(NOW + 50, "", 1, 1), NOW + 50);
	assert_string_equal(place(), "1700000089.5");
	write_at(second, NOW + 50);
	assert_string_equal(place(), "1700000650");
}

static void test_last_seen(void **state)
{
	(void) state;
	write_one(start_at(NOW));
	assert_int_equal(redis_do(&redis, "EXISTS mpsk:dev:{bob}"), 0);
	redis_do(&redis, "ZADD mpsk:dev:{bob} %d " MAC, NOW - 10);
	write_one(interim_at(NOW + 49, 1, 1));
	assert_string_equal(redis_ask(&redis, "ZSCORE mpsk:dev:{bob} " MAC), "1699999990");
	write_one(interim_at(NOW + 50, 1, 1));
	assert_string_equal(redis_ask(&redis, "ZSCORE mpsk:dev:{bob} " MAC), "1700000050");
	write_one(interim_at(NOW, 1, 1));
	assert_string_equal(redis_ask(&redis, "ZSCORE mpsk:dev:{bob} " MAC), "1700000050");
}

/* Nothing else of the key's being what it should be keeps the session from being written. */
static void test_wrong_types_beside(void **state)
{
	(void) state;
	redis_do(&redis, "SET mpsk:dev:{bob} x");
	redis_do(&redis, "SET " LIVE " x");
	redis_do(&redis, "HSET mpsk:key:{bob} concurrent 3");
	write_at(start_at(NOW), NOW);
	redis_do(&redis, "DEL mpsk:key:{bob}");
	redis_do(&redis, "SET mpsk:key:{bob} x");
	write_at(stop_at(NOW + 1, "", 1, 1), NOW);
	assert_int_equal(read_back().ended, NOW + 1);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(test_every_order, fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_every_order_of_two_stops, fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_first_facts_stand, fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_reused_id, fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_rubbish_is_replaced, fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_places, fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_a_claimed_place_outlasts_the_session_before, fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_last_seen, fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_wrong_types_beside, fresh, store_clean),
	};

	return cmocka_run_group_tests_name("store/session_order", tests, store_start, store_stop);
}
