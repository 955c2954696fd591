/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/checkup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/endpoint.h"
#include "store/link.h"
#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"

#define CHECKUP_PINGS	11
#define CHECKUP_IDS	10000	/* ids that are tried for one of a node: of 256 nodes each is hit long before */

/*
 * --- What this user may do ---
 */

/*
 * Each command in a form that does nothing, though the server checks the ACL
 * before it finds that out. ACL DRYRUN would tell the same, to a user who may
 * ask it, which the one that suffices for mpsk may not. The names are outside
 * the grammar of ids, so that no key has them.
 */
#define PROBE		"{mpskctl/doctor}"
#define PROBE_KEY	MPSK_RKEY_KEY_PREFIX PROBE
#define PROBE_DEV	MPSK_RKEY_DEV_PREFIX PROBE

typedef struct {
	char const	*name;
	mpsk_need_t	need;
	char const	*form;
} command_t;

static command_t const commands[] = {
	{ "ping", MPSK_NEED_MODULE, "PING" },
	{ "role", MPSK_NEED_MODULE, "ROLE" },
	{ "time", MPSK_NEED_MODULE, "TIME" },
	{ "info", MPSK_NEED_MODULE, "INFO server" },
	{ "type", MPSK_NEED_MODULE, "TYPE " PROBE_KEY },
	{ "scan", MPSK_NEED_MODULE, "SCAN 0 COUNT 1" },
	{ "hgetall", MPSK_NEED_MODULE, "HGETALL " MPSK_RKEY_NAS_PREFIX PROBE },
	{ "hget", MPSK_NEED_MODULE, "HGET mpsk:mac:" PROBE " f" },
	{ "hmget", MPSK_NEED_MODULE, "HMGET " PROBE_KEY " f" },
	{ "hset", MPSK_NEED_MODULE, "HSET " PROBE_KEY " f v f" },
	{ "hdel", MPSK_NEED_MODULE, "HDEL mpsk:mac:" PROBE " f" },
	{ "expire", MPSK_NEED_MODULE, "EXPIRE mpsk:mac:" PROBE " never" },
	{ "zscore", MPSK_NEED_MODULE, "ZSCORE " PROBE_DEV " m" },
	{ "zcard", MPSK_NEED_MODULE, "ZCARD " PROBE_DEV },
	{ "zadd", MPSK_NEED_MODULE, "ZADD " PROBE_DEV " never m" },
	{ "zrem", MPSK_NEED_MODULE, "ZREM " PROBE_DEV " m" },
	{ "zrange", MPSK_NEED_MODULE, "ZRANGE " PROBE_DEV " 0 0" },
	{ "xadd", MPSK_NEED_MODULE, "XADD mpsk:log:" PROBE " NOMKSTREAM * f v" },
	{ "eval", MPSK_NEED_MODULE, "EVAL return{} 0" },
	{ "evalsha", MPSK_NEED_MODULE, "EVALSHA 0 0" },
	{ "client|id", MPSK_NEED_MODULE, "CLIENT ID" },
	{ "client|tracking", MPSK_NEED_MODULE, "CLIENT TRACKING OFF" },
	{ "client|trackinginfo", MPSK_NEED_MODULE, "CLIENT TRACKINGINFO" },
	{ "cluster|slots", MPSK_NEED_CLUSTER, "CLUSTER SLOTS" },
	{ "asking", MPSK_NEED_CLUSTER, "ASKING" },
	{ "unlink", MPSK_NEED_CTL, "UNLINK mpsk:sess:" PROBE },
};
#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

typedef struct {
	mpsk_store_t	*store;
	TALLOC_CTX	*ctx;
	mpsk_checkup_t	*server;
	bool		in_cluster;
} checkup_t;

/* One command whose answer may be an error that is no failure of ours. */
static mpsk_status_t ask(mpsk_conn_t *conn, redisReply **reply, mpsk_deadline_t deadline, mpsk_error_t *err,
			 char const *form)
{
	*reply = NULL;
	if (mpsk_conn_appendf(conn, form) != MPSK_OK) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	return mpsk_conn_reply(conn, reply, deadline, err);
}

