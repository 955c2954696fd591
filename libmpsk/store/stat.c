/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/stat.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/stat.lua.h"

#define STAT_HEAD	5	/* the script's two, the number of keys, the key, the seconds */
#define STAT_FORGET_S	86400	/* after which a server that is heard of no more loses its place in the set */
#define STAT_FORGET_MAX	16	/* at a time */
#define STAT_RKEY_MAX	(sizeof(MPSK_RKEY_STAT_PREFIX) + MPSK_STAT_SERVER_MAX)

bool mpsk_stat_server_valid(char const *server, size_t len)
{
	if (len == 0 || len > MPSK_STAT_SERVER_MAX) return false;
	for (size_t i = 0; i < len; i++) {
		char c = server[i];

		if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') &&
		    (c == '\0' || !strchr("._:/-", c))) return false;
	}
	return true;
}

/*
 * --- Writing ---
 */
typedef struct {
	char const	**argv;
	size_t		*argvlen;
	size_t		argc;
	redisReply	*reply;
} put_t;

static mpsk_status_t put_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	put_t *put = uctx;
	mpsk_script_t script;

	mpsk_script_init(&script, MPSK_STAT_LUA);
	return mpsk_script_run(conn, &script, &put->reply, deadline, err, put->argc, put->argv, put->argvlen);
}

static void put_add(put_t *put, char const *text, size_t len)
{
	put->argv[put->argc] = text;
	put->argvlen[put->argc++] = len;
}

