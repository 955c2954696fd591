/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "store/session.h"
#include "store/session_reap.h"
#include "store_rig.h"

#define SESS	"mpsk:sess:{bob}"

static mpsk_session_t *sessions;
static size_t n;
static mpsk_error_t err;

/* A session as a hand would put it there. */
static void put(char const *id, char const *field, char const *mac, int seen)
{
	char record[128];

	snprintf(record, sizeof(record), "{\"mac\":\"%s\",\"seen\":%d}", mac, seen);
	redis_do(&redis, "HSET mpsk:sess:{%s} %s %s", id, field, record);
}

static void test_read(void **state)
{
	(void) state;
	assert_int_equal(mpsk_store_sessions(store, ctx, "bob", &sessions, &n, &err), MPSK_MISS);
	put("bob", "ap/1", "00-00-5e-00-53-01", 100);
	put("bob", "ap/2", "00-00-5e-00-53-02", 300);
	put("bob", "ap/3", "00-00-5e-00-53-03", 200);
	redis_do(&redis, "HSET " SESS " ap/4 rubbish");
	assert_int_equal(mpsk_store_sessions(store, ctx, "bob", &sessions, &n, &err), MPSK_OK);
	assert_int_equal(n, 3);
	assert_int_equal(sessions[0].seen, 300);
	assert_int_equal(sessions[1].seen, 200);
	assert_int_equal(sessions[2].seen, 100);
	assert_string_equal(sessions[0].id, "bob");
	assert_string_equal(sessions[0].nas, "ap");
	assert_memory_equal(sessions[0].sid.octets, "2", 1);
	redis_do(&redis, "DEL " SESS);
	redis_do(&redis, "HSET " SESS " ap/4 rubbish");
	assert_int_equal(mpsk_store_sessions(store, ctx, "bob", &sessions, &n, &err), MPSK_MISS);
	redis_do(&redis, "DEL " SESS);
	redis_do(&redis, "RPUSH " SESS " x");
	assert_int_equal(mpsk_store_sessions(store, ctx, "bob", &sessions, &n, &err), MPSK_BAD);
	assert_int_equal(mpsk_store_sessions(store, ctx, "b b", &sessions, &n, &err), MPSK_BAD);
}

typedef struct {
	int	keys, sessions, refused;
} seen_t;

static mpsk_status_t note(void *uctx, char const *id, mpsk_session_t const *list, size_t count, mpsk_error_t const *why)
{
	seen_t *seen = uctx;

	if (!list) {
		assert_non_null(strstr(why->text, "is a list, not a hash"));
		seen->refused++;
		return MPSK_OK;
	}
	for (size_t i = 0; i < count; i++) assert_string_equal(list[i].id, id);
	seen->keys++;
	seen->sessions += (int) count;
	return MPSK_OK;
}

static mpsk_status_t halt(void *uctx, char const *id, mpsk_session_t const *list, size_t count, mpsk_error_t const *why)
{
	(void) id, (void) list, (void) count, (void) why;
	++*(int *) uctx;
	return MPSK_AGAIN;
}

static void test_each(void **state)
{
	seen_t seen = { 0 };
	int calls = 0;

	(void) state;
	for (int i = 0; i < 300; i++) {
		char id[16], field[16];

		snprintf(id, sizeof(id), "k%d", i / 3);
		snprintf(field, sizeof(field), "ap/%d", i);
		put(id, field, "00-00-5e-00-53-01", i);
	}
	redis_do(&redis, "HSET mpsk:sess:nobody ap/1 x");
	redis_do(&redis, "RPUSH mpsk:sess:{list} x");
	redis_do(&redis, "HSET mpsk:key:{k1} psk correct-horse");
	assert_int_equal(mpsk_store_sessions_each(store, note, &seen, &err), MPSK_OK);
	assert_int_equal(seen.keys, 100);
	assert_int_equal(seen.sessions, 300);
	assert_int_equal(seen.refused, 1);
	assert_int_equal(mpsk_store_sessions_each(store, halt, &calls, &err), MPSK_AGAIN);
	assert_int_equal(calls, 1);
}

static mpsk_session_terms_t const terms = { .session_stale = 600, .concurrent_grace = 60 };

