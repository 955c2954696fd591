/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A primary, two replicas and three Sentinels: who is found, and that claims
 * and sync follow a failover, by kill and by stop.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/deadline.h"
#include "mirror.h"
#include "redis.h"
#include "store/store.h"
#include "store/sync.h"

#define N_SERVERS	3
#define PATIENCE_MS	60000	/* a Sentinel that was not run for 2 s does nothing for 30 s */
#define DOWN_AFTER_MS	"1000"

typedef struct {
	redis_t		redis;
	bool		away;		/* killed or stopped */
	char		port[8];
	char const	*options[24];
} server_t;

static server_t servers[N_SERVERS], sentinels[N_SERVERS];
static char uri[160];
static mpsk_store_t *store;
static mpsk_error_t err;

/*
 * --- The rig ---
 */
static void server_start(server_t *server, char const *primary_port)
{
	char const *const all[] = {
		"--bind", "127.0.0.1", "--port", server->port, "--masterauth", "inner", "--requirepass", "inner",
		"--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1", "--min-replicas-max-lag", "3",
		primary_port ? "--replicaof" : NULL, "127.0.0.1", primary_port, NULL
	};

	redis_folder(&server->redis);
	server->redis.password = "inner";
	memcpy(server->options, all, sizeof(all));
	redis_start_as(&server->redis, server->options);
}

/* A Sentinel needs a file that it may write to. */
static void sentinel_start(server_t *sentinel, char const *primary_port)
{
	char path[64];
	FILE *f;

	redis_folder(&sentinel->redis);
	sentinel->redis.password = "outer";
	snprintf(path, sizeof(path), "%s/sentinel.conf", sentinel->redis.dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "port %s\nbind 127.0.0.1\nunixsocket %s\nlogfile redis.log\nrequirepass outer\n"
		"sentinel sentinel-pass outer\n"
		"sentinel monitor mymaster 127.0.0.1 %s 2\nsentinel auth-pass mymaster inner\n"
		"sentinel down-after-milliseconds mymaster " DOWN_AFTER_MS "\n"
		"sentinel failover-timeout mymaster 2000\n", sentinel->port, sentinel->redis.socket, primary_port);
	fclose(f);
	sentinel->options[0] = "sentinel.conf";
	sentinel->options[1] = "--sentinel";
	sentinel->redis.bare = true;
	redis_start_as(&sentinel->redis, sentinel->options);
}

/* Each Sentinel knows both replicas and both other Sentinels. */
static bool is_settled(void const *uctx)
{
	(void) uctx;
	for (int i = 0; i < N_SERVERS; i++) {
		redisReply *reply = redis_reply(&sentinels[i].redis, "SENTINEL MASTER mymaster");
		char known[2][4] = { "", "" };
		bool ok = reply->type == REDIS_REPLY_ARRAY;

		for (size_t j = 0; ok && j + 1 < reply->elements; j += 2) {
			char const *name = reply->element[j]->str, *value = reply->element[j + 1]->str;

			if (strcmp(name, "num-slaves") == 0) snprintf(known[0], sizeof(known[0]), "%s", value);
			if (strcmp(name, "num-other-sentinels") == 0) snprintf(known[1], sizeof(known[1]), "%s", value);
		}
		freeReplyObject(reply);
		if (strcmp(known[0], "2") != 0 || strcmp(known[1], "2") != 0) return false;
	}
	return true;
}

/* The server that has the role of a primary, of those that answer. */
static server_t *primary(void)
{
	for (int i = 0; i < N_SERVERS; i++) {
		redisReply *reply = servers[i].away ? NULL : redis_reply(&servers[i].redis, "ROLE");
		bool is = reply && reply->type == REDIS_REPLY_ARRAY && strcmp(reply->element[0]->str, "master") == 0;

		if (reply) freeReplyObject(reply);
		if (is) return &servers[i];
	}
	return NULL;
}

static mpsk_store_config_t configured(void)
{
	static char password[64];
	mpsk_store_config_t config = mpsk_store_defaults;

	snprintf(password, sizeof(password), "%s/outer", sentinels[0].redis.dir);
	config.uri = uri;
	config.sentinel_password_file = password;
	config.connect_ms = config.command_ms = 1000;	/* on a busy machine every server is slow */
	config.retry_ms = 20;
	return config;
}

