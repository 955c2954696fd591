/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>
#include <openssl/rand.h>

#include "bench.h"
#include "key/key.h"
#include "key/pmk_field.h"

#define PIPELINE 1000	/* commands on their way */

static redisContext *connect_to(lab_t const *lab)
{
	redisContext *redis = redisConnectUnix(lab->redis_socket);

	bench_assert(redis && !redis->err, "no connection to Redis");
	return redis;
}

static void reply_take(redisContext *redis)
{
	void *reply = NULL;

	bench_assert(redisGetReply(redis, &reply) == REDIS_OK && ((redisReply *) reply)->type == REDIS_REPLY_INTEGER,
		     "Redis took no key");
	freeReplyObject(reply);
}

static void key_append(redisContext *redis, unsigned long n, char const *ssid)
{
	char psk[32], fingerprint[MPSK_FINGERPRINT_LEN + 1], pmk_value[MPSK_PMK_VALUE_LEN + 1];
	wpa_pmk_t pmk;

	snprintf(psk, sizeof(psk), "passphrase-%lu", n);
	mpsk_key_fingerprint(fingerprint, psk, strlen(psk));
	bench_assert(RAND_bytes(pmk.octets, sizeof(pmk.octets)) == 1, "no randomness");
	mpsk_pmk_field_print(pmk_value, fingerprint, &pmk);
	bench_assert(redisAppendCommand(redis, "HSET mpsk:key:{k%lu} psk %s ssid %s pmk:%s %s", n, psk, ssid, ssid,
					pmk_value) == REDIS_OK, "out of memory");
}

void keys_fill(lab_t const *lab, char const *ssid, size_t n)
{
	redisContext *redis = connect_to(lab);

	for (size_t i = 0; i < n; i++) {
		key_append(redis, i, ssid);
		if (i >= PIPELINE) reply_take(redis);
	}
	for (size_t i = 0; i < (n < PIPELINE ? n : PIPELINE); i++) reply_take(redis);
	redisFree(redis);
}

void keys_add(lab_t const *lab, char const *ssid, char const *id, char const *passphrase)
{
	redisContext *redis = connect_to(lab);

	bench_assert(redisAppendCommand(redis, "HSET mpsk:key:{%s} psk %s ssid %s", id, passphrase, ssid) == REDIS_OK,
		     "out of memory");
	reply_take(redis);
	redisFree(redis);
}

void keys_nas_add(lab_t const *lab, char const *nas, char const *dialect)
{
	redisContext *redis = connect_to(lab);

	bench_assert(redisAppendCommand(redis, "HSET mpsk:cfg:nas:%s dialect %s", nas, dialect) == REDIS_OK,
		     "out of memory");
	reply_take(redis);
	redisFree(redis);
}

void keys_enable(lab_t const *lab, char const *id, bool enabled)
{
	redisContext *redis = connect_to(lab);

	bench_assert(redisAppendCommand(redis, "HSET mpsk:key:{%s} enabled %d", id, enabled) == REDIS_OK,
		     "out of memory");
	reply_take(redis);
	redisFree(redis);
}

long long keys_commands(lab_t const *lab)
{
	static char const name[] = "total_commands_processed:";
	redisContext *redis = connect_to(lab);
	redisReply *reply = redisCommand(redis, "INFO stats");
	char const *at = reply && reply->type == REDIS_REPLY_STRING ? strstr(reply->str, name) : NULL;
	long long commands = at ? strtoll(at + sizeof(name) - 1, NULL, 10) : 0;

	bench_assert(at != NULL, "Redis does not count its commands");
	freeReplyObject(reply);
	redisFree(redis);
	return commands;
}
