/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/role.h"

#include "store/reply.h"

mpsk_status_t mpsk_role_check(mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	redisReply *reply;
	mpsk_status_t status = mpsk_conn_callf(conn, &reply, deadline, err, "ROLE");

	if (status != MPSK_OK) return status;
	if (!mpsk_reply_is_array(reply, 1)) {
		status = mpsk_reply_unexpected("ROLE", err);
	} else if (!mpsk_reply_is_text(reply->element[0], "master")) {
		status = mpsk_error_set(err, MPSK_AGAIN, "this Redis is no primary");
	}
	mpsk_reply_free(&reply);
	return status;
}
