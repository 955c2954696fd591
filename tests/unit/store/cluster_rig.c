/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cluster_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "store/slots.h"

#define SLOTS_EACH (MPSK_SLOTS / CLUSTER_PRIMARIES + 1)

cluster_node_t cluster_nodes[CLUSTER_NODES];

static void node_start(cluster_node_t *node)
{
	char const *const all[] = {
		"--bind", "127.0.0.1", "--port", node->port, "--cluster-enabled", "yes", "--cluster-port",
		node->bus_port, "--cluster-node-timeout", "2000", "--masterauth", "inner", "--requirepass", "inner",
		"--repl-diskless-sync-delay", "0", "--cluster-allow-replica-migration", "no", NULL
	};

	redis_folder(&node->redis);
	node->redis.password = "inner";
	memcpy(node->options, all, sizeof(all));
	snprintf(node->port, sizeof(node->port), "%d", free_port());
	snprintf(node->bus_port, sizeof(node->bus_port), "%d", free_port());
	redis_start_as(&node->redis, node->options);
	snprintf(node->id, sizeof(node->id), "%s", redis_ask(&node->redis, "CLUSTER MYID"));
}

bool cluster_is_ok(void const *uctx)
{
	(void) uctx;
	for (int i = 0; i < CLUSTER_NODES; i++) {
		char const *info;

		if (cluster_nodes[i].away) continue;
		info = redis_ask(&cluster_nodes[i].redis, "CLUSTER INFO");
		if (!strstr(info, "cluster_state:ok") || !strstr(info, "cluster_slots_ok:16384")) return false;
	}
	return true;
}

/* Whether every node knows every other. */
static bool is_acquainted(void const *uctx)
{
	(void) uctx;
	for (int i = 0; i < CLUSTER_NODES; i++) {
		if (!strstr(redis_ask(&cluster_nodes[i].redis, "CLUSTER INFO"), "cluster_known_nodes:6")) return false;
	}
	return true;
}

static bool is_replicating(void const *uctx)
{
	(void) uctx;
	for (int i = CLUSTER_PRIMARIES; i < CLUSTER_NODES; i++) {
		char const *info = redis_ask(&cluster_nodes[i].redis, "INFO replication");

		if (!strstr(info, "master_link_status:up")) return false;
	}
	return true;
}

int cluster_start(void **state)
{
	(void) state;
	for (int i = 0; i < CLUSTER_NODES; i++) node_start(&cluster_nodes[i]);
	for (int i = 0; i < CLUSTER_NODES; i++) {
		cluster_node_t *node = &cluster_nodes[i];
		int last = (i + 1) * SLOTS_EACH - 1;

		redis_do(&node->redis, "CLUSTER SET-CONFIG-EPOCH %d", i + 1);
		if (i) {
			redis_do(&node->redis, "CLUSTER MEET 127.0.0.1 %s %s", cluster_nodes[0].port,
				 cluster_nodes[0].bus_port);
		}
		if (i >= CLUSTER_PRIMARIES) continue;
		redis_do(&node->redis, "CLUSTER ADDSLOTSRANGE %d %d", i * SLOTS_EACH,
			 last < MPSK_SLOTS ? last : MPSK_SLOTS - 1);
	}
	assert_true(wait_for(is_acquainted, NULL, CLUSTER_PATIENCE_MS));
	for (int i = CLUSTER_PRIMARIES; i < CLUSTER_NODES; i++) {
		redis_do(&cluster_nodes[i].redis, "CLUSTER REPLICATE %s", cluster_nodes[i - CLUSTER_PRIMARIES].id);
	}
	assert_true(wait_for(cluster_is_ok, NULL, CLUSTER_PATIENCE_MS));
	assert_true(wait_for(is_replicating, NULL, CLUSTER_PATIENCE_MS));
	return 0;
}

int cluster_stop(void **state)
{
	(void) state;
	for (int i = 0; i < CLUSTER_NODES; i++) redis_stop(&cluster_nodes[i].redis);
	return 0;
}

mpsk_store_config_t cluster_config(void)
{
	static char uri[120];
	mpsk_store_config_t config = mpsk_store_defaults;

	snprintf(uri, sizeof(uri), "redis+cluster://:inner@127.0.0.1:1,127.0.0.1:%s,127.0.0.1:%s",
		 cluster_nodes[0].port, cluster_nodes[4].port);
	config.uri = uri;
	config.connect_ms = config.command_ms = 2000;
	config.retry_ms = 0;
	return config;
}

/*
 * --- Hands ---
 */
static cluster_node_t *node_of_port(char const *error)
{
	char const *port = strrchr(error, ':');

	for (int i = 0; port && i < CLUSTER_NODES; i++) {
		if (strcmp(port + 1, cluster_nodes[i].port) == 0) return &cluster_nodes[i];
	}
	return NULL;
}

