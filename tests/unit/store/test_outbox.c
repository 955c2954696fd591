/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/deadline.h"
#include "store/outbox.h"
#include "store_rig.h"

#define SESS		"mpsk:sess:{bob}"
#define PATIENCE_MS	20000
#define NOW		1700000000

static mpsk_outbox_t *outbox;
static mpsk_outbox_config_t config;
static mpsk_error_t err;

static void start(void)
{
	mpsk_store_config_t at = mpsk_store_defaults;

	at.uri = redis.uri;
	assert_int_equal(mpsk_outbox_start(ctx, &outbox, &at, &config, &err), MPSK_OK);
}

static int fresh(void **state)
{
	store_fresh(state);
	config = mpsk_outbox_defaults;
	return 0;
}

static int clean(void **state)
{
	mpsk_outbox_stop(&outbox, 0);
	return store_clean(state);
}

static bool is_done(void const *uctx)
{
	mpsk_outbox_stats_t stats;

	(void) uctx;
	mpsk_outbox_stats(outbox, &stats);
	return stats.sessions_waiting == 0 && stats.lines_waiting == 0;
}

static bool is_away(void const *uctx)
{
	mpsk_outbox_stats_t stats;

	(void) uctx;
	mpsk_outbox_stats(outbox, &stats);
	return stats.away;
}

static void settle(void)
{
	assert_true(wait_for(is_done, NULL, PATIENCE_MS));
}

/* An event of session number n of a key, at a time. */
static mpsk_session_event_t event_of(char const *id, unsigned n, int64_t at)
{
	mpsk_session_event_t event = { .session = { .nas = "ap-1", .since = NOW, .seen = at } };
	char sid[16];

	snprintf(event.session.id, sizeof(event.session.id), "%s", id);
	snprintf(sid, sizeof(sid), "S%u", n);
	assert_true(mpsk_octets_set(&event.session.sid, sid, strlen(sid)));
	event.session.mac = (mpsk_mac_t) { { 0, 0, 0x5e, 0, (uint8_t) (n >> 8), (uint8_t) n } };
	return event;
}

static void put(mpsk_session_event_t const *event)
{
	assert_int_equal(mpsk_outbox_session(outbox, event), MPSK_OK);
}

static void test_writes(void **state)
{
	mpsk_session_event_t event = event_of("bob", 1, NOW + 5);
	mpsk_session_t *sessions;
	size_t n;

	(void) state;
	start();
	event.session.vlan = 20;
	event.session.in = UINT64_MAX;
	assert_true(mpsk_ssid_set(&event.session.ssid, "A\0b", 3));
	strcpy(event.session.role, "G\xc3\xa4ste");
	put(&event);
	settle();
	assert_int_equal(mpsk_store_sessions(store, ctx, "bob", &sessions, &n, &err), MPSK_OK);
	assert_int_equal(n, 1);
	assert_memory_equal(&sessions[0], &event.session, sizeof(sessions[0]));
	assert_string_equal(redis_ask(&redis, "HGET mpsk:nas:ap-1 S1"), "bob");
	assert_true(redis_do(&redis, "TTL " SESS) > 604000);
	assert_true(redis_do(&redis, "TTL mpsk:nas:ap-1") > 604000);
}

/* The pointer, then the hint, and a name only where neither is there. */
static void test_finds_the_key(void **state)
{
	mpsk_session_event_t by_name = event_of("named", 1, NOW), none = event_of("", 2, NOW);
	mpsk_outbox_stats_t stats;

	(void) state;
	by_name.by_name = true;
	assert_true(mpsk_ssid_set(&by_name.session.ssid, "Acme", 4));
	redis_do(&redis, "HSET mpsk:mac:{00-00-5e-00-00-01} Acme hinted");
	redis_do(&redis, "HSET mpsk:nas:ap-1 S2 pointed");
	start();
	put(&by_name);
	put(&none);
	none = event_of("", 3, NOW);
	put(&none);
	settle();
	assert_int_equal(redis_do(&redis, "HLEN mpsk:sess:{hinted}"), 1);
	assert_int_equal(redis_do(&redis, "HLEN mpsk:sess:{pointed}"), 1);
	assert_int_equal(redis_do(&redis, "EXISTS mpsk:sess:{named}"), 0);
	mpsk_outbox_stats(outbox, &stats);
	assert_int_equal(stats.sessions_foreign, 1);
	assert_int_equal(stats.sessions_written, 2);
	redis_do(&redis, "FLUSHALL");
	put(&by_name);
	settle();
	assert_int_equal(redis_do(&redis, "HLEN mpsk:sess:{named}"), 1);
}