static void test_what_to_reap(void **state)
{
	struct {
		int64_t		seen, ended;
		mpsk_reap_t	wants;
	} const rows[] = {
		{ 9401, 0, MPSK_REAP_KEEP }, { 9400, 0, MPSK_REAP_END }, { 5000, 0, MPSK_REAP_END },
		{ 4999, 0, MPSK_REAP_FORGET }, { 9999, 9000, MPSK_REAP_KEEP }, { 9999, 4999, MPSK_REAP_FORGET },
		{ 100, 5000, MPSK_REAP_KEEP },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_session_t const session = { .seen = rows[i].seen, .ended = rows[i].ended };

		assert_int_equal(mpsk_session_reap_wants(&session, 10000, terms.session_stale, 5000), rows[i].wants);
	}
}

/* What was heard of since it was looked at goes on. */
static void test_reap_looks_again(void **state)
{
	mpsk_session_t session = { .id = "bob", .nas = "ap", .seen = 100 };
	mpsk_reap_t did;

	(void) state;
	assert_true(mpsk_octets_set(&session.sid, "1", 1));
	put("bob", "ap/1", "00-00-5e-00-53-01", 9500);
	redis_do(&redis, "HSET mpsk:nas:ap 1 bob");
	assert_int_equal(mpsk_session_reap(store, &session, 10000, &terms, 5000, &did, &err), MPSK_OK);
	assert_int_equal(did, MPSK_REAP_KEEP);
	assert_int_equal(mpsk_session_reap(store, &session, 10100, &terms, 5000, &did, &err), MPSK_OK);
	assert_int_equal(did, MPSK_REAP_END);
	assert_int_equal(mpsk_session_reap(store, &session, 14501, &terms, 5000, &did, &err), MPSK_OK);
	assert_int_equal(did, MPSK_REAP_FORGET);
	assert_int_equal(redis_do(&redis, "EXISTS mpsk:nas:ap " SESS), 0);
	assert_int_equal(mpsk_session_reap(store, &session, 14501, &terms, 5000, &did, &err), MPSK_OK);
}

/* Whoever is on by the passphrase before a rotation uses it, to the minute. */
static void test_old_passphrase_is_in_use(void **state)
{
	mpsk_session_t session = { .id = "bob", .nas = "ap", .seen = 100 };
	char print[MPSK_FINGERPRINT_LEN + 1], record[160];
	mpsk_reap_t did;

	(void) state;
	assert_true(mpsk_octets_set(&session.sid, "1", 1));
	mpsk_key_fingerprint(print, "the one before", 14);
	snprintf(record, sizeof(record), "{\"mac\":\"00-00-5e-00-53-01\",\"seen\":9500,\"print\":\"%s\"}", print);
	redis_do(&redis, "HSET " SESS " ap/1 %s", record);
	assert_int_equal(mpsk_session_reap(store, &session, 9600, &terms, 5000, &did, &err), MPSK_OK);
	assert_int_equal(redis_do(&redis, "EXISTS mpsk:key:{bob}"), 0);
	redis_do(&redis, "HSET mpsk:key:{bob} psk correct-horse old_psk %s", "another one before");
	assert_int_equal(mpsk_session_reap(store, &session, 9600, &terms, 5000, &did, &err), MPSK_OK);
	assert_int_equal(redis_do(&redis, "HEXISTS mpsk:key:{bob} old_used"), 0);
	redis_do(&redis, "HSET mpsk:key:{bob} old_psk %s rotated 9501", "the one before");
	assert_int_equal(mpsk_session_reap(store, &session, 9600, &terms, 5000, &did, &err), MPSK_OK);
	assert_int_equal(redis_do(&redis, "HEXISTS mpsk:key:{bob} old_used"), 0);
	redis_do(&redis, "HSET mpsk:key:{bob} rotated 9500");
	assert_int_equal(mpsk_session_reap(store, &session, 9600, &terms, 5000, &did, &err), MPSK_OK);
	assert_string_equal(redis_ask(&redis, "HGET mpsk:key:{bob} old_used"), "9500");
	redis_do(&redis, "HSET mpsk:key:{bob} old_used 9450");
	assert_int_equal(mpsk_session_reap(store, &session, 9600, &terms, 5000, &did, &err), MPSK_OK);
	assert_string_equal(redis_ask(&redis, "HGET mpsk:key:{bob} old_used"), "9450");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup_teardown(test_read, store_fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_each, store_fresh, store_clean),
		cmocka_unit_test(test_what_to_reap),
		cmocka_unit_test_setup_teardown(test_reap_looks_again, store_fresh, store_clean),
		cmocka_unit_test_setup_teardown(test_old_passphrase_is_in_use, store_fresh, store_clean),
	};

	return cmocka_run_group_tests_name("store/session", tests, store_start, store_stop);
}
