/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is written behind the reply, in a cluster: to all nodes at once, and
 * while slots are moved.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "cluster_rig.h"
#include "store/outbox.h"
#include "store/slots.h"

#define N_KEYS	40
#define EACH	20
#define NOW	1700000000

static mpsk_outbox_t *outbox;
static mpsk_error_t err;

static int start(void **state)
{
	mpsk_store_config_t config;

	cluster_start(state);
	config = cluster_config();
	assert_int_equal(mpsk_outbox_start(NULL, &outbox, &config, &mpsk_outbox_defaults, &err), MPSK_OK);
	return 0;
}

static int halt(void **state)
{
	mpsk_outbox_stop(&outbox, 0);
	return cluster_stop(state);
}

static bool is_done(void const *uctx)
{
	mpsk_outbox_stats_t stats;

	(void) uctx;
	mpsk_outbox_stats(outbox, &stats);
	return stats.sessions_waiting == 0 && stats.lines_waiting == 0;
}

/* Session n of a key: at NOW its start, later an interim. */
static void put(char const *id, unsigned n, int64_t at)
{
	mpsk_session_event_t event = { .session = { .since = NOW, .seen = at } };
	char sid[16];

	snprintf(event.session.id, sizeof(event.session.id), "%s", id);
	snprintf(event.session.nas, sizeof(event.session.nas), "ap-%u", n);
	snprintf(sid, sizeof(sid), "%s.%u", id, n);
	assert_true(mpsk_octets_set(&event.session.sid, sid, strlen(sid)));
	event.session.mac.octets[5] = (uint8_t) n;
	assert_int_equal(mpsk_outbox_session(outbox, &event), MPSK_OK);
}

static void put_all(int64_t at)
{
	for (unsigned i = 0; i < N_KEYS; i++) {
		char id[16];

		snprintf(id, sizeof(id), "k%u", i);
		for (unsigned n = 0; n < EACH; n++) put(id, n, at);
	}
}

/* How many sessions of a key were last heard of at a time; and how many there are. */
static unsigned sessions_at(char const *id, int64_t at, unsigned *all)
{
	char rkey[40], seen[32];
	redisReply *reply;
	unsigned n = 0;

	snprintf(rkey, sizeof(rkey), "mpsk:sess:{%s}", id);
	snprintf(seen, sizeof(seen), "\"seen\":%lld", (long long) at);
	reply = cluster_reply(rkey, "HVALS %s", rkey);
	*all = (unsigned) reply->elements;
	for (size_t i = 0; i < reply->elements; i++) n += strstr(reply->element[i]->str, seen) != NULL;
	freeReplyObject(reply);
	return n;
}

static void assert_sessions(char const *id, int64_t at)
{
	unsigned all;

	assert_int_equal(sessions_at(id, at, &all), EACH);
	assert_int_equal(all, EACH);
}

static void test_all_nodes(void **state)
{
	static mpsk_field_t const field = { "a", 1, "b", 1 };

	(void) state;
	put_all(NOW);
	for (unsigned i = 0; i < N_KEYS; i++) {
		char stream[32];

		snprintf(stream, sizeof(stream), "mpsk:log:{o%u}", i);
		assert_int_equal(mpsk_outbox_log(outbox, stream, &field, 1), MPSK_OK);
	}
	assert_true(wait_for(is_done, NULL, CLUSTER_PATIENCE_MS));
	for (unsigned i = 0; i < N_KEYS; i++) {
		char id[16], stream[32];

		snprintf(id, sizeof(id), "k%u", i);
		snprintf(stream, sizeof(stream), "mpsk:log:{o%u}", i);
		assert_sessions(id, NOW);
		assert_int_equal(cluster_do(stream, "XLEN %s", stream), 1);
	}
	for (unsigned n = 0; n < EACH; n++) {
		char nas[24];

		snprintf(nas, sizeof(nas), "mpsk:nas:ap-%u", n);
		assert_int_equal(cluster_do(nas, "HLEN %s", nas), N_KEYS);
	}
}

/* The sessions of a key that is on its way wait, those of others do not. */
static void test_open_slot(void **state)
{
	char const *const sess = "mpsk:sess:{k0}";
	unsigned slot = mpsk_slot_of(sess, strlen(sess)), all;
	cluster_node_t *from = cluster_owner(sess), *to = cluster_other(from);
	mpsk_outbox_stats_t stats;

	(void) state;
	cluster_do("mpsk:key:{k0}", "HSET %s psk correct-horse", "mpsk:key:{k0}");
	cluster_open_slot(slot, from, to);
	cluster_migrate("mpsk:key:{k0}", from, to);
	put_all(NOW + 1);
	for (unsigned i = 1; i < N_KEYS; i++) {
		char id[16];
		int waited = 0;

		snprintf(id, sizeof(id), "k%u", i);
		while (sessions_at(id, NOW + 1, &all) < EACH && waited++ < 3000) wait_for(is_done, NULL, 10);
		assert_sessions(id, NOW + 1);
	}
	mpsk_outbox_stats(outbox, &stats);
	assert_int_equal(stats.sessions_waiting, EACH);
	assert_false(stats.away);
	cluster_migrate(sess, from, to);
	cluster_close_slot(slot, from, to);
	assert_true(wait_for(is_done, NULL, CLUSTER_PATIENCE_MS));
	assert_sessions("k0", NOW + 1);
}

/* The slots of all keys go to one node while the outbox writes: not to and fro, see test_cluster.c. */
static void test_reshard(void **state)
{
	cluster_node_t *from[N_KEYS], *to = &cluster_nodes[1];
	char sess[N_KEYS][32];

	(void) state;
	put_all(NOW + 2);
	for (unsigned i = 0; i < N_KEYS; i++) {
		snprintf(sess[i], sizeof(sess[i]), "mpsk:sess:{k%u}", i);
		from[i] = cluster_owner(sess[i]);
	}
	for (unsigned i = 0; i < N_KEYS; i++) {
		put_all(NOW + 3 + i);
		if (from[i] != to) cluster_move_slot(mpsk_slot_of(sess[i], strlen(sess[i])), from[i], to);
	}
	put_all(NOW + 100);
	assert_true(wait_for(is_done, NULL, CLUSTER_PATIENCE_MS));
	for (unsigned i = 0; i < N_KEYS; i++) {
		char id[16];

		snprintf(id, sizeof(id), "k%u", i);
		assert_sessions(id, NOW + 100);
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_all_nodes),
		cmocka_unit_test(test_open_slot),
		cmocka_unit_test(test_reshard),
	};

	return cmocka_run_group_tests_name("store/cluster_outbox", tests, start, halt);
}