static void facts(void *uctx, mpsk_session_t *session)
{
	(void) uctx;
	if (strcmp(session->id, "pointed") == 0) session->vlan = 7;
}

/* A session of another device under the same Acct-Session-Id is none of the key's that had it before. */
static void test_trusts_a_pointer_to_the_same_device_only(void **state)
{
	mpsk_session_event_t event = event_of("bob", 1, NOW);

	(void) state;
	config.facts = facts;
	redis_do(&redis, "HSET mpsk:nas:ap-1 S1 pointed");
	redis_do(&redis, "HSET mpsk:sess:{pointed} ap-1/S1 %s", "{\"mac\":\"00-00-5e-00-00-01\",\"seen\":1}");
	start();
	event.session.vlan = 5;
	put(&event);
	settle();
	assert_int_equal(redis_do(&redis, "EXISTS " SESS), 0);
	redis_do(&redis, "HSET mpsk:sess:{pointed} ap-1/S1 %s", "{\"mac\":\"00-00-5e-00-00-02\",\"seen\":1}");
	put(&event);
	settle();
	assert_int_equal(redis_do(&redis, "HLEN " SESS), 1);
	assert_string_equal(redis_ask(&redis, "HGET mpsk:nas:ap-1 S1"), "bob");
	redis_do(&redis, "FLUSHALL");
	redis_do(&redis, "HSET mpsk:nas:ap-1 S1 pointed");
	put(&event);
	settle();
	assert_non_null(strstr(redis_ask(&redis, "HGET mpsk:sess:{pointed} ap-1/S1"), "\"vlan\":7"));
}

static void test_restart(void **state)
{
	mpsk_session_event_t old = event_of("bob", 1, NOW + 10), late = event_of("bob", 2, NOW + 10);
	mpsk_session_event_t young = event_of("eve", 3, NOW + 60);
	mpsk_session_restart_t restart = { .nas = "ap-1", .at = NOW + 50 };

	(void) state;
	young.session.since = NOW + 60;
	start();
	put(&old);
	put(&young);
	settle();
	assert_int_equal(mpsk_outbox_restart(outbox, &restart), MPSK_OK);
	settle();
	put(&late);
	settle();
	assert_non_null(strstr(redis_ask(&redis, "HGET " SESS " ap-1/S1"), "\"ended\":1700000050"));
	assert_non_null(strstr(redis_ask(&redis, "HGET " SESS " ap-1/S2"), "\"ended\":1700000050"));
	assert_null(strstr(redis_ask(&redis, "HGET mpsk:sess:{eve} ap-1/S3"), "ended"));
	/* It was heard of since: it did outlive that. */
	late.session.seen = NOW + 51;
	put(&late);
	settle();
	assert_null(strstr(redis_ask(&redis, "HGET " SESS " ap-1/S2"), "ended"));
}

static void test_restart_of_one_radio(void **state)
{
	static mpsk_mac_t const radios[2] = { { { 0, 0, 0x5e, 0, 0x53, 0xa0 } }, { { 0, 0, 0x5e, 0, 0x53, 0xa1 } } };
	mpsk_session_restart_t restart = { .nas = "ap-1", .bssid = radios[0], .has_bssid = true, .at = NOW + 50 };

	(void) state;
	start();
	for (unsigned i = 0; i < 200; i++) {
		mpsk_session_event_t event = event_of("bob", i, NOW + 10);

		event.session.bssid = radios[i % 2];
		event.session.has_bssid = true;
		put(&event);
		if (i == 150) settle();
		if (i == 150) assert_int_equal(mpsk_outbox_restart(outbox, &restart), MPSK_OK);
	}
	settle();
	for (unsigned i = 0; i < 200; i++) {
		char field[16];

		snprintf(field, sizeof(field), "ap-1/S%u", i);
		assert_int_equal(strstr(redis_ask(&redis, "HGET " SESS " %s", field), "ended") != NULL, i % 2 == 0);
	}
}

