/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls of the store in a cluster: routing, claims while slots are moved,
 * and a node that is gone.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/deadline.h"
#include "cluster_rig.h"
#include "store/rkey.h"
#include "store/slots.h"

#define N_KEYS		30
#define N_THREADS	8
#define CAP		3
#define SPREAD		100	/* keys from this number on are where their names put them */

static mpsk_store_t *store;
static mpsk_error_t err;

static int start(void **state)
{
	mpsk_store_config_t config;

	cluster_start(state);
	config = cluster_config();
	assert_int_equal(mpsk_store_create(NULL, &store, &config, &err), MPSK_OK);
	return 0;
}

static int halt(void **state)
{
	talloc_free(store);
	return cluster_stop(state);
}

static char const *key_id(int i)
{
	static _Thread_local char id[16];

	snprintf(id, sizeof(id), "k%d", i);
	return id;
}

static void key_write(char const *id, char const *max)
{
	mpsk_field_t const fields[] = { { "psk", 3, "correct-horse", 13 }, { "max", 3, max, strlen(max) } };

	if (mpsk_store_key_write(store, id, MPSK_WRITE_ADD, fields, 2, NULL, &err) != MPSK_OK) fail_msg("%s", err.text);
}

static mpsk_status_t claim(char const *id, unsigned device, mpsk_claim_result_t *result, mpsk_error_t *why)
{
	mpsk_claim_t const c = {
		.id = id, .op = MPSK_CLAIM_CLAIM, .fingerprint = "", .now = 1700000000,
		.mac = { { 0x00, 0x00, 0x5e, 0x00, (uint8_t) (device >> 8), (uint8_t) device } },
	};

	return mpsk_store_claim(store, &c, result, why);
}

static void assert_claim(char const *id, unsigned device, mpsk_claim_code_t wanted)
{
	mpsk_claim_result_t result;

	if (claim(id, device, &result, &err) != MPSK_OK) fail_msg("%s: %s", id, err.text);
	assert_int_equal(result.code, wanted);
}

static long long devices_of(char const *id)
{
	mpsk_rkey_t dev = mpsk_rkey_dev(id);

	return cluster_do(dev.text, "ZCARD %s", dev.text);
}

static mpsk_status_t count_key(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *why)
{
	(void) id;
	(void) why;
	if (key) (*(int *) uctx)++;
	return MPSK_OK;
}

/* Keys of all nodes, by every call. */
static void test_calls(void **state)
{
	mpsk_ssid_t const ssid = { 4, "Acme" };
	mpsk_store_info_t info;
	int n = 0;

	(void) state;
	if (mpsk_store_ping(store, &info, &err) != MPSK_OK) fail_msg("%s", err.text);
	assert_string_equal(info.role, "master");
	for (int i = 0; i < N_KEYS; i++) {
		mpsk_mac_t const mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, (uint8_t) i } };
		char hint[MPSK_ID_MAX + 1];
		mpsk_device_t *devices;
		size_t n_devices;
		mpsk_key_t *key;

		key_write(key_id(i), "3");
		assert_int_equal(mpsk_store_key_read(store, NULL, key_id(i), &key, &err), MPSK_OK);
		talloc_free(key);
		assert_claim(key_id(i), 1, MPSK_CLAIM_OK);
		assert_int_equal(mpsk_store_devices(store, NULL, key_id(i), &devices, &n_devices, &err), MPSK_OK);
		assert_int_equal(n_devices, 1);
		talloc_free(devices);
		assert_int_equal(mpsk_store_hint_set(store, &mac, &ssid, key_id(i), &err), MPSK_OK);
		assert_int_equal(mpsk_store_hint_get(store, &mac, &ssid, hint, &err), MPSK_OK);
		assert_string_equal(hint, key_id(i));
		assert_int_equal(mpsk_store_hint_drop(store, &mac, &ssid, &err), MPSK_OK);
	}
	assert_int_equal(mpsk_store_key_each(store, count_key, &n, &err), MPSK_OK);
	assert_int_equal(n, N_KEYS);
	for (int i = 0; i < N_KEYS; i++) assert_int_equal(mpsk_store_key_delete(store, key_id(i), &err), MPSK_OK);
	n = 0;
	assert_int_equal(mpsk_store_key_each(store, count_key, &n, &err), MPSK_OK);
	assert_int_equal(n, 0);
}

