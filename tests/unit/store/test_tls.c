/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TLS to a Redis that wants client certificates: what is let in, and that
 * each way to be wrong is refused with a text that says which.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/deadline.h"
#include "certs.h"
#include "mirror.h"
#include "redis.h"
#include "store/store.h"
#include "store/sync.h"

#define PATIENCE_MS	10000
#define PATH_SIZE	64

static redis_t redis;
static char tls_port[8], plain_port[8];
static char ca[PATH_SIZE], other_ca[PATH_SIZE], pem[PATH_SIZE], key[PATH_SIZE];
static char alien_pem[PATH_SIZE], alien_key[PATH_SIZE], server_pem[PATH_SIZE], server_key[PATH_SIZE];
static mpsk_error_t err;

static void file(char path[static PATH_SIZE], char const *name)
{
	snprintf(path, PATH_SIZE, "%s/%s", redis.dir, name);
}

static int start(void **state)
{
	static char const *const options[] = {
		"--port", plain_port, "--tls-port", tls_port, "--bind", "127.0.0.1", "-::1", "--tls-ca-cert-file", ca,
		"--tls-cert-file", server_pem, "--tls-key-file", server_key, NULL
	};

	(void) state;
	signal(SIGPIPE, SIG_IGN);
	redis_folder(&redis);
	certs_make(redis.dir, "ca", NULL, NULL, 3600);
	certs_make(redis.dir, "other", NULL, NULL, 3600);
	certs_make(redis.dir, "server", "ca", "DNS:localhost,IP:127.0.0.1,IP:::1", 3600);
	certs_make(redis.dir, "named", "ca", "DNS:redis.example.org", 3600);
	certs_make(redis.dir, "expired", "ca", "DNS:localhost,IP:127.0.0.1", -60);
	certs_make(redis.dir, "client", "ca", NULL, 3600);
	certs_make(redis.dir, "alien", "other", NULL, 3600);
	file(ca, "ca.pem");
	file(other_ca, "other.pem");
	file(pem, "client.pem");
	file(key, "client.key");
	file(alien_pem, "alien.pem");
	file(alien_key, "alien.key");
	file(server_pem, "server.pem");
	file(server_key, "server.key");
	snprintf(tls_port, sizeof(tls_port), "%d", free_port());
	snprintf(plain_port, sizeof(plain_port), "%d", free_port());
	redis_start_as(&redis, options);
	return 0;
}

static int halt(void **state)
{
	(void) state;
	redis_stop(&redis);
	return 0;
}

/* Have the server show another certificate from now on. */
static void show(char const *name)
{
	redis_do(&redis, "CONFIG SET tls-cert-file %s/%s.pem tls-key-file %s/%s.key", redis.dir, name, redis.dir, name);
}

static mpsk_store_config_t configured(char const *scheme, char const *host, char const *port)
{
	static char uri[64];
	mpsk_store_config_t config = mpsk_store_defaults;

	snprintf(uri, sizeof(uri), "%s://%s:%s", scheme, host, port);
	config.uri = uri;
	config.connect_ms = config.command_ms = PATIENCE_MS;
	config.retry_ms = 0;
	if (strcmp(scheme, "rediss") != 0) return config;
	config.tls.ca_file = ca;
	config.tls.certificate_file = pem;
	config.tls.private_key_file = key;
	return config;
}

static mpsk_status_t try(mpsk_store_config_t const *config)
{
	mpsk_store_info_t info;
	mpsk_store_t *store;
	mpsk_status_t status = mpsk_store_create(NULL, &store, config, &err);

	if (status != MPSK_OK) return status;
	err.text[0] = '\0';
	status = mpsk_store_ping(store, &info, &err);
	talloc_free(store);
	return status;
}

static void assert_let_in(mpsk_store_config_t const *config)
{
	if (try(config) != MPSK_OK) fail_msg("%s", err.text);
}

static void assert_refused(mpsk_store_config_t const *config, mpsk_status_t status, char const *text)
{
	mpsk_status_t got = try(config);

	if (got != status || !strstr(err.text, text)) fail_msg("%d: %s", (int) got, err.text);
}