static mpsk_field_t const hello[] = { { "what", 4, "a\0b", 3 }, { "empty", 5, "", 0 } };

static void test_lines(void **state)
{
	redisReply *reply;

	(void) state;
	start();
	for (int i = 0; i < 1000; i++) assert_int_equal(mpsk_outbox_log(outbox, "mpsk:log:{x}", hello, 2), MPSK_OK);
	assert_int_equal(mpsk_outbox_log(outbox, "mpsk:log:{y}", hello, 0), MPSK_BAD);
	settle();
	assert_int_equal(redis_do(&redis, "XLEN mpsk:log:{x}"), 1000);
	reply = redis_reply(&redis, "XRANGE mpsk:log:{x} - + COUNT 1");
	assert_int_equal(reply->element[0]->element[1]->elements, 4);
	assert_int_equal(reply->element[0]->element[1]->element[1]->len, 3);
	assert_memory_equal(reply->element[0]->element[1]->element[1]->str, "a\0b", 3);
	freeReplyObject(reply);
}

static bool is_put(void const *event)
{
	return mpsk_outbox_session(outbox, event) == MPSK_OK;
}

/* One that is just being tried counts beside what came of the same session since. */
static void put_at_last(mpsk_session_event_t const *event)
{
	assert_true(wait_for(is_put, event, PATIENCE_MS));
}

/* Sessions are kept, and merged; lines make way, the oldest first. */
static void test_away(void **state)
{
	mpsk_outbox_stats_t stats;
	mpsk_session_event_t event;

	(void) state;
	config.lines = 10;
	config.sessions = 600;
	start();
	redis_kill(&redis);
	for (unsigned i = 0; i < 600; i++) {
		event = event_of("bob", i, NOW);
		put_at_last(&event);
		event.session.seen = NOW + i;
		put_at_last(&event);
	}
	event = event_of("bob", 600, NOW);
	assert_int_equal(mpsk_outbox_session(outbox, &event), MPSK_AGAIN);
	assert_true(wait_for(is_away, NULL, PATIENCE_MS));
	for (int i = 0; i < 25; i++) {
		char text[8];
		mpsk_field_t const field = { "n", 1, text, (size_t) snprintf(text, sizeof(text), "%d", i) };

		assert_int_equal(mpsk_outbox_log(outbox, "mpsk:log:{x}", &field, 1), MPSK_OK);
	}
	mpsk_outbox_stats(outbox, &stats);
	assert_int_equal(stats.sessions_waiting, 600);
	assert_int_equal(stats.sessions_refused, 1);
	redis_revive(&redis);
	settle();
	mpsk_outbox_stats(outbox, &stats);
	assert_int_equal(stats.lines_dropped + stats.lines_written, 25);
	assert_int_equal(redis_do(&redis, "HLEN " SESS), 600);
	assert_non_null(strstr(redis_ask(&redis, "HGET " SESS " ap-1/S599"), "\"seen\":1700000599"));
	assert_int_equal(redis_do(&redis, "XLEN mpsk:log:{x}"), stats.lines_written);
	assert_false(stats.away);
}

/* It was acknowledged, and lost with the server. */
static void test_what_was_written_last_is_written_again(void **state)
{
	mpsk_session_event_t event = event_of("bob", 1, NOW);

	(void) state;
	start();
	put(&event);
	settle();
	redis_kill(&redis);
	event = event_of("bob", 2, NOW);
	put(&event);
	assert_true(wait_for(is_away, NULL, PATIENCE_MS));
	redis_revive(&redis);
	settle();
	assert_int_equal(redis_do(&redis, "HLEN " SESS), 2);
	assert_int_equal(redis_do(&redis, "HLEN mpsk:nas:ap-1"), 2);
}

static void test_stalled(void **state)
{
	int64_t before;

	(void) state;
	start();
	kill(redis.pid, SIGSTOP);
	before = mpsk_monotonic_ms();
	for (unsigned i = 0; i < 1000; i++) {
		mpsk_session_event_t const event = event_of("bob", i, NOW);

		put(&event);
	}
	/* A write alone would take a second. */
	assert_true(mpsk_monotonic_ms() - before < 900);
	assert_true(wait_for(is_away, NULL, PATIENCE_MS));
	kill(redis.pid, SIGCONT);
	settle();
	assert_int_equal(redis_do(&redis, "HLEN " SESS), 1000);
}