static void test_slots(void **state)
{
	static char const *const names[] = {
		"mpsk:key:{bob}", "mpsk:dev:{bob}", "123456789", "{}x", "a{b", "mpsk:meta"
	};

	(void) state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(mpsk_slot_of(names[i], strlen(names[i])),
				 redis_do(&cluster_nodes[0].redis, "CLUSTER KEYSLOT %s", names[i]));
	}
}

static void assert_refused(char const *scheme, char const *port, char const *text)
{
	mpsk_store_config_t config = mpsk_store_defaults;
	mpsk_store_t *other;
	mpsk_key_t *key;
	char uri[64];

	snprintf(uri, sizeof(uri), "%s://:inner@127.0.0.1:%s", scheme, port);
	config.uri = uri;
	assert_int_equal(mpsk_store_create(NULL, &other, &config, &err), MPSK_OK);
	assert_true(mpsk_store_key_read(other, NULL, "bob", &key, &err) > MPSK_MISS);
	if (!strstr(err.text, text)) fail_msg("%s", err.text);
	talloc_free(other);
}

static void test_wrong_scheme(void **state)
{
	char const *const options[] = { "--requirepass", "inner", "--port", NULL, NULL };
	char const *with_port[5];
	char port[8];
	redis_t single;
	cluster_node_t *owner = cluster_owner("mpsk:key:{bob}");

	(void) state;
	assert_refused("redis", cluster_other(owner)->port, "its URI begins with redis+cluster://");
	snprintf(port, sizeof(port), "%d", free_port());
	memcpy(with_port, options, sizeof(options));
	with_port[3] = port;
	redis_folder(&single);
	single.password = "inner";
	redis_start_as(&single, with_port);
	assert_refused("redis+cluster", port, "its URI begins with redis://");
	redis_stop(&single);
}

/*
 * --- While slots are moved ---
 */

static void key_and_devices(char const *id, size_t expected)
{
	mpsk_device_t *devices;
	mpsk_key_t *key;
	size_t n;

	assert_int_equal(mpsk_store_key_devices(store, NULL, id, &key, &devices, &n, &err), MPSK_OK);
	assert_string_equal(key->id, id);
	assert_int_equal(n, expected);
	talloc_free(devices);
	talloc_free(key);
}

/* Whatever part of a key has been moved: each stage of a move, with devices and without. */
static void test_open_slot(void **state)
{
	char const *const key = "mpsk:key:{bob}", *const dev = "mpsk:dev:{bob}";
	unsigned slot = mpsk_slot_of(key, strlen(key));
	cluster_node_t *from = cluster_owner(key), *to = cluster_other(from);
	mpsk_device_t *devices;
	size_t n;

	(void) state;
	key_write("bob", "3");
	cluster_open_slot(slot, from, to);
	/* The key is here, and its devices are nowhere. */
	assert_claim("bob", 1, MPSK_CLAIM_OK);
	assert_claim("bob", 1, MPSK_CLAIM_OK);
	assert_claim("bob", 2, MPSK_CLAIM_OK);
	assert_int_equal(devices_of("bob"), 2);
	assert_int_equal(mpsk_store_devices(store, NULL, "bob", &devices, &n, &err), MPSK_OK);
	assert_int_equal(n, 2);
	talloc_free(devices);
	key_and_devices("bob", 2);
	/* Both have arrived, and the slot has not. */
	cluster_migrate(key, from, to);
	assert_claim("bob", 3, MPSK_CLAIM_OK);
	assert_claim("bob", 4, MPSK_CLAIM_FULL);
	cluster_close_slot(slot, from, to);
	assert_claim("bob", 4, MPSK_CLAIM_FULL);
	assert_claim("bob", 2, MPSK_CLAIM_OK);
	/* And back: this time the devices stay behind. */
	cluster_open_slot(slot, to, from);
	cluster_migrate(key, to, from);
	assert_claim("bob", 4, MPSK_CLAIM_FULL);
	assert_claim("bob", 3, MPSK_CLAIM_OK);
	assert_int_equal(mpsk_store_devices(store, NULL, "bob", &devices, &n, &err), MPSK_OK);
	assert_int_equal(n, 3);
	talloc_free(devices);
	key_and_devices("bob", 3);
	cluster_migrate(dev, to, from);
	assert_claim("bob", 4, MPSK_CLAIM_FULL);
	cluster_close_slot(slot, to, from);
	/* Deleted in two places. */
	cluster_open_slot(slot, from, to);
	cluster_migrate(dev, from, to);
	assert_int_equal(mpsk_store_key_delete(store, "bob", &err), MPSK_OK);
	assert_claim("bob", 1, MPSK_CLAIM_NOKEY);
	assert_int_equal(devices_of("bob"), 0);
	cluster_close_slot(slot, from, to);
	assert_claim("bob", 1, MPSK_CLAIM_NOKEY);
}

