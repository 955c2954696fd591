/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/rows.h"
#include "store/store.h"

/* The type of the key, the devices: two replies of one exchange, so that they cost one round trip. */
static mpsk_status_t devices_read(mpsk_lease_t *lease, char const *id, redisReply *replies[static 2],
				  mpsk_error_t *err)
{
	mpsk_rkey_t key = mpsk_rkey_key(id), dev = mpsk_rkey_dev(id);
	mpsk_status_t status = mpsk_conn_appendf(lease->conn, "TYPE %s", key.text);

	if (status == MPSK_OK) status = mpsk_conn_appendf(lease->conn, "ZRANGE %s 0 -1 REV WITHSCORES", dev.text);
	if (status != MPSK_OK) return mpsk_error_set(err, status, "out of memory");
	return mpsk_conn_replies(lease->conn, replies, 2, lease->deadline, err);
}

mpsk_status_t mpsk_store_devices(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_device_t **devices,
				 size_t *n, mpsk_error_t *err)
{
	redisReply *replies[2] = { NULL, NULL };
	mpsk_lease_t lease;
	mpsk_status_t status = mpsk_store_id_check(id, err);

	*devices = NULL;
	*n = 0;
	if (status != MPSK_OK) return status;
	status = mpsk_pool_lend(store->pool, &lease, mpsk_rkey_dev(id).text, err);
	if (status != MPSK_OK) return status;
	status = devices_read(&lease, id, replies, err);
	mpsk_pool_give_back(store->pool, &lease);
	if (status == MPSK_OK) {
		status = mpsk_reply_is_text(replies[0], "none") ?
			 mpsk_error_set(err, MPSK_MISS, "key %s: there is no such key", id) :
			 mpsk_rows_devices(ctx, devices, n, replies[1], err);
	}
	mpsk_reply_free(&replies[0]);
	mpsk_reply_free(&replies[1]);
	return status;
}
