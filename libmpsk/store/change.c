/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/change.h"

#include "key/fields.h"
#include "key/pmk_field.h"
#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"

void mpsk_store_on_change(mpsk_store_t *store, mpsk_change_cb_t cb, void *uctx)
{
	store->on_change = cb;
	store->on_change_uctx = uctx;
}

bool mpsk_change_is_secret(char const *name, size_t len)
{
	mpsk_key_field_t const *field = mpsk_key_field(name, len);

	return field ? field->secret : mpsk_rkey_has_prefix(name, len, MPSK_PMK_FIELD_PREFIX);
}

void mpsk_change_tell(mpsk_store_t *store, mpsk_change_t const *change)
{
	if (store->on_change) store->on_change(store->on_change_uctx, change);
}

char const *mpsk_change_org(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id)
{
	mpsk_rkey_t name = mpsk_rkey_key(id);
	redisReply *reply = NULL;
	char const *org = NULL;
	mpsk_error_t err;

	if (!store->on_change) return "";
	if (mpsk_pool_callf(store->pool, &reply, &err, name.text, "HGET %s org", name.text) == MPSK_OK &&
	    reply->type == REDIS_REPLY_STRING) org = talloc_strndup(ctx, reply->str, reply->len);
	mpsk_reply_free(&reply);
	return org ? org : "";
}
