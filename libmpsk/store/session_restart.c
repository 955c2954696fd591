/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/session_call.h"
#include "store/session_write.h"

#define CHUNK 64

typedef struct {
	mpsk_store_t			*store;
	mpsk_session_restart_t const	*restart;
	mpsk_rkey_t			nas;
	mpsk_session_terms_t const	*terms;
	int64_t				now;
	char				bssid[MPSK_MAC_TEXT_MAX];	/* or "" */
	mpsk_piped_t			commands[CHUNK];
	mpsk_session_call_t		calls[CHUNK];
} restart_t;

/* For sessions of before that are told of later. */
static mpsk_status_t mark_write(restart_t *r, mpsk_error_t *err)
{
	char mark[MPSK_SESSION_MARK_MAX] = MPSK_SESSION_MARK, at[SESSION_NUMBER_MAX];
	mpsk_pool_t *pool = r->store->pool;
	redisReply *reply = NULL;
	int64_t before = 0;
	mpsk_status_t status;

	if (r->restart->has_bssid) mpsk_session_mark(mark, &r->restart->bssid);
	status = mpsk_pool_callf(pool, &reply, err, r->nas.text, "HGET %s %s", r->nas.text, mark);
	if (status != MPSK_OK) return status;
	if (!mpsk_reply_number(&before, reply)) before = 0;
	mpsk_reply_free(&reply);
	if (before >= r->restart->at) return MPSK_OK;
	snprintf(at, sizeof(at), "%" PRId64, r->restart->at);
	status = mpsk_pool_callf(pool, &reply, err, r->nas.text, "HSET %s %s %s", r->nas.text, mark, at);
	mpsk_reply_free(&reply);
	if (status != MPSK_OK) return status;
	status = mpsk_pool_callf(pool, &reply, err, r->nas.text, "EXPIRE %s " MPSK_SESSION_LIFE, r->nas.text);
	mpsk_reply_free(&reply);
	return status;
}

static bool is_pointer(redisReply const *sid, redisReply const *id)
{
	if (sid->type != REDIS_REPLY_STRING || id->type != REDIS_REPLY_STRING) return false;
	if (sid->len >= MPSK_OCTETS_TEXT_MAX || memchr(sid->str, '\0', sid->len)) return false;
	return strncmp(sid->str, MPSK_SESSION_MARK, strlen(MPSK_SESSION_MARK)) != 0 &&
	       mpsk_id_valid(id->str, id->len);
}

static void session_add(restart_t *r, size_t at, redisReply const *sid, redisReply const *id)
{
	mpsk_session_call_t *call = &r->calls[at];
	char field[MPSK_SESSION_FIELD_MAX];

	snprintf(field, sizeof(field), "%s/%s", r->restart->nas, sid->str);
	memcpy(call->field, field, sizeof(field));
	mpsk_session_call_begin(call, "restart", id->str, call->field, r->now, r->terms);
	mpsk_session_call_add_number(call, (uint64_t) r->restart->at);
	mpsk_session_call_add(call, r->bssid);
	r->commands[at] = mpsk_session_call_piped(call, &r->store->session);
}

/* The first n calls. What is refused for good, a hash of a wrong type, has nothing to end. */
static mpsk_status_t chunk_run(restart_t *r, size_t n, mpsk_error_t *err)
{
	mpsk_status_t status = mpsk_pipeline_run(r->store->pool, r->commands, n, err);

	for (size_t i = 0; i < n; i++) {
		if (r->commands[i].status == MPSK_AGAIN) status = MPSK_AGAIN;
	}
	mpsk_pipeline_free(r->commands, n);
	return status;
}

static mpsk_status_t sessions_end(restart_t *r, redisReply const *pairs, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;
	size_t n = 0;

	for (size_t i = 0; i + 1 < pairs->elements && status == MPSK_OK; i += 2) {
		if (is_pointer(pairs->element[i], pairs->element[i + 1])) {
			session_add(r, n++, pairs->element[i], pairs->element[i + 1]);
		}
		if (n < CHUNK && i + 3 < pairs->elements) continue;
		status = chunk_run(r, n, err);
		n = 0;
	}
	return status;
}

mpsk_status_t mpsk_session_restart(mpsk_store_t *store, mpsk_session_restart_t const *restart,
				   mpsk_session_terms_t const *terms, int64_t now, mpsk_error_t *err)
{
	restart_t *r = talloc_zero(NULL, restart_t);
	redisReply *pairs = NULL;
	mpsk_status_t status;

	if (!r) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	r->store = store;
	r->restart = restart;
	r->terms = terms;
	r->now = now;
	r->nas = mpsk_rkey_nas(restart->nas);
	if (restart->has_bssid) (void) mpsk_mac_print(r->bssid, &restart->bssid);
	status = mark_write(r, err);
	if (status == MPSK_OK) {
		status = mpsk_pool_callf(store->pool, &pairs, err, r->nas.text, "HGETALL %s", r->nas.text);
	}
	if (status == MPSK_OK && !mpsk_reply_is_array(pairs, 0)) status = mpsk_reply_unexpected("HGETALL", err);
	if (status == MPSK_OK) status = sessions_end(r, pairs, err);
	mpsk_reply_free(&pairs);
	talloc_free(r);
	return status;
}
