/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/store.h"

#define HINT_LIFE (90 * 24 * 3600)

mpsk_status_t mpsk_store_hint_get(mpsk_store_t *store, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid,
				  char id[static MPSK_ID_MAX + 1], mpsk_error_t *err)
{
	mpsk_rkey_t name = mpsk_rkey_mac(mac);
	redisReply *reply = NULL;
	mpsk_status_t status = mpsk_pool_callf(store->pool, &reply, err, name.text, "HGET %s %b", name.text,
					       ssid->octets, (size_t) ssid->len);

	id[0] = '\0';
	if (status != MPSK_OK) return status;
	if (reply->type == REDIS_REPLY_STRING && mpsk_id_valid(reply->str, reply->len)) {
		memcpy(id, reply->str, reply->len + 1);
	} else {
		status = MPSK_MISS;	/* what is no id hints at nothing */
	}
	mpsk_reply_free(&reply);
	return status;
}

typedef struct {
	char const		*name;
	mpsk_ssid_t const	*ssid;
	char const		*id;
} hint_t;

static mpsk_status_t hint_write(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	hint_t const *hint = uctx;
	redisReply *replies[2] = { NULL, NULL };
	mpsk_status_t status = mpsk_conn_appendf(conn, "HSET %s %b %s", hint->name, hint->ssid->octets,
						 (size_t) hint->ssid->len, hint->id);

	if (status == MPSK_OK) status = mpsk_conn_appendf(conn, "EXPIRE %s %d", hint->name, HINT_LIFE);
	if (status != MPSK_OK) return mpsk_error_set(err, status, "out of memory");
	status = mpsk_conn_replies(conn, replies, 2, deadline, err);
	for (int i = 0; i < 2; i++) mpsk_reply_free(&replies[i]);
	return status;
}

mpsk_status_t mpsk_store_hint_set(mpsk_store_t *store, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid, char const *id,
				  mpsk_error_t *err)
{
	mpsk_rkey_t name = mpsk_rkey_mac(mac);
	hint_t hint = { .name = name.text, .ssid = ssid, .id = id };
	mpsk_status_t status = mpsk_store_id_check(id, err);

	if (status != MPSK_OK) return status;
	return mpsk_pool_run(store->pool, name.text, hint_write, &hint, err);
}

mpsk_status_t mpsk_store_hint_drop(mpsk_store_t *store, mpsk_mac_t const *mac, mpsk_ssid_t const *ssid,
				   mpsk_error_t *err)
{
	mpsk_rkey_t name = mpsk_rkey_mac(mac);
	redisReply *reply = NULL;
	mpsk_status_t status = mpsk_pool_callf(store->pool, &reply, err, name.text, "HDEL %s %b", name.text,
					       ssid->octets, (size_t) ssid->len);

	if (status == MPSK_OK && (reply->type != REDIS_REPLY_INTEGER || reply->integer == 0)) status = MPSK_MISS;
	mpsk_reply_free(&reply);
	return status;
}
