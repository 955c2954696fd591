/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/alert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"

#define LOOKED MPSK_RKEY_ALERT_PREFIX "looked"

typedef struct {
	char text[sizeof(MPSK_RKEY_ALERT_PREFIX) + 16];
} rkey_t;

static rkey_t rkey_of(mpsk_alert_kind_t kind)
{
	rkey_t rkey;

	snprintf(rkey.text, sizeof(rkey.text), "%s%s", MPSK_RKEY_ALERT_PREFIX, mpsk_alert_name(kind));
	return rkey;
}

/*
 * --- Reading ---
 */
static int subject_cmp(void const *a, void const *b)
{
	return strcmp(((mpsk_alert_t const *) a)->subject, ((mpsk_alert_t const *) b)->subject);
}

mpsk_status_t mpsk_alerts_read(mpsk_store_t *store, TALLOC_CTX *ctx, mpsk_alert_kind_t kind, mpsk_alert_t **alerts,
			       size_t *n, mpsk_error_t *err)
{
	rkey_t rkey = rkey_of(kind);
	redisReply *pairs = NULL;
	mpsk_status_t status = mpsk_pool_callf(store->pool, &pairs, err, rkey.text, "HGETALL %s", rkey.text);

	*alerts = NULL;
	*n = 0;
	if (status == MPSK_OK && (!mpsk_reply_is_array(pairs, 0) || pairs->elements % 2))
		status = mpsk_reply_unexpected("HGETALL", err);
	if (status == MPSK_OK && !(*alerts = talloc_array(ctx, mpsk_alert_t, pairs->elements / 2 + 1)))
		status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	for (size_t i = 0; status == MPSK_OK && i < pairs->elements; i += 2) {
		redisReply const *field = pairs->element[i], *record = pairs->element[i + 1];

		if (field->type != REDIS_REPLY_STRING || record->type != REDIS_REPLY_STRING) continue;
		if (mpsk_alert_parse(&(*alerts)[*n], kind, field->str, field->len, record->str, record->len,
				     NULL) == MPSK_OK) (*n)++;
	}
	if (*n > 1) qsort(*alerts, *n, sizeof(**alerts), subject_cmp);
	mpsk_reply_free(&pairs);
	return status;
}

/*
 * --- Writing ---
 */
typedef struct {
	char const	*rkey, *field, *value;	/* value NULL: the field goes */
} change_t;

static mpsk_status_t change_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	change_t const *change = uctx;
	redisReply *replies[2] = { NULL, NULL };
	mpsk_status_t status;

	status = change->value ?
		 mpsk_conn_appendf(conn, "HSET %s %s %s", change->rkey, change->field, change->value) :
		 mpsk_conn_appendf(conn, "HDEL %s %s", change->rkey, change->field);
	if (status == MPSK_OK) status = mpsk_conn_appendf(conn, "EXPIRE %s %d", change->rkey, MPSK_ALERT_LIFE_S);
	if (status != MPSK_OK) return mpsk_error_set(err, status, "out of memory");
	status = mpsk_conn_replies(conn, replies, 2, deadline, err);
	for (int i = 0; i < 2; i++) mpsk_reply_free(&replies[i]);
	return status;
}

static mpsk_status_t change(mpsk_store_t *store, char const *rkey, char const *field, char const *value,
			    mpsk_error_t *err)
{
	change_t what = { .rkey = rkey, .field = field, .value = value };

	return mpsk_pool_run(store->pool, rkey, change_exchange, &what, err);
}

mpsk_status_t mpsk_alert_write(mpsk_store_t *store, mpsk_alert_t const *alert, mpsk_error_t *err)
{
	rkey_t rkey = rkey_of(alert->kind);
	char record[MPSK_ALERT_RECORD_MAX];

	if (!mpsk_alert_print(record, alert)) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	return change(store, rkey.text, alert->subject, record, err);
}

mpsk_status_t mpsk_alert_drop(mpsk_store_t *store, mpsk_alert_t const *alert, mpsk_error_t *err)
{
	rkey_t rkey = rkey_of(alert->kind);

	return change(store, rkey.text, alert->subject, NULL, err);
}

/*
 * --- How far it was looked ---
 */
typedef struct {
	char text[sizeof("log:") + MPSK_NAME_MAX];
} place_t;

static place_t place_of(char const *org)
{
	place_t place;

	snprintf(place.text, sizeof(place.text), "log:%s", org);
	return place;
}

mpsk_status_t mpsk_alert_place(mpsk_store_t *store, char const *org, char entry[static MPSK_TRAIL_ID_MAX],
			       mpsk_error_t *err)
{
	place_t place = place_of(org);
	redisReply *reply = NULL;
	mpsk_status_t status = mpsk_pool_callf(store->pool, &reply, err, LOOKED, "HGET %s %s", LOOKED, place.text);

	entry[0] = '\0';
	if (status == MPSK_OK && reply->type == REDIS_REPLY_STRING && reply->len < MPSK_TRAIL_ID_MAX)
		memcpy(entry, reply->str, reply->len + 1);
	mpsk_reply_free(&reply);
	return status;
}

mpsk_status_t mpsk_alert_place_set(mpsk_store_t *store, char const *org, char const *entry, mpsk_error_t *err)
{
	place_t place = place_of(org);

	return change(store, LOOKED, place.text, entry, err);
}

mpsk_status_t mpsk_alert_looked(mpsk_store_t *store, int64_t *at, mpsk_error_t *err)
{
	redisReply *reply = NULL;
	mpsk_status_t status = mpsk_pool_callf(store->pool, &reply, err, LOOKED, "HGET %s at", LOOKED);

	if (status != MPSK_OK || !mpsk_reply_number(at, reply)) *at = 0;
	mpsk_reply_free(&reply);
	return status;
}

mpsk_status_t mpsk_alert_looked_set(mpsk_store_t *store, int64_t at, mpsk_error_t *err)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, at);
	return change(store, LOOKED, "at", text, err);
}
