/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/link.h"

#include <string.h>

#include "base/deadline.h"
#include "store/reply.h"
#include "store/role.h"

#define LINK_CHANNEL	"__redis__:invalidate"
#define LINK_COMMAND_MS	1000
#define LINK_CHECK_MS	1000
#define LINK_INFO_MS	5000
#define LINK_SILENCE_MS	3000

/* Whether something failed that another attempt or server may do, rather than being refused for good. */
static bool is_transient(mpsk_status_t status, mpsk_conn_t *conn)
{
	return status == MPSK_AGAIN || !mpsk_conn_usable(conn) || !mpsk_conn_quiet(conn);
}

/* SUB's id, for DATA to name. */
static mpsk_status_t link_sub_id(mpsk_link_t *link, mpsk_error_t *err)
{
	redisReply *reply;
	mpsk_status_t status = mpsk_conn_callf(link->sub, &reply, mpsk_deadline_in(LINK_COMMAND_MS), err, "CLIENT ID");

	if (status != MPSK_OK) return status;
	if (reply->type == REDIS_REPLY_INTEGER) {
		link->sub_id = reply->integer;
	} else {
		status = mpsk_reply_unexpected("CLIENT ID", err);
	}
	mpsk_reply_free(&reply);
	return status;
}

/* Subscribe first: what is sent to a channel that nobody hears is lost. */
static mpsk_status_t link_track(mpsk_link_t *link, mpsk_error_t *err)
{
	redisReply *reply = NULL;
	mpsk_status_t status = link_sub_id(link, err);

	if (status == MPSK_OK) {
		status = mpsk_conn_callf(link->sub, &reply, mpsk_deadline_in(LINK_COMMAND_MS), err,
					 "SUBSCRIBE " LINK_CHANNEL);
	}
	if (status != MPSK_OK) return status;
	mpsk_reply_free(&reply);
	status = mpsk_conn_callf(link->data, &reply, mpsk_deadline_in(LINK_COMMAND_MS), err,
				 "CLIENT TRACKING ON REDIRECT %lld BCAST PREFIX mpsk:key: PREFIX mpsk:dev: "
				 "PREFIX mpsk:cfg: PREFIX mpsk:meta", (long long) link->sub_id);
	mpsk_reply_free(&reply);
	return status;
}

static mpsk_status_t link_open_sub(mpsk_link_t *link, mpsk_endpoint_t *endpoint, unsigned node, int cancel_fd,
				   mpsk_error_t *err)
{
	mpsk_status_t status = mpsk_endpoint_connect(NULL, &link->sub, endpoint, node, cancel_fd, err);

	if (status != MPSK_OK) return status;
	status = link_track(link, &link->untracked);
	if (status == MPSK_OK) return MPSK_OK;
	if (is_transient(status, link->sub) || is_transient(status, link->data)) {
		return mpsk_error_set(err, status, "%s", link->untracked.text);
	}
	TALLOC_FREE(link->sub);
	return MPSK_OK;
}

/* Who it is: another process than before may not have what the other one granted last. */
static mpsk_status_t link_run_id(mpsk_link_t *link, mpsk_error_t *err)
{
	static char const field[] = "\nrun_id:";
	redisReply *reply = NULL;
	mpsk_error_t why;
	mpsk_status_t status = mpsk_conn_callf(link->data, &reply, mpsk_deadline_in(LINK_COMMAND_MS), &why,
					       "INFO server");
	char const *at = status == MPSK_OK && reply->type == REDIS_REPLY_STRING ? strstr(reply->str, field) : NULL;

	if (at) {
		at += strlen(field);
		memcpy(link->run_id, at, strnlen(at, MPSK_RUN_ID_LEN));
	}
	mpsk_reply_free(&reply);
	if (status == MPSK_OK || !is_transient(status, link->data)) return MPSK_OK;
	return mpsk_error_set(err, status, "%s", why.text);
}

mpsk_status_t mpsk_link_open(mpsk_link_t *link, mpsk_endpoint_t *endpoint, unsigned node, int cancel_fd,
			     mpsk_error_t *err)
{
	int64_t now = mpsk_monotonic_ms();
	mpsk_status_t status;

	*link = (mpsk_link_t) { .check_at = now + LINK_CHECK_MS, .info_at = now + LINK_INFO_MS, .has_info = true };
	/* No talloc parent: that would be another thread's. */
	status = mpsk_endpoint_connect(NULL, &link->data, endpoint, node, cancel_fd, err);
	if (status == MPSK_OK) status = mpsk_role_check(link->data, mpsk_deadline_in(LINK_COMMAND_MS), err);
	if (status == MPSK_OK) status = link_run_id(link, err);
	if (status == MPSK_OK) status = link_open_sub(link, endpoint, node, cancel_fd, err);
	if (status != MPSK_OK) mpsk_link_close(link);
	return status;
}

void mpsk_link_close(mpsk_link_t *link)
{
	TALLOC_FREE(link->data);
	TALLOC_FREE(link->sub);
}

