/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync with a cluster: every node is heard, and no key vanishes from the
 * copy while slots are moved or a node is gone.
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

#include "cluster_rig.h"
#include "mirror.h"
#include "store/rkey.h"
#include "store/slots.h"
#include "store/sync_timing.h"

#define N_KEYS		60
#define PATIENCE_MS	20000

/* What a node forgets is to be forgotten, not held. */
static mpsk_sync_timing_t const timing = { .rescan_ms = 900000, .untracked_rescan_ms = 30000, .pace = 20000 };

static mirror_t *mirror;
static mpsk_sync_t *sync_thread;
static mpsk_error_t err;

static mpsk_rkey_t key_name(int i)
{
	char id[16];

	snprintf(id, sizeof(id), "k%d", i);
	return mpsk_rkey_key(id);
}

static void edit(int i, long long max)
{
	mpsk_rkey_t key = key_name(i);

	cluster_do(key.text, "HSET %s psk correct-horse max %lld", key.text, max);
}

static bool is_live(void const *uctx)
{
	(void) uctx;
	return mpsk_sync_live(sync_thread);
}

static void assert_live(void)
{
	if (wait_for(is_live, NULL, PATIENCE_MS)) return;
	mirror_dump(mirror);
	fail_msg("not live");
}

static int start(void **state)
{
	mpsk_store_config_t config;

	cluster_start(state);
	for (int i = 0; i < N_KEYS; i++) edit(i, 3);
	mirror = mirror_create();
	config = cluster_config();
	assert_int_equal(mpsk_sync_start_timed(NULL, &sync_thread, &config, &mirror_sink, mirror, &timing,
					       &err), MPSK_OK);
	assert_live();
	return 0;
}

static int halt(void **state)
{
	mpsk_sync_stop(&sync_thread);
	mirror_free(mirror);
	return cluster_stop(state);
}

typedef struct {
	int		i;
	long long	max;
} want_t;

static bool has_max(void const *uctx)
{
	want_t const *want = uctx;
	char id[16];

	snprintf(id, sizeof(id), "k%d", want->i);
	return mirror_max(mirror, id) == want->max;
}

static void assert_has(int i, long long max)
{
	want_t const want = { i, max };

	if (wait_for(has_max, &want, PATIENCE_MS)) return;
	mirror_dump(mirror);
	fail_msg("k%d has not max %lld", i, max);
}

static void assert_edits(long long max)
{
	for (int i = 0; i < N_KEYS; i++) edit(i, max);
	for (int i = 0; i < N_KEYS; i++) assert_has(i, max);
}

static void test_all_nodes(void **state)
{
	(void) state;
	assert_int_equal(mirror_count(mirror), N_KEYS);
	assert_int_equal(mirror_logged(mirror, "60 keys loaded"), 1);
	assert_edits(4);
	assert_int_equal(mirror_loads(mirror), 1);
}

/* Whoever reads while a slot is open sees what is true at either end. */
static void test_open_slot(void **state)
{
	mpsk_rkey_t key = key_name(0);
	unsigned slot = mpsk_slot_of(key.text, strlen(key.text));
	cluster_node_t *from = cluster_owner(key.text), *to = cluster_other(from);

	(void) state;
	cluster_open_slot(slot, from, to);
	edit(0, 5);
	assert_has(0, 5);
	cluster_migrate(key.text, from, to);
	edit(0, 6);
	assert_has(0, 6);
	assert_int_equal(mirror_count(mirror), N_KEYS);
	cluster_do(key.text, "DEL %s", key.text);
	assert_has(0, -2);
	edit(0, 7);	/* a new key comes to be at the other end */
	assert_has(0, 7);
	cluster_close_slot(slot, from, to);
	edit(0, 8);
	assert_has(0, 8);
	assert_int_equal(mirror_count(mirror), N_KEYS);
	cluster_move_slot(slot, to, from);
}

static void test_reshard(void **state)
{
	cluster_node_t *from[N_KEYS], *to = &cluster_nodes[1];

	(void) state;
	for (int i = 0; i < N_KEYS; i++) from[i] = cluster_owner(key_name(i).text);
	for (int i = 0; i < N_KEYS; i++) {
		mpsk_rkey_t key = key_name(i);

		if (from[i] != to) cluster_move_slot(mpsk_slot_of(key.text, strlen(key.text)), from[i], to);
		edit(i, 10 + i);
		assert_int_equal(mirror_count(mirror), N_KEYS);
	}
	for (int i = 0; i < N_KEYS; i++) assert_has(i, 10 + i);
	assert_int_equal(mirror_count(mirror), N_KEYS);
	assert_live();
	/* And once more from the start, where they are now. */
	for (int i = 0; i < N_KEYS; i += 2) {
		mpsk_rkey_t key = key_name(i);

		(void) cluster_owner(key.text);
		cluster_move_slot(mpsk_slot_of(key.text, strlen(key.text)), to, &cluster_nodes[0]);
	}
	assert_edits(9);
	assert_int_equal(mirror_count(mirror), N_KEYS);
}

