/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define BATCH_MAX	100	/* edits that are sent at once */
#define EXPIRE_MS_MAX	50
#define FLUSH_EVERY	5000
#define DEVICES		6
#define PATIENCE_MS	20000

static unsigned draw(model_t *model, unsigned below)
{
	return (unsigned) rand_r(&model->random) % below;
}

void model_name(char name[static 32], unsigned id)
{
	snprintf(name, 32, "mpsk:key:{k%u}", id);
}

static unsigned node_of(model_t const *model, unsigned id)
{
	unsigned i = 0;

	while (model->nodes[i] != model->owners[id]) i++;
	return i;
}

/*
 * --- Edits ---
 */
static void __attribute__((format(printf, 3, 4))) say(model_t *model, unsigned id, char const *format, ...)
{
	unsigned node = node_of(model, id);
	va_list ap;

	va_start(ap, format);
	assert_int_equal(redisvAppendCommand(model->nodes[node]->hand, format, ap), REDIS_OK);
	va_end(ap);
	model->waiting[node]++;
}

/* What an edit may be told: there is nothing to rename, it is of another type. */
static bool is_expected(redisReply const *reply)
{
	return reply->type != REDIS_REPLY_ERROR || strncmp(reply->str, "WRONGTYPE", 9) == 0 ||
	       strcmp(reply->str, "ERR no such key") == 0;
}

static void hear(model_t *model)
{
	for (unsigned i = 0; i < model->n; i++) {
		while (model->waiting[i]) {
			void *got = NULL;
			redisReply *reply;

			assert_int_equal(redisGetReply(model->nodes[i]->hand, &got), REDIS_OK);
			reply = got;
			if (!is_expected(reply)) fail_msg("%s", reply->str);
			freeReplyObject(reply);
			model->waiting[i]--;
		}
	}
}

static void key_set(model_t *model, unsigned id)
{
	say(model, id, "HSET mpsk:key:{k%u} psk correct-horse max %ld", id, model->edits);
}

static void key_delete(model_t *model, unsigned id)
{
	say(model, id, "DEL mpsk:key:{k%u}", id);
}

static void field_delete(model_t *model, unsigned id)
{
	say(model, id, "HDEL mpsk:key:{k%u} %s", id, draw(model, 2) ? "max" : "psk");
}

static void field_spoil(model_t *model, unsigned id)
{
	say(model, id, "HSET mpsk:key:{k%u} max inf", id);
}

static void key_rename(model_t *model, unsigned id)
{
	unsigned to = draw(model, MODEL_IDS);

	/* A cluster renames only within a slot: out of the way, and back. */
	if (model->n == 1 && draw(model, 2)) say(model, id, "RENAME mpsk:key:{k%u} mpsk:key:{k%u}", id, to);
	else if (draw(model, 2)) say(model, id, "RENAME mpsk:key:{k%u} aside:{k%u}", id, id);
	else say(model, id, "RENAME aside:{k%u} mpsk:key:{k%u}", id, id);
}

static void key_expire(model_t *model, unsigned id)
{
	say(model, id, "PEXPIRE mpsk:key:{k%u} %u", id, 1 + draw(model, EXPIRE_MS_MAX));
}

static void key_mistype(model_t *model, unsigned id)
{
	if (draw(model, 2)) {
		say(model, id, "SET mpsk:key:{k%u} x", id);
	} else {
		key_delete(model, id);
		say(model, id, "RPUSH mpsk:key:{k%u} x", id);
	}
}

static void device_add(model_t *model, unsigned id)
{
	say(model, id, "ZADD mpsk:dev:{k%u} %ld 00-00-5e-00-53-%02x", id, model->edits, draw(model, DEVICES));
}

static void device_forget(model_t *model, unsigned id)
{
	say(model, id, "ZREM mpsk:dev:{k%u} 00-00-5e-00-53-%02x", id, draw(model, DEVICES));
}

static void devices_delete(model_t *model, unsigned id)
{
	say(model, id, "DEL mpsk:dev:{k%u}", id);
}

static struct {
	void		(*edit)(model_t *model, unsigned id);
	unsigned	percent;
} const kinds[] = {
	{ key_set, 45 }, { key_delete, 8 }, { field_delete, 4 }, { field_spoil, 4 }, { key_rename, 10 },
	{ key_expire, 6 }, { key_mistype, 4 }, { device_add, 12 }, { device_forget, 5 }, { devices_delete, 2 },
};