static void test_let_in(void **state)
{
	static char const *const hosts[] = { "localhost", "127.0.0.1", "[::1]" };

	(void) state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		mpsk_store_config_t config = configured("rediss", hosts[i], tls_port);

		assert_let_in(&config);
	}
}

static void test_versions(void **state)
{
	static char const *const versions[] = { "TLSv1.2", "TLSv1.3", "TLSv1.2 TLSv1.3" };
	mpsk_store_config_t config = configured("rediss", "localhost", tls_port);

	(void) state;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		redis_do(&redis, "CONFIG SET tls-protocols %s", versions[i]);
		assert_let_in(&config);
	}
}

static void test_wrong_ca(void **state)
{
	mpsk_store_config_t config = configured("rediss", "localhost", tls_port);

	(void) state;
	config.tls.ca_file = other_ca;
	assert_refused(&config, MPSK_BAD, "is the CA file that of the server's CA?");
	config.tls.ca_file = NULL;	/* the system's do not vouch for it either */
	assert_refused(&config, MPSK_BAD, "is the CA file that of the server's CA?");
}

static void test_wrong_host(void **state)
{
	mpsk_store_config_t config = configured("rediss", "localhost", tls_port);

	(void) state;
	config.tls.server_name = "redis.example.org";
	assert_refused(&config, MPSK_BAD, "the certificate is for another host");
	show("named");
	assert_let_in(&config);
	config.tls.server_name = NULL;
	assert_refused(&config, MPSK_BAD, "the certificate is for another host");
	config = configured("rediss", "127.0.0.1", tls_port);
	assert_refused(&config, MPSK_BAD, "the certificate is for another host");
	show("server");
	assert_let_in(&config);
}

static void test_expired(void **state)
{
	mpsk_store_config_t config = configured("rediss", "localhost", tls_port);

	(void) state;
	show("expired");
	assert_refused(&config, MPSK_BAD, "certificate has expired");
	show("server");
}

static void test_client_certificate(void **state)
{
	static char const *const versions[] = { "TLSv1.2", "TLSv1.3" };

	(void) state;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		mpsk_store_config_t config = configured("rediss", "localhost", tls_port);
		mpsk_status_t status;

		redis_do(&redis, "CONFIG SET tls-protocols %s", versions[i]);
		config.tls.certificate_file = config.tls.private_key_file = NULL;
		status = try(&config);
		assert_true(status == MPSK_BAD || status == MPSK_AGAIN);
		if (!strstr(err.text, "the server wants a client certificate")) fail_msg("%s", err.text);
		config.tls.certificate_file = alien_pem;
		config.tls.private_key_file = alien_key;
		status = try(&config);
		assert_true(status == MPSK_BAD || status == MPSK_AGAIN);
		redis_do(&redis, "CONFIG SET tls-auth-clients no");
		config.tls.certificate_file = config.tls.private_key_file = NULL;
		assert_let_in(&config);
		redis_do(&redis, "CONFIG SET tls-auth-clients yes");
	}
	redis_do(&redis, "CONFIG SET tls-protocols %s", "");
}

static void test_not_tls(void **state)
{
	mpsk_store_config_t config = configured("rediss", "localhost", plain_port);

	(void) state;
	/* What Redis makes of a handshake depends on where a newline stands in it by chance. */
	config.connect_ms = 500;
	for (int i = 0; i < 4; i++) {
		mpsk_status_t status = try(&config);

		assert_true(status == MPSK_BAD || status == MPSK_AGAIN);
		if (!strstr(err.text, "TLS")) fail_msg("%s", err.text);
	}
	config = configured("redis", "localhost", tls_port);
	assert_true(try(&config) != MPSK_OK);
	if (!strstr(err.text, "rediss://") && !strstr(err.text, "closed") && !strstr(err.text, "lost")) {
		fail_msg("%s", err.text);
	}
}