static mpsk_status_t checkup_commands(mpsk_conn_t *conn, mpsk_deadline_t deadline, checkup_t *checkup,
				      mpsk_error_t *err)
{
	mpsk_checkup_t *server = checkup->server;
	mpsk_status_t status = MPSK_OK;

	server->denied = talloc_zero_array(checkup->ctx, mpsk_denied_t, N_COMMANDS);
	if (!server->denied) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	for (size_t i = 0; status == MPSK_OK && i < N_COMMANDS; i++) {
		command_t const *command = &commands[i];
		redisReply *reply;

		if (command->need == MPSK_NEED_CLUSTER && !checkup->in_cluster) continue;
		status = ask(conn, &reply, deadline, err, command->form);
		if (status == MPSK_OK && mpsk_reply_is_error(reply, "NOPERM")) {
			/* "no permissions to run the 'x' command"; of keys, in words that differ by version. */
			server->denied[server->n_denied++] = (mpsk_denied_t) {
				.name = command->name, .need = command->need, .key = !strstr(reply->str, " run the ")
			};
		}
		mpsk_reply_free(&reply);
	}
	return status;
}

/*
 * --- How it is set up ---
 */
static double seconds_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static int double_cmp(void const *a, void const *b)
{
	double x = *(double const *) a, y = *(double const *) b;

	return x < y ? -1 : x > y;
}

static mpsk_status_t checkup_rtt(mpsk_conn_t *conn, mpsk_deadline_t deadline, checkup_t *checkup, mpsk_error_t *err)
{
	double ms[CHECKUP_PINGS];

	for (size_t i = 0; i < CHECKUP_PINGS; i++) {
		double start = seconds_of(CLOCK_MONOTONIC);
		redisReply *reply;
		mpsk_status_t status = ask(conn, &reply, deadline, err, "PING");

		mpsk_reply_free(&reply);
		if (status != MPSK_OK) return status;
		ms[i] = (seconds_of(CLOCK_MONOTONIC) - start) * 1e3;
	}
	qsort(ms, CHECKUP_PINGS, sizeof(ms[0]), double_cmp);
	checkup->server->rtt_ms = ms[CHECKUP_PINGS / 2];
	return MPSK_OK;
}

static mpsk_status_t checkup_clock(mpsk_conn_t *conn, mpsk_deadline_t deadline, checkup_t *checkup, mpsk_error_t *err)
{
	mpsk_checkup_t *server = checkup->server;
	double before = seconds_of(CLOCK_REALTIME), after;
	redisReply *reply;
	int64_t seconds, micros;
	mpsk_status_t status = ask(conn, &reply, deadline, err, "TIME");

	after = seconds_of(CLOCK_REALTIME);
	if (status == MPSK_OK && mpsk_reply_is_array(reply, 2) && mpsk_reply_number(&seconds, reply->element[0]) &&
	    mpsk_reply_number(&micros, reply->element[1])) {
		server->has_clock = true;
		server->ahead = (double) seconds + (double) micros / 1e6 - (before + after) / 2;
	}
	mpsk_reply_free(&reply);
	return status;
}

static mpsk_status_t checkup_role(mpsk_conn_t *conn, mpsk_deadline_t deadline, checkup_t *checkup, mpsk_error_t *err)
{
	redisReply *reply;
	mpsk_status_t status = ask(conn, &reply, deadline, err, "ROLE");

	if (status == MPSK_OK && mpsk_reply_is_array(reply, 1)) {
		checkup->server->has_role = true;
		checkup->server->is_primary = mpsk_reply_is_text(reply->element[0], "master");
	}
	mpsk_reply_free(&reply);
	return status;
}

/* A string of a reply, which may hold anything; NULL where it is none. */
static mpsk_status_t keep(char const **text, size_t *len, TALLOC_CTX *ctx, redisReply const *reply, mpsk_error_t *err)
{
	if (reply->type != REDIS_REPLY_STRING) return MPSK_OK;
	*text = talloc_strndup(ctx, reply->str, reply->len);
	if (!*text) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	if (len) *len = strlen(*text);
	return MPSK_OK;
}

