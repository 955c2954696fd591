/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pool and its breaker, seen through calls of the store.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/deadline.h"
#include "store_rig.h"

#define COMMAND_MS	300
#define RETRY_MS	600

static mpsk_store_info_t info;
static mpsk_error_t err;

static int start(void **state)
{
	mpsk_store_config_t config = mpsk_store_defaults;

	(void) state;
	redis_start(&redis);
	config.uri = redis.uri;
	config.command_ms = COMMAND_MS;
	config.retry_ms = RETRY_MS;
	assert_int_equal(mpsk_store_create(NULL, &store, &config, &err), MPSK_OK);
	return 0;
}

static bool pings(void const *uctx)
{
	(void) uctx;
	return mpsk_store_ping(store, &info, &err) == MPSK_OK;
}

static void test_ping(void **state)
{
	(void) state;
	assert_true(wait_for(pings, NULL, 10000));
	assert_true(strncmp(info.server, "redis ", 6) == 0 || strncmp(info.server, "valkey ", 7) == 0);
	assert_string_equal(info.role, "master");
	assert_true(info.rtt_ms > 0);
}

/* Redis away: one call pays, the others are told at once; then one finds out that it is back. */
static void test_breaker(void **state)
{
	int64_t began;

	(void) state;
	assert_true(wait_for(pings, NULL, 10000));
	kill(redis.pid, SIGSTOP);
	began = mpsk_monotonic_ms();
	assert_int_equal(mpsk_store_ping(store, &info, &err), MPSK_AGAIN);
	assert_true(mpsk_monotonic_ms() - began >= COMMAND_MS - 1);
	began = mpsk_monotonic_ms();
	for (int i = 0; i < 1000; i++) assert_int_equal(mpsk_store_ping(store, &info, &err), MPSK_AGAIN);
	/* A thousand deadlines would be five minutes. */
	assert_true(mpsk_monotonic_ms() - began < 10 * COMMAND_MS);
	assert_non_null(strstr(err.text, redis.uri));
	kill(redis.pid, SIGCONT);
	assert_true(wait_for(pings, NULL, 10000));
}

static atomic_int slow, quick;

static void *one_call(void *arg)
{
	int64_t began = mpsk_monotonic_ms();
	mpsk_store_info_t mine;
	mpsk_error_t why;

	(void) arg;
	(void) mpsk_store_ping(store, &mine, &why);
	atomic_fetch_add(mpsk_monotonic_ms() - began >= COMMAND_MS - 1 ? &slow : &quick, 1);
	return NULL;
}

/* Workers never race for the probe: of many that come after retry_ms one waits. */
static void test_one_probe(void **state)
{
	pthread_t threads[16];
	int64_t until;

	(void) state;
	assert_true(wait_for(pings, NULL, 10000));
	kill(redis.pid, SIGSTOP);
	assert_int_equal(mpsk_store_ping(store, &info, &err), MPSK_AGAIN);
	until = mpsk_monotonic_ms() + RETRY_MS;
	while (mpsk_monotonic_ms() <= until) usleep(1000);
	for (int i = 0; i < 16; i++) assert_int_equal(pthread_create(&threads[i], NULL, one_call, NULL), 0);
	for (int i = 0; i < 16; i++) pthread_join(threads[i], NULL);
	kill(redis.pid, SIGCONT);
	assert_int_equal(slow, 1);
	assert_int_equal(quick, 15);
	assert_true(wait_for(pings, NULL, 10000));
}

/* Redis was restarted while connections lay idle: nobody need notice. */
static void test_restart(void **state)
{
	(void) state;
	assert_true(wait_for(pings, NULL, 10000));
	redis_kill(&redis);
	redis_revive(&redis);
	assert_int_equal(mpsk_store_ping(store, &info, &err), MPSK_OK);
}

/* How many connections Redis has accepted so far. */
static long connections(void)
{
	char const *at = strstr(redis_ask(&redis, "INFO stats"), "total_connections_received:");

	assert_non_null(at);
	return strtol(strchr(at, ':') + 1, NULL, 10);
}

/* An idle connection is used again, but for one to a server that another has replaced. */
static void test_renew(void **state)
{
	long before;

	(void) state;
	assert_true(wait_for(pings, NULL, 10000));
	before = connections();
	assert_true(pings(NULL));
	assert_int_equal(connections(), before);
	mpsk_store_renew(store);
	assert_true(pings(NULL));
	assert_int_equal(connections(), before + 1);
}

/* An answer about one key says nothing about the server. */
static void test_wrong_type_is_no_outage(void **state)
{
	mpsk_mac_t mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } };
	mpsk_ssid_t ssid = { 0 };
	mpsk_device_t *devices;
	char id[MPSK_ID_MAX + 1];
	size_t n;

	(void) state;
	assert_true(wait_for(pings, NULL, 10000));
	redis_do(&redis, "SET mpsk:mac:{00-00-5e-00-53-01} x");
	redis_do(&redis, "SET mpsk:dev:{bob} x");
	assert_int_equal(mpsk_store_hint_set(store, &mac, &ssid, "bob", &err), MPSK_BAD);
	assert_int_equal(mpsk_store_hint_get(store, &mac, &ssid, id, &err), MPSK_BAD);
	assert_int_equal(mpsk_store_devices(store, NULL, "bob", &devices, &n, &err), MPSK_BAD);
	assert_int_equal(mpsk_store_ping(store, &info, &err), MPSK_OK);
}

/* A password that is refused is no reason to ask a thousand times a second. */
static void test_wrong_password(void **state)
{
	char path[64];
	mpsk_store_config_t config = mpsk_store_defaults;
	mpsk_store_t *other;
	FILE *f;

	(void) state;
	snprintf(path, sizeof(path), "%s/password", redis.dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("wRoNg\nsecond line\n", f);
	fclose(f);
	config.uri = redis.uri;
	config.password_file = path;
	redis_do(&redis, "CONFIG SET requirepass right");
	assert_int_equal(mpsk_store_create(NULL, &other, &config, &err), MPSK_OK);
	assert_int_equal(mpsk_store_ping(other, &info, &err), MPSK_BAD);
	assert_int_equal(mpsk_store_ping(other, &info, &err), MPSK_AGAIN);
	assert_non_null(strstr(err.text, "refuses"));
	assert_null(strstr(err.text, "wRoNg"));
	talloc_free(other);
	redis_do(&redis, "AUTH right");
	f = fopen(path, "w");
	fputs("right\n", f);
	fclose(f);
	assert_int_equal(mpsk_store_create(NULL, &other, &config, &err), MPSK_OK);
	assert_int_equal(mpsk_store_ping(other, &info, &err), MPSK_OK);
	talloc_free(other);
	redis_do(&redis, "CONFIG SET requirepass %s", "");
	unlink(path);
	assert_int_equal(mpsk_store_create(NULL, &other, &config, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, path));
	config.password_file = "/dev/null";
	assert_int_equal(mpsk_store_create(NULL, &other, &config, &err), MPSK_BAD);
	config.uri = "nowhere";
	assert_int_equal(mpsk_store_create(NULL, &other, &config, &err), MPSK_BAD);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_ping),
		cmocka_unit_test(test_breaker),
		cmocka_unit_test(test_one_probe),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_renew),
		cmocka_unit_test(test_wrong_type_is_no_outage),
		cmocka_unit_test(test_wrong_password),
	};

	return cmocka_run_group_tests(tests, start, store_stop);
}