#define PATH_LEN 64

/* A file that holds it, and is named so. */
static void password_write(char path[static PATH_LEN], char const *password)
{
	FILE *f;

	snprintf(path, PATH_LEN, "%s/%s", sentinels[0].redis.dir, password);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "%s\n", password);
	fclose(f);
}

static int start(void **state)
{
	mpsk_store_config_t config = configured();
	char path[PATH_LEN];

	(void) state;
	for (int i = 0; i < N_SERVERS; i++) {
		snprintf(servers[i].port, sizeof(servers[i].port), "%d", free_port());
		snprintf(sentinels[i].port, sizeof(sentinels[i].port), "%d", free_port());
	}
	for (int i = 0; i < N_SERVERS; i++) server_start(&servers[i], i ? servers[0].port : NULL);
	for (int i = 0; i < N_SERVERS; i++) sentinel_start(&sentinels[i], servers[0].port);
	assert_true(wait_for(is_settled, NULL, PATIENCE_MS));
	password_write(path, "outer");
	snprintf(uri, sizeof(uri), "redis+sentinel://:inner@127.0.0.1:%s,127.0.0.1:%s,127.0.0.1:%s/mymaster",
		 sentinels[0].port, sentinels[1].port, sentinels[2].port);
	config = configured();
	assert_int_equal(mpsk_store_create(NULL, &store, &config, &err), MPSK_OK);
	return 0;
}

static int halt(void **state)
{
	(void) state;
	talloc_free(store);
	for (int i = 0; i < N_SERVERS; i++) {
		redis_stop(&sentinels[i].redis);
		redis_stop(&servers[i].redis);
	}
	return 0;
}

/*
 * --- Claims ---
 */
static unsigned n_claims;

/* A new device each time. */
static mpsk_status_t claim(char mac[static MPSK_MAC_TEXT_MAX])
{
	mpsk_claim_t c = { .id = "bob", .op = MPSK_CLAIM_CLAIM, .fingerprint = "", .now = 1700000000 };
	mpsk_claim_result_t result;
	mpsk_status_t status;

	n_claims++;
	c.mac = (mpsk_mac_t) { { 0x00, 0x00, 0x5e, 0x00, (uint8_t) (n_claims >> 8), (uint8_t) n_claims } };
	status = mpsk_store_claim(store, &c, &result, &err);
	if (status == MPSK_OK) assert_int_equal(result.code, MPSK_CLAIM_OK);
	(void) mpsk_mac_print(mac, &c.mac);
	return status;
}

static bool claims(void const *uctx)
{
	char mac[MPSK_MAC_TEXT_MAX];

	(void) uctx;
	return claim(mac) == MPSK_OK;
}

/* What is acknowledged is on the primary. */
static void assert_claims_on(server_t *server, int n)
{
	mpsk_deadline_t deadline = mpsk_deadline_in(PATIENCE_MS);

	for (int i = 0; i < n; i++) {
		char mac[MPSK_MAC_TEXT_MAX];

		while (claim(mac) != MPSK_OK) {
			if (mpsk_deadline_passed(deadline)) fail_msg("%s", err.text);
			usleep(1000);
		}
		assert_string_equal(redis_ask(&server->redis, "ZSCORE mpsk:dev:{bob} %s", mac), "1700000000");
	}
}

static void test_found(void **state)
{
	mpsk_store_info_t info;

	(void) state;
	redis_do(&servers[0].redis, "HSET mpsk:key:{bob} psk correct-horse max 0");
	if (mpsk_store_ping(store, &info, &err) != MPSK_OK) fail_msg("%s", err.text);
	assert_string_equal(info.role, "master");
	assert_claims_on(&servers[0], 10);
}

static void assert_refused(mpsk_store_config_t const *config, mpsk_status_t status, char const *text)
{
	mpsk_store_info_t info;
	mpsk_store_t *other;

	assert_int_equal(mpsk_store_create(NULL, &other, config, &err), MPSK_OK);
	if (mpsk_store_ping(other, &info, &err) != status) fail_msg("%s", err.text);
	if (!strstr(err.text, text)) fail_msg("%s", err.text);
	talloc_free(other);
}