static mpsk_status_t checkup_info(mpsk_conn_t *conn, mpsk_deadline_t deadline, checkup_t *checkup, mpsk_error_t *err)
{
	mpsk_checkup_t *server = checkup->server;
	redisReply *reply;
	mpsk_status_t status = ask(conn, &reply, deadline, err, "INFO");

	if (status == MPSK_OK) status = keep(&server->info, &server->info_len, checkup->ctx, reply, err);
	mpsk_reply_free(&reply);
	return status;
}

static mpsk_status_t checkup_user(mpsk_conn_t *conn, mpsk_deadline_t deadline, checkup_t *checkup, mpsk_error_t *err)
{
	mpsk_checkup_t *server = checkup->server;
	redisReply *reply;
	mpsk_status_t status = ask(conn, &reply, deadline, err, "ACL WHOAMI");

	if (status == MPSK_OK) status = keep(&server->user, NULL, checkup->ctx, reply, err);
	mpsk_reply_free(&reply);
	return status;
}

/* Name and value of the one setting. */
static mpsk_status_t setting(mpsk_conn_t *conn, mpsk_deadline_t deadline, TALLOC_CTX *ctx, char const *form,
			     char const **value, mpsk_error_t *err)
{
	redisReply *reply;
	mpsk_status_t status = ask(conn, &reply, deadline, err, form);

	if (status == MPSK_OK && mpsk_reply_is_array(reply, 2)) {
		status = keep(value, NULL, ctx, reply->element[1], err);
	}
	mpsk_reply_free(&reply);
	return status;
}

static mpsk_status_t checkup_settings(mpsk_conn_t *conn, mpsk_deadline_t deadline, checkup_t *checkup,
				      mpsk_error_t *err)
{
	mpsk_checkup_t *server = checkup->server;
	mpsk_status_t status = setting(conn, deadline, checkup->ctx, "CONFIG GET appendfsync", &server->appendfsync,
				       err);

	if (status != MPSK_OK) return status;
	return setting(conn, deadline, checkup->ctx, "CONFIG GET save", &server->save, err);
}

/*
 * --- The script ---
 */

typedef struct {
	mpsk_script_t const	*script;
	mpsk_rkey_t		key, dev, live;
} script_call_t;

/* Names in a slot of this node, for else it would send the script elsewhere. */
static bool names_of(script_call_t *call, mpsk_endpoint_t *endpoint, unsigned node)
{
	char id[32];
	mpsk_error_t why;

	for (unsigned i = 0; i < CHECKUP_IDS; i++) {
		char const *name = call->key.text;
		unsigned at;

		snprintf(id, sizeof(id), "mpskctl-doctor-%u", i);
		call->key = mpsk_rkey_key(id);
		call->dev = mpsk_rkey_dev(id);
		call->live = mpsk_rkey_live(id);
		if (mpsk_endpoint_route(endpoint, &at, name, strlen(name), -1, &why) != MPSK_OK) break;
		if (at == node) return true;
	}
	return false;
}

/* A check of a device, which writes nothing. What the first call may have had to bring, the second finds. */
static mpsk_status_t script_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	script_call_t const *call = uctx;
	char const *argv[] = {
		NULL, NULL, "3", call->key.text, call->dev.text, call->live.text, "00-00-00-00-00-00", "0", "check",
		"", "0", "0", "", "", "0"
	};
	size_t argvlen[sizeof(argv) / sizeof(argv[0])];
	size_t argc = sizeof(argv) / sizeof(argv[0]);
	redisReply *reply;
	mpsk_status_t status;

	for (size_t i = MPSK_SCRIPT_HEAD; i < argc; i++) argvlen[i] = strlen(argv[i]);
	status = mpsk_script_run(conn, call->script, &reply, deadline, err, argc, argv, argvlen);
	mpsk_reply_free(&reply);
	if (status != MPSK_OK) return status;
	argv[0] = "EVALSHA";
	argvlen[0] = strlen(argv[0]);
	argv[1] = call->script->sha1;
	argvlen[1] = strlen(argv[1]);
	status = mpsk_conn_call(conn, &reply, deadline, err,
				&(mpsk_command_t) { .argc = argc, .argv = argv, .argvlen = argvlen });
	mpsk_reply_free(&reply);
	return status;
}