static void test_bad_files(void **state)
{
	mpsk_store_config_t config = configured("rediss", "localhost", tls_port);

	(void) state;
	config.tls.ca_file = "/nonexistent/ca.pem";
	assert_refused(&config, MPSK_BAD, "TLS CA file /nonexistent/ca.pem: ");
	config.tls.ca_file = key;
	assert_refused(&config, MPSK_BAD, "TLS CA file ");
	config.tls.ca_file = ca;
	config.tls.private_key_file = NULL;
	assert_refused(&config, MPSK_BAD, "only one is given");
	config.tls.private_key_file = alien_key;
	assert_refused(&config, MPSK_BAD, "TLS private key file ");
	config.tls.private_key_file = key;
	config.tls.certificate_file = "/nonexistent/client.pem";
	assert_refused(&config, MPSK_BAD, "TLS certificate file /nonexistent/client.pem: ");
	config = configured("redis", "localhost", plain_port);
	config.tls.ca_file = ca;
	assert_refused(&config, MPSK_BAD, "begin it with rediss");
}

/* A server that stopped takes part in no handshake. */
static void test_deadline(void **state)
{
	mpsk_store_config_t config = configured("rediss", "localhost", tls_port);
	int64_t began = mpsk_monotonic_ms();

	(void) state;
	config.connect_ms = config.command_ms = 100;
	kill(redis.pid, SIGSTOP);
	assert_refused(&config, MPSK_AGAIN, "no TLS handshake in time");
	kill(redis.pid, SIGCONT);
	assert_in_range(mpsk_monotonic_ms() - began, 99, PATIENCE_MS / 2);
}

/* A command over TLS that is not answered, and one with an answer of many records. */
static void test_exchanges(void **state)
{
	mpsk_store_config_t config = configured("rediss", "localhost", tls_port);
	mpsk_store_t *store;
	mpsk_store_info_t info;
	mpsk_device_t *devices;
	size_t n;
	int64_t began;

	(void) state;
	redis_do(&redis, "HSET mpsk:key:{bob} psk correct-horse");
	redis_do(&redis, "EVAL %s 0", "for i = 0, 19999 do redis.call('ZADD', 'mpsk:dev:{bob}', i, "
		 "string.format('00-00-5e-%02x-%02x-%02x', i / 65536, i / 256 % 256, i % 256)) end");
	config.command_ms = 2000;
	assert_int_equal(mpsk_store_create(NULL, &store, &config, &err), MPSK_OK);
	assert_int_equal(mpsk_store_devices(store, NULL, "bob", &devices, &n, &err), MPSK_OK);
	assert_int_equal(n, 20000);
	talloc_free(devices);
	kill(redis.pid, SIGSTOP);
	began = mpsk_monotonic_ms();
	assert_int_equal(mpsk_store_ping(store, &info, &err), MPSK_AGAIN);
	kill(redis.pid, SIGCONT);
	assert_in_range(mpsk_monotonic_ms() - began, 1999, PATIENCE_MS);
	assert_int_equal(mpsk_store_ping(store, &info, &err), MPSK_OK);
	talloc_free(store);
}

static bool has_max(void const *uctx)
{
	return mirror_max((mirror_t *) (uintptr_t) uctx, "bob") == 7;
}

static void test_sync(void **state)
{
	mpsk_store_config_t config = configured("rediss", "localhost", tls_port);
	mirror_t *mirror = mirror_create();
	mpsk_sync_t *sync;

	(void) state;
	assert_int_equal(mpsk_sync_start(NULL, &sync, &config, &mirror_sink, mirror, &err), MPSK_OK);
	redis_do(&redis, "HSET mpsk:key:{bob} psk correct-horse max 7");
	assert_true(wait_for(has_max, mirror, PATIENCE_MS));
	assert_int_equal(mirror_logged(mirror, "does not tell"), 0);
	mpsk_sync_stop(&sync);
	mirror_free(mirror);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_let_in),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_wrong_ca),
		cmocka_unit_test(test_wrong_host),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_client_certificate),
		cmocka_unit_test(test_not_tls),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_exchanges),
		cmocka_unit_test(test_sync),
	};

	return cmocka_run_group_tests(tests, start, halt);
}