static void test_refused(void **state)
{
	mpsk_store_config_t config = configured();
	mpsk_store_t *none;
	char other[160], path[PATH_LEN];

	(void) state;
	snprintf(other, sizeof(other), "redis+sentinel://:inner@127.0.0.1:%s/other", sentinels[0].port);
	config.uri = other;
	assert_refused(&config, MPSK_AGAIN, "knows no master other");
	config.sentinel_password_file = NULL;
	assert_refused(&config, MPSK_BAD, "Redis wants a password");
	snprintf(other, sizeof(other), "redis+sentinel://:inner@127.0.0.1:%s/mymaster", servers[0].port);
	config.uri = other;
	password_write(path, "inner");
	config.sentinel_password_file = path;
	assert_refused(&config, MPSK_ERR, "is it a Sentinel's port?");
	snprintf(other, sizeof(other), "redis://:inner@127.0.0.1:%s", servers[1].port);
	config.uri = other;
	config.sentinel_password_file = "/dev/null";
	assert_int_equal(mpsk_store_create(NULL, &none, &config, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "it is for Sentinels"));
}

/* One Sentinel that hangs and one that is gone hold nobody up. */
static void test_sentinels_away(void **state)
{
	mpsk_store_config_t config = configured();
	mpsk_store_info_t info;
	mpsk_store_t *other;

	(void) state;
	config.connect_ms = 2000;
	kill(sentinels[0].redis.pid, SIGSTOP);
	assert_int_equal(mpsk_store_create(NULL, &other, &config, &err), MPSK_OK);
	assert_int_equal(mpsk_store_ping(other, &info, &err), MPSK_OK);
	kill(sentinels[0].redis.pid, SIGCONT);
	talloc_free(other);
}

/* One that is cut off from the others, and names a primary that is none any more: another one is asked. */
static void test_sentinel_cut_off(void **state)
{
	mpsk_store_config_t config = configured();
	static server_t lone;
	mpsk_store_info_t info;
	mpsk_store_t *other;
	char both[160];

	(void) state;
	snprintf(lone.port, sizeof(lone.port), "%d", free_port());
	sentinel_start(&lone, "1");
	snprintf(both, sizeof(both), "redis+sentinel://:inner@127.0.0.1:%s,127.0.0.1:%s/mymaster", lone.port,
		 sentinels[0].port);
	config.uri = both;
	assert_int_equal(mpsk_store_create(NULL, &other, &config, &err), MPSK_OK);
	if (mpsk_store_ping(other, &info, &err) != MPSK_OK) fail_msg("%s", err.text);
	assert_string_equal(info.role, "master");
	talloc_free(other);
	snprintf(both, sizeof(both), "redis+sentinel://:inner@127.0.0.1:%s/mymaster", lone.port);
	assert_refused(&config, MPSK_AGAIN, "Connection refused");
	redis_stop(&lone.redis);
}

/*
 * --- Failovers ---
 */
static mirror_t *mirror;
static mpsk_sync_t *sync_thread;

static void sync_begin(void)
{
	mpsk_store_config_t config = configured();

	mirror = mirror_create();
	assert_int_equal(mpsk_sync_start(NULL, &sync_thread, &config, &mirror_sink, mirror, &err), MPSK_OK);
}

static bool has_max(void const *uctx)
{
	return mirror_max(mirror, "bob") == *(long long const *) uctx;
}

/* An edit at the primary is in force; a max that caps nothing here. */
static void assert_synced(server_t *server)
{
	static long long max = 100000;

	max++;
	redis_do(&server->redis, "HSET mpsk:key:{bob} max %lld", max);
	if (wait_for(has_max, &max, PATIENCE_MS)) return;
	mirror_dump(mirror);
	fail_msg("the edit did not come");
}

static bool is_replica(void const *uctx)
{
	server_t *server = (server_t *) (uintptr_t) uctx;
	redisReply *reply = redis_reply(&server->redis, "ROLE");
	bool is = reply->type == REDIS_REPLY_ARRAY && strcmp(reply->element[0]->str, "slave") == 0 &&
		  strcmp(reply->element[3]->str, "connected") == 0;

	freeReplyObject(reply);
	return is;
}

/* Claims and sync go on at another. */
static void failover(server_t *old)
{
	server_t *new;

	assert_true(wait_for(claims, NULL, PATIENCE_MS));
	new = primary();
	assert_non_null(new);
	assert_ptr_not_equal(new, old);
	assert_synced(new);
	assert_claims_on(new, 20);
}

