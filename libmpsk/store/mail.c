/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/mail.h"


#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"

#define MAIL_LIFE (400 * 24 * 3600)

mpsk_status_t mpsk_store_mail_read(mpsk_store_t *store, char const *id, mpsk_mail_t *mail, mpsk_error_t *err)
{
	int64_t *const numbers[] = { &mail->change, &mail->expiry, &mail->tried, &mail->tries };
	redisReply *reply = NULL;
	mpsk_rkey_t name;
	mpsk_status_t status = mpsk_store_id_check(id, err);

	*mail = (mpsk_mail_t) { .change = 0 };
	if (status != MPSK_OK) return status;
	name = mpsk_rkey_mail(id);
	status = mpsk_pool_callf(store->pool, &reply, err, name.text, "HMGET %s change expiry tried tries", name.text);
	if (status == MPSK_OK && !mpsk_reply_is_array(reply, 4)) status = mpsk_reply_unexpected("HMGET", err);
	for (size_t i = 0; status == MPSK_OK && i < 4; i++)
		if (!mpsk_reply_number(numbers[i], reply->element[i])) *numbers[i] = 0;
	mpsk_reply_free(&reply);
	return status;
}

typedef struct {
	char const		*name;
	mpsk_mail_t const	*mail;
} mail_write_t;

static mpsk_status_t mail_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	mail_write_t const *write = uctx;
	mpsk_mail_t const *mail = write->mail;
	redisReply *replies[2] = { NULL, NULL };
	mpsk_status_t status;

	status = mpsk_conn_appendf(conn, "HSET %s change %lld expiry %lld tried %lld tries %lld", write->name,
				   (long long) mail->change, (long long) mail->expiry, (long long) mail->tried,
				   (long long) mail->tries);
	if (status == MPSK_OK) status = mpsk_conn_appendf(conn, "EXPIRE %s %d", write->name, MAIL_LIFE);
	if (status != MPSK_OK) return mpsk_error_set(err, status, "out of memory");
	status = mpsk_conn_replies(conn, replies, 2, deadline, err);
	for (int i = 0; i < 2; i++) mpsk_reply_free(&replies[i]);
	return status;
}

mpsk_status_t mpsk_store_mail_write(mpsk_store_t *store, char const *id, mpsk_mail_t const *mail, mpsk_error_t *err)
{
	mail_write_t write = { .mail = mail };
	mpsk_rkey_t name;
	mpsk_status_t status = mpsk_store_id_check(id, err);

	if (status != MPSK_OK) return status;
	name = mpsk_rkey_mail(id);
	write.name = name.text;
	return mpsk_pool_run(store->pool, name.text, mail_exchange, &write, err);
}
