/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/rows.h"
#include "store/store.h"

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