/* What the script reads by itself and what it is told have to come to the same. */
static void test_split_reasons(void **state)
{
	static struct {
		char const		*field, *value;
		mpsk_claim_code_t	code;
	} const rows[] = {
		{ "enabled", "0", MPSK_CLAIM_DISABLED }, { "exp", "5", MPSK_CLAIM_EXPIRED },
		{ "nbf", "1800000000", MPSK_CLAIM_NOTYET }, { "max", "x", MPSK_CLAIM_BADKEY },
		{ "usage", "x", MPSK_CLAIM_BADKEY }, { "usage", "single", MPSK_CLAIM_OK },
		{ "psk", "battery-staple", MPSK_CLAIM_STALE },
	};
	char const *const key = "mpsk:key:{eve}";
	unsigned slot = mpsk_slot_of(key, strlen(key));
	cluster_node_t *from = cluster_owner(key), *to = cluster_other(from);
	mpsk_claim_t c = {
		.id = "eve", .op = MPSK_CLAIM_CLAIM, .now = 1700000000, .mac = { { 0, 0, 0x5e, 0, 0x53, 1 } }
	};
	char fingerprint[MPSK_FINGERPRINT_LEN + 1];
	mpsk_claim_result_t result;

	(void) state;
	mpsk_key_fingerprint(fingerprint, "correct-horse", 13);
	c.fingerprint = fingerprint;
	cluster_open_slot(slot, from, to);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* By hand, where the key is: in an open slot a new key comes to be at the other end. */
		cluster_do(key, "DEL %s", key);
		cluster_do("mpsk:dev:{eve}", "DEL mpsk:dev:{eve}");
		cluster_do(key, "HSET %s psk correct-horse %s %s", key, rows[i].field, rows[i].value);
		if (mpsk_store_claim(store, &c, &result, &err) != MPSK_OK) fail_msg("%s", err.text);
		assert_int_equal(result.code, rows[i].code);
	}
	cluster_do(key, "DEL %s", key);
	cluster_do("mpsk:dev:{eve}", "DEL mpsk:dev:{eve}");
	cluster_close_slot(slot, from, to);
}

static atomic_int accepted[N_KEYS], failed;
static atomic_bool moving;

/*
 * --- Places, of a key whose slot is left open ---
 */
#define CROWD		64
#define PLACES		5
#define ROUNDS		4

typedef struct {
	mpsk_store_t		*stores[2];	/* as of two servers */
	char const		*id;
	pthread_barrier_t	barrier;
	atomic_int		number, let_in, busy;
} crowd_t;