static mpsk_status_t figures_put(mpsk_store_t *store, char const *server, mpsk_field_t const *fields, size_t n,
				 mpsk_error_t *err)
{
	size_t room = STAT_HEAD + 2 * n;
	put_t put = { .argv = talloc_zero_array(NULL, char const *, room), .argc = MPSK_SCRIPT_HEAD };
	char rkey[STAT_RKEY_MAX], seconds[24];
	mpsk_status_t status;

	put.argvlen = talloc_zero_array(put.argv, size_t, room);
	if (!put.argvlen) {
		talloc_free(put.argv);
		return mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	snprintf(rkey, sizeof(rkey), MPSK_RKEY_STAT_PREFIX "%s", server);
	snprintf(seconds, sizeof(seconds), "%d", MPSK_STAT_LIFE_S);
	put_add(&put, "1", 1);
	put_add(&put, rkey, strlen(rkey));
	put_add(&put, seconds, strlen(seconds));
	for (size_t i = 0; i < n; i++) {
		put_add(&put, fields[i].name, fields[i].name_len);
		put_add(&put, fields[i].value, fields[i].value_len);
	}
	status = mpsk_pool_run(store->pool, rkey, put_exchange, &put, err);
	if (status == MPSK_OK && put.reply->type != REDIS_REPLY_INTEGER) {
		status = mpsk_reply_unexpected("stat.lua", err);
	}
	mpsk_reply_free(&put.reply);
	talloc_free(put.argv);
	return status;
}

static mpsk_status_t server_note(mpsk_store_t *store, char const *server, int64_t now, mpsk_error_t *err)
{
	redisReply *reply = NULL;
	char at[24];
	mpsk_status_t status;

	snprintf(at, sizeof(at), "%" PRId64, now);
	status = mpsk_pool_callf(store->pool, &reply, err, MPSK_RKEY_STATS, "ZADD %s %s %s", MPSK_RKEY_STATS, at,
				 server);
	mpsk_reply_free(&reply);
	return status;
}

/* Servers that are gone: containers have a new name each time. */
static mpsk_status_t servers_forget(mpsk_store_t *store, int64_t now, mpsk_error_t *err)
{
	redisReply *reply = NULL;
	char until[24];
	mpsk_status_t status;

	snprintf(until, sizeof(until), "%" PRId64, now - STAT_FORGET_S);
	status = mpsk_pool_callf(store->pool, &reply, err, MPSK_RKEY_STATS, "ZRANGE %s -inf %s BYSCORE LIMIT 0 %d",
				 MPSK_RKEY_STATS, until, STAT_FORGET_MAX);
	for (size_t i = 0; status == MPSK_OK && mpsk_reply_is_array(reply, i + 1); i++) {
		redisReply *removed = NULL;

		if (reply->element[i]->type != REDIS_REPLY_STRING) continue;
		status = mpsk_pool_callf(store->pool, &removed, err, MPSK_RKEY_STATS, "ZREM %s %b", MPSK_RKEY_STATS,
					 reply->element[i]->str, reply->element[i]->len);
		mpsk_reply_free(&removed);
	}
	mpsk_reply_free(&reply);
	return status;
}

mpsk_status_t mpsk_store_stat_put(mpsk_store_t *store, char const *server, mpsk_field_t const *fields, size_t n,
				  int64_t now, mpsk_error_t *err)
{
	mpsk_status_t status;

	if (!mpsk_stat_server_valid(server, strlen(server))) {
		return mpsk_error_set(err, MPSK_BAD, "a server's name has 1 to %d of A-Z a-z 0-9 . _ : / -",
				      MPSK_STAT_SERVER_MAX);
	}
	if (n == 0 || n > MPSK_STAT_FIELDS_MAX) {
		return mpsk_error_set(err, MPSK_BAD, "%zu figures: there may be 1 to %d", n, MPSK_STAT_FIELDS_MAX);
	}
	status = figures_put(store, server, fields, n, err);
	if (status == MPSK_OK) status = server_note(store, server, now, err);
	return status == MPSK_OK ? servers_forget(store, now, err) : status;
}

/*
 * --- Reading ---
 */
static mpsk_status_t figures_get(mpsk_store_t *store, char const *server, mpsk_store_stat_cb_t cb, void *uctx,
				 mpsk_error_t *err)
{
	char rkey[STAT_RKEY_MAX];
	mpsk_field_t *fields = NULL;
	redisReply *reply = NULL;
	mpsk_status_t status;
	size_t n = 0;

	snprintf(rkey, sizeof(rkey), MPSK_RKEY_STAT_PREFIX "%s", server);
	status = mpsk_pool_callf(store->pool, &reply, err, rkey, "HGETALL %s", rkey);
	if (status != MPSK_OK) return status;
	if (mpsk_reply_is_array(reply, 0)) fields = talloc_array(NULL, mpsk_field_t, reply->elements / 2 + 1);
	for (size_t i = 0; fields && i + 1 < reply->elements; i += 2) {
		redisReply const *name = reply->element[i], *value = reply->element[i + 1];

		if (name->type != REDIS_REPLY_STRING || value->type != REDIS_REPLY_STRING) continue;
		fields[n++] = (mpsk_field_t) {
			.name = name->str, .name_len = name->len, .value = value->str, .value_len = value->len
		};
	}
	if (n) status = cb(uctx, server, fields, n);
	talloc_free(fields);
	mpsk_reply_free(&reply);
	return status;
}

static int by_name(void const *a, void const *b)
{
	return strcmp((*(redisReply *const *) a)->str, (*(redisReply *const *) b)->str);
}

mpsk_status_t mpsk_store_stat_each(mpsk_store_t *store, mpsk_store_stat_cb_t cb, void *uctx, mpsk_error_t *err)
{
	redisReply *reply = NULL;
	mpsk_status_t status = mpsk_pool_callf(store->pool, &reply, err, MPSK_RKEY_STATS, "ZRANGE %s 0 -1",
					       MPSK_RKEY_STATS);
	bool valid = status == MPSK_OK && mpsk_reply_is_array(reply, 0);

	if (status == MPSK_OK && !valid) status = mpsk_reply_unexpected("ZRANGE", err);
	for (size_t i = 0; valid && i < reply->elements; i++) valid = reply->element[i]->type == REDIS_REPLY_STRING;
	if (valid && reply->elements) qsort(reply->element, reply->elements, sizeof(reply->element[0]), by_name);
	for (size_t i = 0; valid && status == MPSK_OK && i < reply->elements; i++) {
		redisReply const *name = reply->element[i];

		if (!mpsk_stat_server_valid(name->str, name->len)) continue;
		status = figures_get(store, name->str, cb, uctx, err);
	}
	mpsk_reply_free(&reply);
	return status;
}
