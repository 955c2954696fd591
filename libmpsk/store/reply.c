/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/reply.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"

typedef struct {
	char const	*code;
	mpsk_status_t	status;
	bool		drop;
	char const	*text;
} reply_row_t;

static reply_row_t const reply_rows[] = {
	{ "NOAUTH",	 MPSK_BAD,   true,  "Redis wants a password" },
	{ "WRONGPASS",	 MPSK_BAD,   true,  "Redis refuses the user or password" },
	{ "NOPERM",	 MPSK_BAD,   false, "the Redis user may not run a command that is needed" },
	{ "WRONGTYPE",	 MPSK_BAD,   false, "the Redis key is of another type than it should be" },
	{ "LOADING",	 MPSK_AGAIN, true,  "Redis is loading its data" },
	{ "READONLY",	 MPSK_AGAIN, true,  "Redis is a read-only replica" },
	{ "MASTERDOWN",	 MPSK_AGAIN, true,  "Redis is a replica without its primary" },
	{ "CLUSTERDOWN", MPSK_AGAIN, true,  "the Redis cluster is down" },
	{ "BUSY",	 MPSK_AGAIN, true,  "Redis is busy with somebody's script" },
	{ "MOVED",	 MPSK_AGAIN, false, "the Redis cluster has moved this key" },
	{ "ASK",	 MPSK_AGAIN, false, "the Redis cluster is moving this key" },
	{ "TRYAGAIN",	 MPSK_AGAIN, false, "the Redis cluster is moving this key" },
	{ "OOM",	 MPSK_AGAIN, false, "Redis is out of memory: raise its maxmemory" },
	{ "MISCONF",	 MPSK_AGAIN, false, "Redis takes no writes because it cannot save them to disk" },
	{ "NOREPLICAS",	 MPSK_AGAIN, false, "Redis takes no writes because too few replicas are there" },
};

bool mpsk_reply_is_error(redisReply const *reply, char const *code)
{
	size_t len = strlen(code);

	if (reply->type != REDIS_REPLY_ERROR || reply->len < len || memcmp(reply->str, code, len) != 0) return false;
	return reply->len == len || reply->str[len] == ' ';
}

/* Redis repeats the arguments of a command that it does not know: they may be secrets. */
static int reply_text_len(redisReply const *reply)
{
	char const *args = strstr(reply->str, ", with args");
	size_t len = args ? (size_t) (args - reply->str) : reply->len;

	return len < MPSK_ERROR_MAX ? (int) len : MPSK_ERROR_MAX;
}

mpsk_status_t mpsk_reply_error(redisReply const *reply, bool *drop, mpsk_error_t *err)
{
	if (drop) *drop = false;
	if (reply->type != REDIS_REPLY_ERROR) return MPSK_OK;
	for (size_t i = 0; i < sizeof(reply_rows) / sizeof(reply_rows[0]); i++) {
		reply_row_t const *row = &reply_rows[i];

		if (!mpsk_reply_is_error(reply, row->code)) continue;
		if (drop) *drop = row->drop;
		return mpsk_error_set(err, row->status, "%s (%s)", row->text, row->code);
	}
	return mpsk_error_set(err, MPSK_ERR, "Redis answered: %.*s", reply_text_len(reply), reply->str);
}

bool mpsk_reply_is_text(redisReply const *reply, char const *text)
{
	if (reply->type != REDIS_REPLY_STRING && reply->type != REDIS_REPLY_STATUS) return false;
	return reply->len == strlen(text) && memcmp(reply->str, text, reply->len) == 0;
}

bool mpsk_reply_is_array(redisReply const *reply, size_t n)
{
	return reply->type == REDIS_REPLY_ARRAY && reply->elements >= n;
}

bool mpsk_reply_number(int64_t *number, redisReply const *reply)
{
	if (reply->type == REDIS_REPLY_STRING) return mpsk_number_parse(number, reply->str, reply->len);
	if (reply->type != REDIS_REPLY_INTEGER) return false;
	*number = reply->integer;
	return true;
}

mpsk_status_t mpsk_reply_unexpected(char const *command, mpsk_error_t *err)
{
	return mpsk_error_set(err, MPSK_ERR, "Redis answered %s with something unexpected", command);
}

static void reply_wipe(redisReply *reply)
{
	if (reply->type == REDIS_REPLY_STRING) mpsk_secret_wipe(reply->str, reply->len);
	if (reply->type != REDIS_REPLY_ARRAY) return;
	for (size_t i = 0; i < reply->elements; i++) {
		if (reply->element[i]) reply_wipe(reply->element[i]);
	}
}

void mpsk_reply_free(redisReply **reply)
{
	if (!*reply) return;
	reply_wipe(*reply);
	freeReplyObject(*reply);
	*reply = NULL;
}