/* A device of its own, through one of the two, until there is an answer. */
static void *crowd_one(void *arg)
{
	crowd_t *crowd = arg;
	int number = atomic_fetch_add(&crowd->number, 1);
	mpsk_claim_t const c = {
		.id = crowd->id, .op = MPSK_CLAIM_CLAIM, .fingerprint = "", .now = 1700000000, .place_s = 300,
		.mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, (uint8_t) number } },
	};
	mpsk_claim_result_t result;
	mpsk_error_t why = { "" };
	mpsk_status_t status = MPSK_AGAIN;

	pthread_barrier_wait(&crowd->barrier);
	for (int i = 0; i < 100 && status != MPSK_OK; i++)
		status = mpsk_store_claim(crowd->stores[number % 2], &c, &result, &why);
	if (status != MPSK_OK) fprintf(stderr, "# %s\n", why.text);
	if (status == MPSK_OK && result.code == MPSK_CLAIM_OK) atomic_fetch_add(&crowd->let_in, 1);
	if (status == MPSK_OK && result.code == MPSK_CLAIM_BUSY) atomic_fetch_add(&crowd->busy, 1);
	return NULL;
}

/* Devices that come at once while a key is on its way, or half of it is: never one too many, and none too few. */
static void test_places_in_open_slot(void **state)
{
	mpsk_store_config_t config = cluster_config();
	crowd_t crowd = { .stores = { store } };

	(void) state;
	assert_int_equal(mpsk_store_create(NULL, &crowd.stores[1], &config, &err), MPSK_OK);
	assert_int_equal(pthread_barrier_init(&crowd.barrier, NULL, CROWD + 1), 0);
	for (int round = 0; round < ROUNDS; round++) {
		char const *id = crowd.id = key_id(200 + round);
		mpsk_rkey_t key = mpsk_rkey_key(id), dev = mpsk_rkey_dev(id), live = mpsk_rkey_live(id);
		unsigned slot = mpsk_slot_of(key.text, strlen(key.text));
		cluster_node_t *from = cluster_owner(key.text), *to = cluster_other(from);
		pthread_t threads[CROWD];

		cluster_do(key.text, "HSET %s psk correct-horse concurrent 5", key.text);
		crowd.number = crowd.let_in = crowd.busy = 0;
		cluster_open_slot(slot, from, to);
		for (int i = 0; i < CROWD; i++)
			assert_int_equal(pthread_create(&threads[i], NULL, crowd_one, &crowd), 0);
		pthread_barrier_wait(&crowd.barrier);
		if (round % 2) cluster_migrate(key.text, from, to);
		for (int i = 0; i < CROWD; i++) pthread_join(threads[i], NULL);
		assert_int_equal(crowd.let_in, PLACES);
		assert_int_equal(crowd.busy, CROWD - PLACES);
		assert_int_equal(cluster_do(live.text, "ZCARD %s", live.text), PLACES);
		assert_int_equal(cluster_do(dev.text, "ZCARD %s", dev.text), PLACES);
		if (round % 2 == 0) cluster_migrate(key.text, from, to);
		cluster_close_slot(slot, from, to);
		assert_int_equal(cluster_do(live.text, "ZCARD %s", live.text), PLACES);
	}
	pthread_barrier_destroy(&crowd.barrier);
	talloc_free(crowd.stores[1]);
}

static void *claimer(void *arg)
{
	unsigned device = (unsigned) (uintptr_t) arg * 1000;

	while (atomic_load(&moving)) {
		mpsk_claim_result_t result;
		mpsk_error_t why;
		int key = (int) (device % N_KEYS);

		if (claim(key_id(key), ++device, &result, &why) != MPSK_OK) {
			if (atomic_fetch_add(&failed, 1) < 5) fprintf(stderr, "# %s\n", why.text);
		} else if (result.is_new) {
			atomic_fetch_add(&accepted[key], 1);
		}
	}
	return NULL;
}

/*
 * The slots of all keys to one node. Not to and fro: the nodes tell each
 * other of moves a little later, and what one hears late of a move in one
 * direction can undo one in the other.
 */