static bool is_lost(void const *uctx)
{
	(void) uctx;
	return !mpsk_sync_live(sync_thread);
}

/* One node is killed: what the others tell is in force meanwhile, and then its replica is heard. */
/* A replica has all that its primary has: what it lacks when that one dies is lost to everybody. */
static bool is_replicated(void const *uctx)
{
	cluster_node_t *node = (cluster_node_t *) (uintptr_t) uctx;

	return redis_do(&node->redis, "WAIT 1 100") >= 1;
}

static bool has_all(void const *uctx)
{
	(void) uctx;
	return mirror_count(mirror) == N_KEYS;
}

static void test_failover(void **state)
{
	cluster_node_t *node = &cluster_nodes[0];
	int here = -1, there = -1;

	(void) state;
	for (int i = 0; i < N_KEYS; i++) {
		if (cluster_owner(key_name(i).text) == node) here = i;
		else there = i;
	}
	assert_true(here >= 0 && there >= 0);
	for (int i = 0; i < CLUSTER_NODES; i++) {
		redis_do(&cluster_nodes[i].redis, "CONFIG SET cluster-require-full-coverage no");
	}
	assert_true(wait_for(is_replicated, node, CLUSTER_PATIENCE_MS));
	node->away = true;
	redis_kill(&node->redis);
	assert_true(wait_for(is_lost, NULL, PATIENCE_MS));
	edit(there, 20);
	assert_has(there, 20);
	assert_int_equal(mirror_count(mirror), N_KEYS);
	assert_true(wait_for(cluster_is_ok, NULL, CLUSTER_PATIENCE_MS));
	edit(here, 21);
	assert_has(here, 21);
	assert_live();
	assert_true(wait_for(has_all, NULL, PATIENCE_MS));
	assert_edits(22);
}

static bool is_primary(void const *uctx)
{
	redis_t *redis = (redis_t *) (uintptr_t) uctx;

	return strstr(redis_ask(redis, "INFO replication"), "role:master") != NULL;
}

/* The old primary comes back as a replica, and is made the primary again by hand: nobody's connection is cut. */
static void test_switch(void **state)
{
	cluster_node_t *node = &cluster_nodes[0];

	(void) state;
	redis_revive(&node->redis);
	node->away = false;
	assert_true(wait_for(cluster_is_ok, NULL, CLUSTER_PATIENCE_MS));
	assert_edits(23);
	while (!strstr(redis_ask(&node->redis, "INFO replication"), "master_link_status:up")) usleep(1000);
	/* On a busy machine the nodes may give it up once. */
	for (int i = 0; i < 5 && !is_primary(&node->redis); i++) {
		freeReplyObject(redis_reply(&node->redis, "CLUSTER FAILOVER"));
		(void) wait_for(is_primary, &node->redis, 6000);
	}
	assert_true(is_primary(&node->redis));
	assert_edits(24);
	assert_live();
	assert_int_equal(mirror_count(mirror), N_KEYS);
}

static bool is_empty(void const *uctx)
{
	(void) uctx;
	return mirror_count(mirror) < N_KEYS;
}

/* What one node forgets is gone, and the rest is not. */
static void test_flush(void **state)
{
	int left = 0;

	(void) state;
	for (int i = 0; i < N_KEYS; i++) left += cluster_owner(key_name(i).text) != &cluster_nodes[1];
	assert_in_range(left, 1, N_KEYS - 1);
	redis_do(&cluster_nodes[1].redis, "FLUSHALL");
	assert_true(wait_for(is_empty, NULL, PATIENCE_MS));
	assert_live();
	assert_int_equal(mirror_count(mirror), left);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_all_nodes),
		cmocka_unit_test(test_open_slot),
		cmocka_unit_test(test_reshard),
		cmocka_unit_test(test_failover),
		cmocka_unit_test(test_switch),
		cmocka_unit_test(test_flush),
	};

	return cmocka_run_group_tests(tests, start, halt);
}
