/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/again.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"

#define MEMBER_MAX (MPSK_SESSION_NAS_MAX + 1 + MPSK_SESSION_ADDRESS_MAX + 1 + MPSK_MAC_TEXT_MAX)

/* <nas>/<address>/<mac>; neither a NAS's id nor an address holds a '/'. */
static void member_print(char out[static MEMBER_MAX], mpsk_again_t const *again)
{
	char mac[MPSK_MAC_TEXT_MAX];

	snprintf(out, MEMBER_MAX, "%s/%s/%s", again->nas, again->address, mpsk_mac_print(mac, &again->mac));
}

static bool part_take(char *out, size_t size, char const **p, char const *end)
{
	char const *slash = memchr(*p, '/', (size_t) (end - *p));

	if (!slash || (size_t) (slash - *p) >= size || memchr(*p, '\0', (size_t) (slash - *p))) return false;
	memcpy(out, *p, (size_t) (slash - *p));
	out[slash - *p] = '\0';
	*p = slash + 1;
	return true;
}

static bool member_read(mpsk_again_t *again, redisReply const *member, redisReply const *score)
{
	char const *p = member->str, *end = p + member->len;

	if (member->type != REDIS_REPLY_STRING || !mpsk_reply_number(&again->due, score)) return false;
	return part_take(again->nas, sizeof(again->nas), &p, end) &&
	       part_take(again->address, sizeof(again->address), &p, end) &&
	       mpsk_mac_parse(&again->mac, p, (size_t) (end - p));
}

mpsk_status_t mpsk_store_again_put(mpsk_store_t *store, mpsk_again_t const *again, size_t n, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;
	char member[MEMBER_MAX], due[24];

	for (size_t i = 0; status == MPSK_OK && i < n; i++) {
		redisReply *reply = NULL;

		member_print(member, &again[i]);
		snprintf(due, sizeof(due), "%" PRId64, again[i].due);
		status = mpsk_pool_callf(store->pool, &reply, err, MPSK_RKEY_AGAIN, "ZADD %s GT %s %s",
					 MPSK_RKEY_AGAIN, due, member);
		mpsk_reply_free(&reply);
	}
	return status;
}

mpsk_status_t mpsk_store_again_due(mpsk_store_t *store, TALLOC_CTX *ctx, int64_t now, mpsk_again_t **again, size_t *n,
				   mpsk_error_t *err)
{
	redisReply *reply = NULL;
	char until[24];
	mpsk_status_t status;

	*again = NULL;
	*n = 0;
	snprintf(until, sizeof(until), "%" PRId64, now);
	status = mpsk_pool_callf(store->pool, &reply, err, MPSK_RKEY_AGAIN, "ZRANGE %s -inf %s BYSCORE WITHSCORES",
				 MPSK_RKEY_AGAIN, until);
	if (status != MPSK_OK) return status;
	if (!mpsk_reply_is_array(reply, 0)) {
		status = mpsk_reply_unexpected("ZRANGE", err);
	} else if (!(*again = talloc_zero_array(ctx, mpsk_again_t, reply->elements / 2 + 1))) {
		status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	for (size_t i = 0; status == MPSK_OK && i + 1 < reply->elements; i += 2) {
		if (member_read(&(*again)[*n], reply->element[i], reply->element[i + 1])) (*n)++;
	}
	mpsk_reply_free(&reply);
	return status;
}

mpsk_status_t mpsk_store_again_drop(mpsk_store_t *store, mpsk_again_t const *again, size_t n, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;
	char member[MEMBER_MAX];

	for (size_t i = 0; status == MPSK_OK && i < n; i++) {
		redisReply *reply = NULL;

		member_print(member, &again[i]);
		status = mpsk_pool_callf(store->pool, &reply, err, MPSK_RKEY_AGAIN, "ZREM %s %s", MPSK_RKEY_AGAIN,
					 member);
		mpsk_reply_free(&reply);
	}
	return status;
}
