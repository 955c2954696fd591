/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/lease.h"

#include <stdio.h>
#include <string.h>

#include "store/lease.lua.h"
#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"

static char const *const ops[] = {
	[MPSK_LEASE_TAKE] = "take",
	[MPSK_LEASE_RENEW] = "renew",
	[MPSK_LEASE_DROP] = "drop",
};

typedef struct {
	char const	*rkey, *op, *token, *seconds;
	redisReply	*reply;
} lease_t;

static mpsk_status_t lease_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	lease_t *lease = uctx;
	char const *argv[] = { NULL, NULL, "1", lease->rkey, lease->op, lease->token, lease->seconds };
	size_t argvlen[sizeof(argv) / sizeof(argv[0])];
	mpsk_script_t script;

	for (size_t i = MPSK_SCRIPT_HEAD; i < sizeof(argv) / sizeof(argv[0]); i++) argvlen[i] = strlen(argv[i]);
	mpsk_script_init(&script, MPSK_LEASE_LUA);
	return mpsk_script_run(conn, &script, &lease->reply, deadline, err, sizeof(argv) / sizeof(argv[0]), argv,
			       argvlen);
}

static mpsk_status_t lease_read(redisReply const *reply, mpsk_error_t *err)
{
	if (!mpsk_reply_is_array(reply, 1)) return mpsk_reply_unexpected("lease.lua", err);
	if (mpsk_reply_is_text(reply->element[0], "OK")) return MPSK_OK;
	if (mpsk_reply_is_text(reply->element[0], "FREE")) return mpsk_error_set(err, MPSK_MISS, "nobody");
	if (!mpsk_reply_is_text(reply->element[0], "HELD") || !mpsk_reply_is_array(reply, 2) ||
	    reply->element[1]->type != REDIS_REPLY_STRING) return mpsk_reply_unexpected("lease.lua", err);
	return mpsk_error_set(err, MPSK_MISS, "%s", reply->element[1]->str);
}

mpsk_status_t mpsk_store_lease(mpsk_store_t *store, mpsk_lease_op_t op, char const *name, char const *token,
			       int seconds, mpsk_error_t *err)
{
	char rkey[sizeof(MPSK_RKEY_LEASE_PREFIX) + MPSK_ID_MAX], text[24];
	lease_t lease = { .rkey = rkey, .op = ops[op], .token = token, .seconds = text };
	mpsk_status_t status = mpsk_store_id_check(name, err);

	if (status != MPSK_OK) return status;
	snprintf(rkey, sizeof(rkey), MPSK_RKEY_LEASE_PREFIX "%s", name);
	snprintf(text, sizeof(text), "%d", seconds);
	status = mpsk_pool_run(store->pool, rkey, lease_exchange, &lease, err);
	if (status == MPSK_OK) status = lease_read(lease.reply, err);
	mpsk_reply_free(&lease.reply);
	return status;
}
