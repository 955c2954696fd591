/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/rows.h"
#include "store/store.h"

/* A key and its devices, both asked for before either has answered. */
typedef struct {
	mpsk_rkey_t	key, dev;
	redisReply	*replies[2];
	unsigned	asked;	/* how many nodes */
} both_t;

static mpsk_status_t both_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	both_t *both = uctx;
	mpsk_status_t status;

	both->asked++;
	for (int i = 0; i < 2; i++) mpsk_reply_free(&both->replies[i]);
	status = mpsk_conn_appendf(conn, "HGETALL %s", both->key.text);
	if (status == MPSK_OK) {
		status = mpsk_conn_appendf(conn, "ZRANGE %s 0 -1 REV WITHSCORES", both->dev.text);
	}
	if (status != MPSK_OK) return mpsk_error_set(err, status, "out of memory");
	return mpsk_conn_replies(conn, both->replies, 2, deadline, err);
}

/* While a cluster moves them, each of the two may be on another node. */
static mpsk_status_t key_then_devices(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_key_t **key,
				      mpsk_device_t **devices, size_t *n, mpsk_error_t *err)
{
	mpsk_status_t status = mpsk_store_key_read(store, ctx, id, key, err);

	if (status == MPSK_OK) status = mpsk_store_devices(store, ctx, id, devices, n, err);
	if (status != MPSK_OK) TALLOC_FREE(*key);
	return status;
}

mpsk_status_t mpsk_store_key_devices(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_key_t **key,
				     mpsk_device_t **devices, size_t *n, mpsk_error_t *err)
{
	both_t both = { .replies = { NULL, NULL } };
	mpsk_row_t row = { .is_set = false };
	char row_id[MPSK_ID_MAX + 1];
	mpsk_status_t status = mpsk_store_id_check(id, err);

	*key = NULL;
	*devices = NULL;
	*n = 0;
	if (status != MPSK_OK) return status;
	both.key = mpsk_rkey_key(id);
	both.dev = mpsk_rkey_dev(id);
	status = mpsk_pool_run(store->pool, both.key.text, both_exchange, &both, err);
	if (both.asked > 1) {
		status = key_then_devices(store, ctx, id, key, devices, n, err);
	} else if (status == MPSK_OK) {
		row.name = both.key.text;
		row.name_len = strlen(both.key.text);
		row.pairs = both.replies[0];
		status = mpsk_row_key(ctx, key, &row, store->keyring, row_id, err);
	}
	if (status == MPSK_OK && both.asked == 1) {
		status = mpsk_rows_devices(ctx, devices, n, both.replies[1], err);
		if (status != MPSK_OK) TALLOC_FREE(*key);
	}
	for (int i = 0; i < 2; i++) mpsk_reply_free(&both.replies[i]);
	return status;
}

mpsk_status_t mpsk_store_devices(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_device_t **devices,
				 size_t *n, mpsk_error_t *err)
{
	redisReply *type = NULL, *pairs = NULL;
	mpsk_rkey_t key, dev;
	mpsk_status_t status = mpsk_store_id_check(id, err);

	*devices = NULL;
	*n = 0;
	if (status != MPSK_OK) return status;
	key = mpsk_rkey_key(id);
	dev = mpsk_rkey_dev(id);
	/* Two calls: while a cluster moves them, each of the two may be on another node. */
	status = mpsk_pool_callf(store->pool, &pairs, err, dev.text, "ZRANGE %s 0 -1 REV WITHSCORES", dev.text);
	if (status == MPSK_OK) status = mpsk_pool_callf(store->pool, &type, err, key.text, "TYPE %s", key.text);
	if (status == MPSK_OK) {
		status = mpsk_reply_is_text(type, "none") ?
			 mpsk_error_set(err, MPSK_MISS, "key %s: there is no such key", id) :
			 mpsk_rows_devices(ctx, devices, n, pairs, err);
	}
	mpsk_reply_free(&type);
	mpsk_reply_free(&pairs);
	return status;
}
