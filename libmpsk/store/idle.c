/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/idle.lua.h"
#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"

typedef struct {
	mpsk_rkey_t	dev, live;
	char		mac[MPSK_MAC_TEXT_MAX], seen[24];
	redisReply	*reply;
} idle_t;

static mpsk_status_t idle_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	idle_t *idle = uctx;
	char const *argv[] = { NULL, NULL, "2", idle->dev.text, idle->live.text, idle->mac, idle->seen };
	size_t argvlen[sizeof(argv) / sizeof(argv[0])];
	mpsk_script_t script;

	for (size_t i = MPSK_SCRIPT_HEAD; i < sizeof(argv) / sizeof(argv[0]); i++) argvlen[i] = strlen(argv[i]);
	mpsk_script_init(&script, MPSK_IDLE_LUA);
	return mpsk_script_run(conn, &script, &idle->reply, deadline, err, sizeof(argv) / sizeof(argv[0]), argv,
			       argvlen);
}

static void idle_tell(mpsk_store_t *store, char const *id, mpsk_mac_t const *mac)
{
	TALLOC_CTX *ctx = talloc_new(NULL);
	mpsk_change_t const change = {
		.kind = MPSK_CHANGE_DEVICE_FORGOTTEN, .id = id, .mac = mac, .org = mpsk_change_org(store, ctx, id)
	};

	mpsk_change_tell(store, &change);
	talloc_free(ctx);
}

mpsk_status_t mpsk_store_device_forget_idle(mpsk_store_t *store, char const *id, mpsk_mac_t const *mac, int64_t seen,
					    mpsk_error_t *err)
{
	mpsk_status_t status = mpsk_store_id_check(id, err);
	idle_t idle = { .reply = NULL };

	if (status != MPSK_OK) return status;
	idle.dev = mpsk_rkey_dev(id);
	idle.live = mpsk_rkey_live(id);
	mpsk_mac_print(idle.mac, mac);
	snprintf(idle.seen, sizeof(idle.seen), "%" PRId64, seen);
	status = mpsk_pool_run(store->pool, idle.dev.text, idle_exchange, &idle, err);
	if (status == MPSK_OK && idle.reply->type != REDIS_REPLY_INTEGER) {
		status = mpsk_reply_unexpected("idle.lua", err);
	} else if (status == MPSK_OK && !idle.reply->integer) {
		status = mpsk_error_set(err, MPSK_MISS, "device %s of key %s: was seen lately, or is none of it",
					idle.mac, id);
	}
	mpsk_reply_free(&idle.reply);
	if (status == MPSK_OK) idle_tell(store, id, mac);
	return status;
}
