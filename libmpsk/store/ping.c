/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <time.h>

#include "store/info.h"
#include "store/pool.h"
#include "store/reply.h"
#include "store/store.h"

static double elapsed_ms(struct timespec const *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) (now.tv_sec - since->tv_sec) * 1e3 + (double) (now.tv_nsec - since->tv_nsec) / 1e6;
}

static mpsk_status_t ping_measure(mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_store_info_t *info,
				  mpsk_error_t *err)
{
	redisReply *reply;
	struct timespec start;
	mpsk_status_t status;

	clock_gettime(CLOCK_MONOTONIC, &start);
	status = mpsk_conn_callf(conn, &reply, deadline, err, "PING");
	if (status != MPSK_OK) return status;
	info->rtt_ms = elapsed_ms(&start);
	if (!mpsk_reply_is_text(reply, "PONG")) status = mpsk_reply_unexpected("PING", err);
	mpsk_reply_free(&reply);
	return status;
}

static mpsk_status_t ping_server(mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_store_info_t *info,
				 mpsk_error_t *err)
{
	char name[MPSK_INFO_NAME_MAX], version[MPSK_INFO_VERSION_MAX];
	redisReply *reply;
	mpsk_status_t status = mpsk_conn_callf(conn, &reply, deadline, err, "INFO server");

	if (status != MPSK_OK) return status;
	if (reply->type == REDIS_REPLY_STRING) {
		mpsk_info_server(name, version, reply->str, reply->len);
		snprintf(info->server, sizeof(info->server), "%s %s", name, version);
	} else {
		status = mpsk_reply_unexpected("INFO", err);
	}
	mpsk_reply_free(&reply);
	return status;
}

static mpsk_status_t ping_role(mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_store_info_t *info,
			       mpsk_error_t *err)
{
	redisReply *reply;
	mpsk_status_t status = mpsk_conn_callf(conn, &reply, deadline, err, "ROLE");

	if (status != MPSK_OK) return status;
	if (mpsk_reply_is_array(reply, 1) && reply->element[0]->type == REDIS_REPLY_STRING) {
		snprintf(info->role, sizeof(info->role), "%s", reply->element[0]->str);
	} else {
		status = mpsk_reply_unexpected("ROLE", err);
	}
	mpsk_reply_free(&reply);
	return status;
}

static mpsk_status_t ping_all(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	mpsk_store_info_t *info = uctx;
	mpsk_status_t status = ping_measure(conn, deadline, info, err);

	if (status == MPSK_OK) status = ping_server(conn, deadline, info, err);
	if (status == MPSK_OK) status = ping_role(conn, deadline, info, err);
	return status;
}

mpsk_status_t mpsk_store_ping(mpsk_store_t *store, mpsk_store_info_t *info, mpsk_error_t *err)
{
	*info = (mpsk_store_info_t) { 0 };
	return mpsk_pool_run(store->pool, NULL, ping_all, info, err);
}