static void checkup_script(checkup_t *checkup, unsigned node)
{
	mpsk_trial_t *trial = &checkup->server->script;
	script_call_t call = { .script = &checkup->store->claim };

	if (!names_of(&call, mpsk_pool_endpoint(checkup->store->pool), node)) {
		trial->status = mpsk_error_set(&trial->why, MPSK_AGAIN, "no slot of this node was found");
		return;
	}
	trial->status = mpsk_pool_run_on(checkup->store->pool, node, script_exchange, &call, &trial->why);
}

/* By the very code that sync uses; two connections of their own. */
static void checkup_tracking(checkup_t *checkup, unsigned node)
{
	mpsk_trial_t *trial = &checkup->server->tracking;
	mpsk_link_t link;

	trial->status = mpsk_link_open(&link, mpsk_pool_endpoint(checkup->store->pool), node, -1, &trial->why);
	if (trial->status != MPSK_OK) return;
	if (!link.sub) trial->status = mpsk_error_set(&trial->why, MPSK_BAD, "%s", link.untracked.text);
	mpsk_link_close(&link);
}

/*
 * --- All of it ---
 */
typedef mpsk_status_t (*checkup_part_t)(mpsk_conn_t *conn, mpsk_deadline_t deadline, checkup_t *checkup,
					mpsk_error_t *err);

static checkup_part_t const parts[] = {
	checkup_rtt, checkup_clock, checkup_role, checkup_info, checkup_user, checkup_settings, checkup_commands,
};

static mpsk_status_t checkup_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; status == MPSK_OK && i < sizeof(parts) / sizeof(parts[0]); i++) {
		status = parts[i](conn, deadline, uctx, err);
	}
	return status;
}

static mpsk_status_t checkup_node(checkup_t *checkup, unsigned node, mpsk_error_t *err)
{
	mpsk_pool_t *pool = checkup->store->pool;
	mpsk_checkup_t *server = checkup->server;

	server->name = talloc_strdup(checkup->ctx, mpsk_endpoint_node_name(mpsk_pool_endpoint(pool), node));
	if (!server->name) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	server->asked.status = mpsk_pool_run_on(pool, node, checkup_exchange, checkup, &server->asked.why);
	if (server->asked.status != MPSK_OK) return MPSK_OK;
	checkup_script(checkup, node);
	checkup_tracking(checkup, node);
	return MPSK_OK;
}

mpsk_status_t mpsk_store_checkup(mpsk_store_t *store, TALLOC_CTX *ctx, mpsk_checkup_t **servers, size_t *n,
				 bool *whole, mpsk_error_t *err)
{
	checkup_t checkup = {
		.store = store, .in_cluster = mpsk_endpoint_is_cluster(mpsk_pool_endpoint(store->pool))
	};
	mpsk_node_set_t primaries;
	mpsk_status_t status = mpsk_pool_primaries(store->pool, &primaries, err);

	*servers = NULL;
	*n = 0;
	if (status != MPSK_OK) return status;
	*whole = primaries.whole;
	*servers = talloc_zero_array(ctx, mpsk_checkup_t, primaries.n);
	if (!*servers) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	checkup.ctx = *servers;
	for (unsigned i = 0; status == MPSK_OK && i < primaries.n; i++) {
		checkup.server = &(*servers)[(*n)++];
		status = checkup_node(&checkup, primaries.nodes[i], err);
	}
	return status;
}

mpsk_status_t mpsk_store_meta(mpsk_store_t *store, TALLOC_CTX *ctx, char const *field, char **value,
			      mpsk_error_t *err)
{
	redisReply *reply;
	mpsk_status_t status = mpsk_pool_callf(store->pool, &reply, err, "mpsk:meta", "HGET mpsk:meta %s", field);

	*value = NULL;
	if (status != MPSK_OK) return status;
	if (reply->type == REDIS_REPLY_STRING) {
		*value = talloc_strndup(ctx, reply->str, reply->len);
		if (!*value) status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	} else {
		status = mpsk_error_set(err, MPSK_MISS, "mpsk:meta has no field %s", field);
	}
	mpsk_reply_free(&reply);
	return status;
}