static void move_all(cluster_node_t *to)
{
	cluster_node_t *from[N_KEYS];

	for (int i = 0; i < N_KEYS; i++) from[i] = cluster_owner(mpsk_rkey_key(key_id(i)).text);
	for (int i = 0; i < N_KEYS; i++) {
		mpsk_rkey_t key = mpsk_rkey_key(key_id(i));

		if (from[i] != to) cluster_move_slot(mpsk_slot_of(key.text, strlen(key.text)), from[i], to);
	}
}

/* Threads claim while the slots of all keys are moved: exactly as many get in as may. */
static void test_reshard(void **state)
{
	pthread_t threads[N_THREADS];

	(void) state;
	for (int i = 0; i < N_KEYS; i++) key_write(key_id(i), "3");
	atomic_store(&moving, true);
	for (uintptr_t i = 0; i < N_THREADS; i++) {
		assert_int_equal(pthread_create(&threads[i], NULL, claimer, (void *) (i + 1)), 0);
	}
	move_all(&cluster_nodes[1]);
	move_all(&cluster_nodes[0]);
	atomic_store(&moving, false);
	for (int i = 0; i < N_THREADS; i++) pthread_join(threads[i], NULL);
	assert_int_equal(failed, 0);
	for (int i = 0; i < N_KEYS; i++) {
		assert_int_equal(devices_of(key_id(i)), CAP);
		assert_int_equal(accepted[i], CAP);
	}
}

/*
 * --- A node is gone ---
 */
static bool claims_all(void const *uctx)
{
	(void) uctx;
	for (int i = 0; i < N_KEYS; i++) {
		mpsk_claim_result_t result;

		if (claim(key_id(SPREAD + i), 1, &result, &err) != MPSK_OK) return false;
	}
	return true;
}

/* While one node hangs, the keys of the others are served as fast as ever. */
static void test_node_hangs(void **state)
{
	cluster_node_t *node = &cluster_nodes[1];
	mpsk_store_config_t config = cluster_config();
	mpsk_store_t *before = store;
	int served = 0, refused = 0;
	int64_t began;

	(void) state;
	config.connect_ms = 250;
	config.command_ms = 150;
	config.retry_ms = 10000;
	for (int i = 0; i < N_KEYS; i++) key_write(key_id(SPREAD + i), "3");
	assert_int_equal(mpsk_store_create(NULL, &store, &config, &err), MPSK_OK);
	assert_true(claims_all(NULL));
	kill(node->redis.pid, SIGSTOP);
	began = mpsk_monotonic_ms();
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < N_KEYS; i++) {
			mpsk_claim_result_t result;

			if (claim(key_id(SPREAD + i), 1, &result, &err) == MPSK_OK) served++;
			else refused++;
		}
	}
	kill(node->redis.pid, SIGCONT);
	/* One of them pays for having found out. */
	assert_true(mpsk_monotonic_ms() - began < 900);
	assert_in_range(served, 30, 3 * N_KEYS - 1);
	assert_true(refused > 0);
	talloc_free(store);
	store = before;
	assert_true(wait_for(cluster_is_ok, NULL, CLUSTER_PATIENCE_MS));
	assert_true(wait_for(claims_all, NULL, CLUSTER_PATIENCE_MS));
}

static void test_node_killed(void **state)
{
	(void) state;
	cluster_nodes[0].away = true;
	redis_kill(&cluster_nodes[0].redis);
	assert_true(wait_for(claims_all, NULL, CLUSTER_PATIENCE_MS));
	assert_true(wait_for(cluster_is_ok, NULL, CLUSTER_PATIENCE_MS));
	for (int i = 0; i < N_KEYS; i++) assert_int_equal(devices_of(key_id(SPREAD + i)), 1);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_wrong_scheme),
		cmocka_unit_test(test_open_slot),
		cmocka_unit_test(test_split_reasons),
		cmocka_unit_test(test_places_in_open_slot),
		cmocka_unit_test(test_reshard),
		cmocka_unit_test(test_node_hangs),
		cmocka_unit_test(test_node_killed),
	};

	return cmocka_run_group_tests(tests, start, halt);
}
