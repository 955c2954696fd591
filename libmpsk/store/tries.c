/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/tries.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"

#define LIFE_S	86400	/* of all, after the last was written: sessions that end otherwise leave theirs */

int64_t mpsk_tries_pause(int64_t n)
{
	int64_t pause = MPSK_TRIES_FIRST_S;

	for (; n > 1 && pause < MPSK_TRIES_MOST_S; n--) pause *= 2;
	return pause < MPSK_TRIES_MOST_S ? pause : MPSK_TRIES_MOST_S;
}

static int tries_cmp(void const *a, void const *b)
{
	return strcmp(((mpsk_tries_t const *) a)->field, ((mpsk_tries_t const *) b)->field);
}

static bool tries_parse(mpsk_tries_t *tries, redisReply const *field, redisReply const *value)
{
	char const *space;

	if (field->type != REDIS_REPLY_STRING || value->type != REDIS_REPLY_STRING) return false;
	if (field->len >= sizeof(tries->field) || memchr(field->str, '\0', field->len)) return false;
	space = memchr(value->str, ' ', value->len);
	if (!space) return false;
	memcpy(tries->field, field->str, field->len + 1);
	return mpsk_number_parse(&tries->tries, value->str, (size_t) (space - value->str)) &&
	       mpsk_number_parse(&tries->next, space + 1, value->len - (size_t) (space + 1 - value->str));
}

mpsk_status_t mpsk_tries_read(mpsk_store_t *store, TALLOC_CTX *ctx, mpsk_tries_t **tries, size_t *n,
			      mpsk_error_t *err)
{
	redisReply *pairs = NULL;
	mpsk_status_t status = mpsk_pool_callf(store->pool, &pairs, err, MPSK_RKEY_TRIES, "HGETALL %s",
					       MPSK_RKEY_TRIES);

	*tries = NULL;
	*n = 0;
	if (status == MPSK_OK && (!mpsk_reply_is_array(pairs, 0) || pairs->elements % 2))
		status = mpsk_reply_unexpected("HGETALL", err);
	if (status == MPSK_OK && !(*tries = talloc_array(ctx, mpsk_tries_t, pairs->elements / 2 + 1)))
		status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	for (size_t i = 0; status == MPSK_OK && i < pairs->elements; i += 2)
		if (tries_parse(&(*tries)[*n], pairs->element[i], pairs->element[i + 1])) (*n)++;
	if (*n > 1) qsort(*tries, *n, sizeof(**tries), tries_cmp);
	mpsk_reply_free(&pairs);
	return status;
}

mpsk_tries_t const *mpsk_tries_find(mpsk_tries_t const *tries, size_t n, char const *field)
{
	size_t first = 0;

	/* Not bsearch(), which would want a field of its own to compare with. */
	while (first < n) {
		size_t middle = first + (n - first) / 2;
		int order = strcmp(field, tries[middle].field);

		if (order == 0) return &tries[middle];
		if (order < 0) {
			n = middle;
		} else {
			first = middle + 1;
		}
	}
	return NULL;
}

static mpsk_status_t put_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	mpsk_tries_t const *tries = uctx;
	redisReply *replies[2] = { NULL, NULL };
	char value[48];
	mpsk_status_t status;

	snprintf(value, sizeof(value), "%" PRId64 " %" PRId64, tries->tries, tries->next);
	status = tries->tries ? mpsk_conn_appendf(conn, "HSET %s %s %s", MPSK_RKEY_TRIES, tries->field, value) :
				mpsk_conn_appendf(conn, "HDEL %s %s", MPSK_RKEY_TRIES, tries->field);
	if (status == MPSK_OK) status = mpsk_conn_appendf(conn, "EXPIRE %s %d", MPSK_RKEY_TRIES, LIFE_S);
	if (status != MPSK_OK) return mpsk_error_set(err, status, "out of memory");
	status = mpsk_conn_replies(conn, replies, 2, deadline, err);
	for (int i = 0; i < 2; i++) mpsk_reply_free(&replies[i]);
	return status;
}

mpsk_status_t mpsk_tries_put(mpsk_store_t *store, mpsk_tries_t const *tries, mpsk_error_t *err)
{
	mpsk_tries_t own = *tries;

	return mpsk_pool_run(store->pool, MPSK_RKEY_TRIES, put_exchange, &own, err);
}
