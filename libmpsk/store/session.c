/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/session.h"

#include <stdlib.h>

#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/rows.h"

static int seen_last(void const *a, void const *b)
{
	mpsk_session_t const *one = a, *other = b;

	return (one->seen < other->seen) - (one->seen > other->seen);
}

/* The sessions in an array of fields and records; those that are malformed are passed over. */
static mpsk_status_t sessions_read(TALLOC_CTX *ctx, mpsk_session_t **sessions, size_t *n, char const *id,
				   redisReply const *pairs, mpsk_error_t *err)
{
	mpsk_session_t *list;

	if (!mpsk_reply_is_array(pairs, 0) || pairs->elements % 2) return mpsk_reply_unexpected("HGETALL", err);
	list = talloc_array(ctx, mpsk_session_t, pairs->elements / 2);
	if (!list) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	for (size_t i = 0; i < pairs->elements; i += 2) {
		redisReply const *field = pairs->element[i], *record = pairs->element[i + 1];

		if (field->type != REDIS_REPLY_STRING || record->type != REDIS_REPLY_STRING) continue;
		if (mpsk_session_parse(&list[*n], id, field->str, field->len, record->str, record->len,
				       NULL) == MPSK_OK) (*n)++;
	}
	if (*n > 1) qsort(list, *n, sizeof(list[0]), seen_last);
	*sessions = list;
	return MPSK_OK;
}

mpsk_status_t mpsk_row_sessions(TALLOC_CTX *ctx, mpsk_session_t **sessions, size_t *n, mpsk_row_t const *row,
				char id[static MPSK_ID_MAX + 1], mpsk_error_t *err)
{
	mpsk_status_t status;

	*sessions = NULL;
	*n = 0;
	id[0] = '\0';
	if (!mpsk_rkey_id(id, row->name, row->name_len, MPSK_RKEY_SESS_PREFIX)) {
		return mpsk_error_set(err, MPSK_BAD, "its name is not mpsk:sess:{id}");
	}
	status = mpsk_row_check(row, err);
	return status == MPSK_OK ? sessions_read(ctx, sessions, n, id, row->pairs, err) : status;
}

mpsk_status_t mpsk_store_sessions(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_session_t **sessions,
				  size_t *n, mpsk_error_t *err)
{
	redisReply *pairs = NULL;
	mpsk_rkey_t name;
	mpsk_status_t status = mpsk_store_id_check(id, err);

	*sessions = NULL;
	*n = 0;
	if (status != MPSK_OK) return status;
	name = mpsk_rkey_sess(id);
	status = mpsk_pool_callf(store->pool, &pairs, err, name.text, "HGETALL %s", name.text);
	if (status == MPSK_OK) status = sessions_read(ctx, sessions, n, id, pairs, err);
	mpsk_reply_free(&pairs);
	if (status != MPSK_OK || *n) return status;
	TALLOC_FREE(*sessions);
	return mpsk_error_set(err, MPSK_MISS, "key %s: has no sessions", id);
}