/*
 * --- What SUB is told ---
 */
static mpsk_status_t link_invalidate(redisReply const *names, mpsk_link_changed_t changed, void *uctx,
				     mpsk_error_t *err)
{
	bool ok = true;

	if (names->type == REDIS_REPLY_NIL) {
		ok = changed(uctx, NULL, 0);	/* FLUSHALL or FLUSHDB */
	} else if (!mpsk_reply_is_array(names, 0)) {
		return mpsk_reply_unexpected("SUBSCRIBE", err);
	}
	for (size_t i = 0; ok && i < names->elements; i++) {
		redisReply const *name = names->element[i];

		if (name->type == REDIS_REPLY_STRING) ok = changed(uctx, name->str, name->len);
	}
	return ok ? MPSK_OK : mpsk_error_set(err, MPSK_ERR, "out of memory");
}

mpsk_status_t mpsk_link_drain(mpsk_link_t *link, mpsk_link_changed_t changed, void *uctx, mpsk_error_t *err)
{
	redisReply *reply = NULL;
	mpsk_status_t status = MPSK_OK;

	if (!link->sub) return MPSK_OK;
	while (status == MPSK_OK) {
		status = mpsk_conn_try(link->sub, &reply, err);
		if (status != MPSK_OK) break;
		link->pinged_at = 0;
		status = mpsk_conn_check(link->sub, reply, err);
		/* The rest is the answer to PING. */
		if (status == MPSK_OK && mpsk_reply_is_array(reply, 3) &&
		    mpsk_reply_is_text(reply->element[0], "message")) {
			status = link_invalidate(reply->element[2], changed, uctx, err);
		}
		mpsk_reply_free(&reply);
	}
	return status == MPSK_MISS ? MPSK_OK : status;
}

/*
 * --- Whether it still works ---
 */
static mpsk_status_t link_ping_sub(mpsk_link_t *link, int64_t now, mpsk_error_t *err)
{
	mpsk_status_t status;

	if (link->pinged_at && now - link->pinged_at >= LINK_SILENCE_MS) {
		return mpsk_error_set(err, MPSK_AGAIN, "Redis has been silent for %d s", LINK_SILENCE_MS / 1000);
	}
	status = mpsk_conn_appendf(link->sub, "PING");
	if (status != MPSK_OK) return mpsk_error_set(err, status, "out of memory");
	if (!link->pinged_at) link->pinged_at = now;
	return mpsk_conn_flush(link->sub, mpsk_deadline_in(LINK_COMMAND_MS), err);
}

/* The value after a name in an array of names and values, or NULL. */
static redisReply const *pair_value(redisReply const *pairs, char const *name)
{
	if (pairs->type != REDIS_REPLY_ARRAY) return NULL;
	for (size_t i = 0; i + 1 < pairs->elements; i += 2) {
		if (mpsk_reply_is_text(pairs->element[i], name)) return pairs->element[i + 1];
	}
	return NULL;
}

static bool has_element(redisReply const *array, char const *text)
{
	for (size_t i = 0; array && array->type == REDIS_REPLY_ARRAY && i < array->elements; i++) {
		if (mpsk_reply_is_text(array->element[i], text)) return true;
	}
	return false;
}

static mpsk_status_t link_tracking_info(mpsk_link_t *link, mpsk_error_t *err)
{
	redisReply *reply;
	redisReply const *flags;
	mpsk_error_t why;
	mpsk_status_t status = mpsk_conn_callf(link->data, &reply, mpsk_deadline_in(LINK_SILENCE_MS), &why,
					       "CLIENT TRACKINGINFO");

	if (status != MPSK_OK) {
		link->has_info = false;
		return is_transient(status, link->data) ? mpsk_error_set(err, status, "%s", why.text) : MPSK_OK;
	}
	flags = pair_value(reply, "flags");
	if (!has_element(flags, "bcast") || has_element(flags, "broken_redirect")) {
		status = mpsk_error_set(err, MPSK_AGAIN, "Redis has stopped telling what changes");
	}
	mpsk_reply_free(&reply);
	return status;
}

mpsk_status_t mpsk_link_check(mpsk_link_t *link, mpsk_error_t *err)
{
	int64_t now = mpsk_monotonic_ms();
	mpsk_status_t status;

	/* Nothing is owed on DATA between two exchanges, so whatever comes is its end. */
	if (!mpsk_conn_quiet(link->data)) return mpsk_error_set(err, MPSK_AGAIN, "Redis closed the connection");
	if (now < link->check_at) return MPSK_OK;
	link->check_at = now + LINK_CHECK_MS;
	status = mpsk_role_check(link->data, mpsk_deadline_in(LINK_SILENCE_MS), err);
	if (status != MPSK_OK || !link->sub) return status;
	status = link_ping_sub(link, now, err);
	if (status != MPSK_OK || !link->has_info || now < link->info_at) return status;
	link->info_at = now + LINK_INFO_MS;
	return link_tracking_info(link, err);
}