/* Whom a node holds for the owner of a key; NULL where it says something else. */
static cluster_node_t *named_by(cluster_node_t *node, char const *rkey)
{
	redisReply *reply = redis_reply(&node->redis, "EXISTS %s", rkey);
	cluster_node_t *named = node;

	if (reply->type == REDIS_REPLY_ERROR) {
		/* ASK comes from the owner. */
		if (strncmp(reply->str, "ASK ", 4) != 0) named = node_of_port(reply->str);
	}
	freeReplyObject(reply);
	return named;
}

/* The one that all nodes name; NULL where they do not agree. */
static cluster_node_t *agreed(char const *rkey)
{
	cluster_node_t *first = NULL;

	for (int i = 0; i < CLUSTER_NODES; i++) {
		cluster_node_t *named;

		if (cluster_nodes[i].away) continue;
		named = named_by(&cluster_nodes[i], rkey);
		if (!named || named->away || (first && named != first)) return NULL;
		first = named;
	}
	return first;
}

static bool is_agreed(void const *rkey)
{
	return agreed(rkey) != NULL;
}

cluster_node_t *cluster_owner(char const *rkey)
{
	if (!wait_for(is_agreed, rkey, CLUSTER_PATIENCE_MS)) fail_msg("the nodes do not agree who has %s", rkey);
	return agreed(rkey);
}

cluster_node_t *cluster_other(cluster_node_t const *node)
{
	return &cluster_nodes[node == &cluster_nodes[0] ? 1 : 0];
}

static redisReply *typed(char const *rkey, char const *format, va_list ap)
{
	cluster_node_t *node = cluster_owner(rkey);

	for (int i = 0; i < 1000; i++) {
		redisReply *reply;
		va_list again;
		bool asking;

		va_copy(again, ap);
		reply = redisvCommand(node->redis.hand, format, again);
		va_end(again);
		assert_non_null(reply);
		if (reply->type != REDIS_REPLY_ERROR) return reply;
		asking = strncmp(reply->str, "ASK ", 4) == 0;
		if (!asking && strncmp(reply->str, "MOVED ", 6) != 0) fail_msg("%s", reply->str);
		node = node_of_port(reply->str);
		freeReplyObject(reply);
		assert_non_null(node);
		if (asking) redis_do(&node->redis, "ASKING");
	}
	fail_msg("redirected without end");
	return NULL;
}

redisReply *cluster_reply(char const *rkey, char const *format, ...)
{
	redisReply *reply;
	va_list ap;

	va_start(ap, format);
	reply = typed(rkey, format, ap);
	va_end(ap);
	return reply;
}

long long cluster_do(char const *rkey, char const *format, ...)
{
	redisReply *reply;
	long long n;
	va_list ap;

	va_start(ap, format);
	reply = typed(rkey, format, ap);
	va_end(ap);
	n = reply->type == REDIS_REPLY_INTEGER ? reply->integer : -1;
	freeReplyObject(reply);
	return n;
}

void cluster_open_slot(unsigned slot, cluster_node_t *from, cluster_node_t *to)
{
	redis_do(&to->redis, "CLUSTER SETSLOT %u IMPORTING %s", slot, from->id);
	redis_do(&from->redis, "CLUSTER SETSLOT %u MIGRATING %s", slot, to->id);
}

void cluster_migrate(char const *rkey, cluster_node_t *from, cluster_node_t *to)
{
	redis_do(&from->redis, "MIGRATE 127.0.0.1 %s %s 0 5000 AUTH inner", to->port, rkey);
}

void cluster_close_slot(unsigned slot, cluster_node_t *from, cluster_node_t *to)
{
	redis_do(&to->redis, "CLUSTER SETSLOT %u NODE %s", slot, to->id);
	redis_do(&from->redis, "CLUSTER SETSLOT %u NODE %s", slot, to->id);
	for (int i = 0; i < CLUSTER_PRIMARIES; i++) {
		cluster_node_t *node = &cluster_nodes[i];

		if (node != from && node != to) redis_do(&node->redis, "CLUSTER SETSLOT %u NODE %s", slot, to->id);
	}
}

void cluster_move_slot(unsigned slot, cluster_node_t *from, cluster_node_t *to)
{
	redisReply *names;

	cluster_open_slot(slot, from, to);
	names = redis_reply(&from->redis, "CLUSTER GETKEYSINSLOT %u 1000", slot);
	for (size_t i = 0; i < names->elements; i++) cluster_migrate(names->element[i]->str, from, to);
	freeReplyObject(names);
	cluster_close_slot(slot, from, to);
}
