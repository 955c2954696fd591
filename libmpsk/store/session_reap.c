/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/session_reap.h"

#include <string.h>

#include "store/pool.h"
#include "store/reply.h"
#include "store/session_call.h"

mpsk_reap_t mpsk_session_reap_wants(mpsk_session_t const *session, int64_t now, int64_t stale, int64_t keep)
{
	int64_t ended = session->ended ? session->ended : session->seen;

	if (session->ended == 0 && session->seen > now - stale) return MPSK_REAP_KEEP;
	if (ended < now - keep) return MPSK_REAP_FORGET;
	return session->ended ? MPSK_REAP_KEEP : MPSK_REAP_END;
}

/* The pointer goes after the session: without one, a late event would find another key's. */
static mpsk_status_t pointer_drop(mpsk_store_t *store, mpsk_session_t const *session, char const *sid,
				  mpsk_error_t *err)
{
	mpsk_rkey_t nas = mpsk_rkey_nas(session->nas);
	redisReply *reply = NULL;
	mpsk_status_t status = mpsk_pool_callf(store->pool, &reply, err, nas.text, "HDEL %s %s", nas.text, sid);

	mpsk_reply_free(&reply);
	/* Where the hash is of another type there is no pointer in it. */
	return status == MPSK_BAD ? MPSK_OK : status;
}

static mpsk_status_t reap_run(mpsk_store_t *store, mpsk_session_call_t *call, mpsk_reap_t *did, mpsk_error_t *err)
{
	mpsk_piped_t piped = mpsk_session_call_piped(call, &store->session);
	mpsk_status_t status;

	(void) mpsk_pipeline_run(store->pool, &piped, 1, err);
	status = piped.status;
	if (status == MPSK_OK && mpsk_reply_is_text(piped.reply, "NONE")) {
		*did = MPSK_REAP_FORGET;
	} else if (status == MPSK_OK) {
		*did = mpsk_reply_is_text(piped.reply, "ENDED") ? MPSK_REAP_END : MPSK_REAP_KEEP;
	}
	mpsk_pipeline_free(&piped, 1);
	return status;
}

mpsk_status_t mpsk_session_reap(mpsk_store_t *store, mpsk_session_t const *session, int64_t now,
				mpsk_session_terms_t const *terms, int64_t keep, mpsk_reap_t *did, mpsk_error_t *err)
{
	mpsk_session_call_t call;
	mpsk_status_t status;

	*did = MPSK_REAP_KEEP;
	(void) mpsk_session_field(call.field, session->nas, &session->sid);
	mpsk_session_call_begin(&call, "reap", session->id, call.field, now, terms);
	mpsk_session_call_add_number(&call, (uint64_t) keep);
	status = reap_run(store, &call, did, err);
	if (status == MPSK_OK && *did == MPSK_REAP_FORGET) {
		status = pointer_drop(store, session, strchr(call.field, '/') + 1, err);
	}
	return status;
}