/* For a while the old one holds itself for the primary. Sentinels would tell it within some 10 s. */
static void come_back(server_t *old)
{
	server_t *new;

	old->away = true;
	new = primary();
	assert_claims_on(new, 20);
	redis_do(&old->redis, "REPLICAOF 127.0.0.1 %s", new->port);
	old->away = false;
	assert_true(wait_for(is_replica, old, PATIENCE_MS));
	assert_claims_on(new, 20);
	assert_synced(new);
	assert_true(wait_for(is_settled, NULL, PATIENCE_MS));
}

static void test_kill(void **state)
{
	server_t *old = primary();

	(void) state;
	sync_begin();
	assert_synced(old);
	old->away = true;
	redis_kill(&old->redis);
	failover(old);
	redis_revive(&old->redis);
	come_back(old);
}

/* Connections to a server that was stopped are as good as before once it goes on; they have to be given up. */
static void test_stop(void **state)
{
	server_t *old = primary();

	(void) state;
	assert_claims_on(old, 1);
	old->away = true;
	kill(old->redis.pid, SIGSTOP);
	failover(old);
	kill(old->redis.pid, SIGCONT);
	come_back(old);
}

/* All Sentinels name it. Until then they name the old one, who holds itself for the primary too once it goes on. */
static bool is_named(void const *uctx)
{
	server_t const *server = uctx;

	for (int i = 0; i < N_SERVERS; i++) {
		redisReply *reply = redis_reply(&sentinels[i].redis, "SENTINEL GET-MASTER-ADDR-BY-NAME mymaster");
		bool is = reply->type == REDIS_REPLY_ARRAY && strcmp(reply->element[1]->str, server->port) == 0;

		freeReplyObject(reply);
		if (!is) return false;
	}
	return true;
}

static bool has_primary(void const *uctx)
{
	(void) uctx;
	return primary() != NULL;
}

/* Nobody claims while the old primary is stopped, so that no claim finds out: its idle connection is not used again. */
static void test_stop_unnoticed(void **state)
{
	server_t *old = primary();

	(void) state;
	assert_claims_on(old, 1);
	/* Whoever goes on before three seconds are over leaves sync's connections as they were. */
	redis_do(&old->redis, "ACL SETUSER default -replicaof -slaveof");
	old->away = true;
	kill(old->redis.pid, SIGSTOP);
	assert_true(wait_for(has_primary, NULL, PATIENCE_MS));
	assert_true(wait_for(is_named, primary(), PATIENCE_MS));
	kill(old->redis.pid, SIGCONT);
	assert_claims_on(primary(), 1);
	assert_synced(primary());
	redis_do(&old->redis, "ACL SETUSER default +replicaof +slaveof");
	come_back(old);
	mpsk_sync_stop(&sync_thread);
	mirror_free(mirror);
}

/* Without Sentinels: several servers, of which the primary is found. */
static void test_several_hosts(void **state)
{
	server_t *now = primary();
	mpsk_store_config_t config = mpsk_store_defaults;
	mpsk_store_info_t info;
	mpsk_store_t *other;

	(void) state;
	snprintf(uri, sizeof(uri), "redis://:inner@127.0.0.1:1,127.0.0.1:%s,127.0.0.1:%s redis://127.0.0.1:%s",
		 servers[0].port, servers[1].port, servers[2].port);
	config.uri = uri;
	config.connect_ms = 2000;
	assert_int_equal(mpsk_store_create(NULL, &other, &config, &err), MPSK_OK);
	if (mpsk_store_ping(other, &info, &err) != MPSK_OK) fail_msg("%s", err.text);
	assert_string_equal(info.role, "master");
	talloc_free(other);
	snprintf(uri, sizeof(uri), "redis://:inner@127.0.0.1:1,127.0.0.1:%s",
		 now == &servers[0] ? servers[1].port : servers[0].port);
	assert_refused(&config, MPSK_AGAIN, "this Redis is no primary");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_sentinels_away),
		cmocka_unit_test(test_sentinel_cut_off),
		cmocka_unit_test(test_kill),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_stop_unnoticed),
		cmocka_unit_test(test_several_hosts),
	};

	return cmocka_run_group_tests(tests, start, halt);
}