static void edit(model_t *model)
{
	unsigned id = draw(model, MODEL_IDS), left = draw(model, 100), i = 0;

	model->edits++;
	if (draw(model, FLUSH_EVERY) == 0) {
		model->flushes++;
		say(model, id, "FLUSHALL");
		return;
	}
	while (left >= kinds[i].percent) left -= kinds[i++].percent;
	kinds[i].edit(model, id);
}

static long edit_batch(model_t *model)
{
	long n = 1 + draw(model, BATCH_MAX);

	for (long i = 0; i < n; i++) edit(model);
	hear(model);
	return n;
}

/*
 * --- Cut connections ---
 */

/* That which is told what changes, or all but the hand's own: false where the sync had none. */
static bool cut(model_t *model)
{
	redis_t *node = model->nodes[draw(model, model->n)];

	return redis_do(node, draw(model, 2) ? "CLIENT KILL TYPE pubsub" : "CLIENT KILL TYPE normal SKIPME yes") > 0;
}

static bool is_live(void const *uctx)
{
	model_t const *model = uctx;

	return mpsk_sync_live(model->sync);
}

/*
 * Mostly a connection that is in use, now and then one that has only begun to
 * load. Not too often in a row: who fails again and again waits longer, as it should.
 */
static void kill_once(model_t *model)
{
	if (draw(model, 8) && !wait_for(is_live, model, PATIENCE_MS)) fail_msg("it does not come back");
	while (!cut(model)) {
		edit_batch(model);
		usleep(1000);
	}
	model->kills++;
}

void model_edit(model_t *model, long edits, long kills)
{
	for (long done = 0, killed = 0; done < edits || killed < kills;) {
		done += edit_batch(model);
		/* Spread over the edits, and not at their same places each time. */
		if (killed < kills && draw(model, (unsigned) (2 * edits + 1)) < (unsigned) (kills * BATCH_MAX)) {
			kill_once(model);
			killed++;
		}
	}
}

/*
 * --- Comparison ---
 */

/* As mirror_max() tells it. */
static long long max_of(redisReply const *reply)
{
	redisReply const *psk, *max;

	if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) return -2;
	psk = reply->element[0];
	max = reply->element[1];
	if (psk->type != REDIS_REPLY_STRING || (max->type == REDIS_REPLY_STRING && strcmp(max->str, "inf") == 0)) {
		return -2;
	}
	return max->type == REDIS_REPLY_STRING ? strtoll(max->str, NULL, 10) : -1;
}

/* As mirror_devices() tells it. */
static void devices_of(char *text, size_t size, redisReply const *reply)
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i + 1 < reply->elements; i += 2) {
		len += (size_t) snprintf(text + len, size - len, "%s %s ", reply->element[i]->str,
					 reply->element[i + 1]->str);
	}
}

static redisReply *next_reply(redis_t *redis)
{
	void *reply = NULL;

	assert_int_equal(redisGetReply(redis->hand, &reply), REDIS_OK);
	return reply;
}

/* Of all ids, whether they differ or not: the replies have to be read. */
static int compare(model_t *model, unsigned id)
{
	redisReply *fields = next_reply(model->owners[id]), *devices = next_reply(model->owners[id]);
	long long max = max_of(fields), got;
	char name[16], wanted[DEVICES * 40];
	char const *has;

	devices_of(wanted, sizeof(wanted), devices);
	freeReplyObject(fields);
	freeReplyObject(devices);
	snprintf(name, sizeof(name), "k%u", id);
	got = mirror_max(model->mirror, name);
	if (got != max) {
		snprintf(model->wrong, sizeof(model->wrong), "%s has max %lld in Redis, %lld here", name, max, got);
	}
	has = mirror_devices(model->mirror, name);
	if (strcmp(has, wanted) != 0) {
		snprintf(model->wrong, sizeof(model->wrong), "%s has devices %.50s in Redis, %.50s here", name, wanted,
			 has);
	}
	return max != -2;
}

bool model_is_equal(void const *uctx)
{
	model_t *model = (model_t *) (uintptr_t) uctx;
	int count = 0;

	model->wrong[0] = '\0';
	for (unsigned id = 0; id < MODEL_IDS; id++) {
		redisAppendCommand(model->owners[id]->hand, "HMGET mpsk:key:{k%u} psk max", id);
		redisAppendCommand(model->owners[id]->hand, "ZRANGE mpsk:dev:{k%u} 0 -1 WITHSCORES", id);
	}
	for (unsigned id = 0; id < MODEL_IDS; id++) count += compare(model, id);
	if (!model->wrong[0] && mirror_count(model->mirror) != count) {
		snprintf(model->wrong, sizeof(model->wrong), "%d keys in Redis, %d here", count,
			 mirror_count(model->mirror));
	}
	return !model->wrong[0];
}