static void test_a_wrong_type_is_given_up(void **state)
{
	mpsk_session_event_t const event = event_of("bob", 1, NOW), other = event_of("eve", 2, NOW);
	mpsk_outbox_stats_t stats;

	(void) state;
	redis_do(&redis, "SET " SESS " x");
	start();
	put(&event);
	put(&other);
	settle();
	mpsk_outbox_stats(outbox, &stats);
	assert_int_equal(stats.sessions_failed, 1);
	assert_int_equal(stats.sessions_written, 1);
}

static void test_stop_flushes(void **state)
{
	(void) state;
	start();
	for (unsigned i = 0; i < 3000; i++) {
		mpsk_session_event_t const event = event_of("bob", i, NOW);

		put(&event);
	}
	mpsk_outbox_stop(&outbox, PATIENCE_MS);
	assert_null(outbox);
	assert_int_equal(redis_do(&redis, "HLEN " SESS), 3000);
}

static void test_stop_does_not_wait_for_nobody(void **state)
{
	mpsk_session_event_t const event = event_of("bob", 1, NOW);
	int64_t before;

	(void) state;
	start();
	redis_kill(&redis);
	put(&event);
	before = mpsk_monotonic_ms();
	mpsk_outbox_stop(&outbox, 300);
	assert_true(mpsk_monotonic_ms() - before < PATIENCE_MS / 2);
	redis_revive(&redis);
}

#define PUTTERS	8
#define EACH	500

static void *put_many(void *arg)
{
	unsigned const me = (unsigned) (uintptr_t) arg;

	for (unsigned i = 0; i < EACH; i++) {
		mpsk_session_event_t event = event_of("bob", i % 100, NOW + me * EACH + i);

		if (mpsk_outbox_session(outbox, &event) != MPSK_OK) return arg;
		if (mpsk_outbox_log(outbox, "mpsk:log:{x}", hello, 2) != MPSK_OK) return arg;
	}
	return NULL;
}

static void test_threads(void **state)
{
	pthread_t threads[PUTTERS];
	mpsk_outbox_stats_t stats;

	(void) state;
	start();
	for (uintptr_t i = 0; i < PUTTERS; i++) {
		assert_int_equal(pthread_create(&threads[i], NULL, put_many, (void *) (i + 1)), 0);
	}
	for (int i = 0; i < PUTTERS; i++) {
		void *failed;

		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	settle();
	mpsk_outbox_stats(outbox, &stats);
	assert_int_equal(stats.sessions_taken, PUTTERS * EACH);
	assert_int_equal(stats.sessions_merged + stats.sessions_written, PUTTERS * EACH + stats.sessions_again);
	assert_int_equal(redis_do(&redis, "HLEN " SESS), 100);
	assert_int_equal(redis_do(&redis, "XLEN mpsk:log:{x}"), PUTTERS * EACH);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(test_writes, fresh, clean),
		cmocka_unit_test_setup_teardown(test_finds_the_key, fresh, clean),
		cmocka_unit_test_setup_teardown(test_trusts_a_pointer_to_the_same_device_only, fresh, clean),
		cmocka_unit_test_setup_teardown(test_restart, fresh, clean),
		cmocka_unit_test_setup_teardown(test_restart_of_one_radio, fresh, clean),
		cmocka_unit_test_setup_teardown(test_lines, fresh, clean),
		cmocka_unit_test_setup_teardown(test_away, fresh, clean),
		cmocka_unit_test_setup_teardown(test_what_was_written_last_is_written_again, fresh, clean),
		cmocka_unit_test_setup_teardown(test_stalled, fresh, clean),
		cmocka_unit_test_setup_teardown(test_a_wrong_type_is_given_up, fresh, clean),
		cmocka_unit_test_setup_teardown(test_stop_flushes, fresh, clean),
		cmocka_unit_test_setup_teardown(test_stop_does_not_wait_for_nobody, fresh, clean),
		cmocka_unit_test_setup_teardown(test_threads, fresh, clean),
	};

	return cmocka_run_group_tests_name("store/outbox", tests, store_start, store_stop);
}
