/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A private Redis Cluster of three primaries with a replica each, on free
 * ports of this machine, and hands that move its slots.
 */
#ifndef TEST_STORE_CLUSTER_RIG_H
#define TEST_STORE_CLUSTER_RIG_H

#include <stdbool.h>

#include "redis.h"
#include "store/store.h"

#define CLUSTER_PRIMARIES	3
#define CLUSTER_NODES		6	/* node i + 3 is the replica of node i */
#define CLUSTER_PATIENCE_MS	30000

typedef struct {
	redis_t		redis;
	char		port[8], bus_port[8];
	char		id[41];
	bool		away;			/* killed or stopped */
	char const	*options[24];
} cluster_node_t;

extern cluster_node_t cluster_nodes[CLUSTER_NODES];

/* For cmocka: with the program. */
int cluster_start(void **state);
int cluster_stop(void **state);

/* Generous deadlines, seeds that are not all there, and no breaker. */
mpsk_store_config_t cluster_config(void);

/* The node that has the slot of a Redis key, once all nodes agree. */
cluster_node_t *cluster_owner(char const *rkey);

/* A node that is another's primary too. */
cluster_node_t *cluster_other(cluster_node_t const *node);

/*
 * A command about a Redis key typed by hand, wherever that is (format has no
 * %s but for it and what follows): the reply, never an error.
 */
redisReply *cluster_reply(char const *rkey, char const *format, ...);

/* Its integer, -1 where it is something else. */
long long cluster_do(char const *rkey, char const *format, ...);

/* Begin to move a slot, move one key of it, end it. */
void cluster_open_slot(unsigned slot, cluster_node_t *from, cluster_node_t *to);
void cluster_migrate(char const *rkey, cluster_node_t *from, cluster_node_t *to);
void cluster_close_slot(unsigned slot, cluster_node_t *from, cluster_node_t *to);

/* All three, with every key of the slot. */
void cluster_move_slot(unsigned slot, cluster_node_t *from, cluster_node_t *to);

/* Whether all nodes that are there find the cluster whole. */
bool cluster_is_ok(void const *uctx);

#endif
