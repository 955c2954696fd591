/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/meta.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <openssl/rand.h>

#include "store/reply.h"
#include "store/rkey.h"
#include "store/rows.h"

#define EPOCH_OCTETS	16
#define TEXT_OF(_n)	#_n
#define TEXT(_n)	TEXT_OF(_n)
#define SCHEMA_TEXT	TEXT(MPSK_SCHEMA)

static void epoch_set(mpsk_meta_t *meta, redisReply const *value)
{
	if (!value || value->type != REDIS_REPLY_STRING || value->len > MPSK_EPOCH_MAX) return;
	if (strlen(value->str) == value->len) memcpy(meta->epoch, value->str, value->len + 1);
}

static void number_set(int64_t *at, redisReply const *value)
{
	if (!value || !mpsk_reply_number(at, value)) *at = 0;
}

mpsk_status_t mpsk_meta_readable(int64_t schema, mpsk_error_t *err)
{
	if (schema <= MPSK_SCHEMA) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "mpsk:meta: the data in Redis are of schema %" PRId64 ", and this version "
			      "of mpsk reads schema " SCHEMA_TEXT ": install the version that wrote them", schema);
}

mpsk_status_t mpsk_meta_read(mpsk_meta_t *meta, mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	mpsk_rows_t *rows = NULL;
	mpsk_error_t why;
	mpsk_status_t status = mpsk_rows_get(NULL, &rows, conn, MPSK_RKEY_META, deadline, err);

	*meta = (mpsk_meta_t) { .seen = 0 };
	if (status != MPSK_OK) return status;
	if (mpsk_row_moved(rows->rows)) {
		status = MPSK_MISS;
	} else if (mpsk_row_check(rows->rows, &why) == MPSK_OK) {
		epoch_set(meta, mpsk_row_field(rows->rows, "epoch"));
		number_set(&meta->seen, mpsk_row_field(rows->rows, "seen"));
		number_set(&meta->accepted, mpsk_row_field(rows->rows, "accepted"));
		number_set(&meta->schema, mpsk_row_field(rows->rows, "schema"));
		number_set(&meta->made, mpsk_row_field(rows->rows, "made"));
	}
	talloc_free(rows);
	return status;
}

/* A uuid of version 4. */
static mpsk_status_t epoch_make(char epoch[static MPSK_EPOCH_MAX + 1], mpsk_error_t *err)
{
	uint8_t r[EPOCH_OCTETS];

	if (RAND_bytes(r, sizeof(r)) != 1) return mpsk_error_set(err, MPSK_ERR, "libcrypto has no random octets");
	r[6] = (uint8_t) ((r[6] & 0x0f) | 0x40);
	r[8] = (uint8_t) ((r[8] & 0x3f) | 0x80);
	snprintf(epoch, MPSK_EPOCH_MAX + 1, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10], r[11], r[12], r[13], r[14], r[15]);
	return MPSK_OK;
}

mpsk_status_t mpsk_meta_write(mpsk_meta_t *meta, mpsk_conn_t *conn, mpsk_script_t const *script, bool accept,
			      char const *epoch, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	char made[MPSK_EPOCH_MAX + 1];
	char const *argv[] = { NULL, NULL, "1", MPSK_RKEY_META, accept ? "accept" : "stamp", epoch, made,
			       SCHEMA_TEXT };
	size_t argvlen[sizeof(argv) / sizeof(argv[0])];
	redisReply *reply = NULL;
	mpsk_status_t status = epoch_make(made, err);

	*meta = (mpsk_meta_t) { .seen = 0 };
	for (size_t i = 2; i < sizeof(argv) / sizeof(argv[0]); i++) argvlen[i] = strlen(argv[i]);
	if (status == MPSK_OK) {
		status = mpsk_script_run(conn, script, &reply, deadline, err, sizeof(argv) / sizeof(argv[0]), argv,
					 argvlen);
	}
	if (status != MPSK_OK) return status;
	if (mpsk_reply_is_array(reply, 5)) {
		epoch_set(meta, reply->element[0]);
		number_set(&meta->seen, reply->element[1]);
		number_set(&meta->accepted, reply->element[2]);
		number_set(&meta->schema, reply->element[3]);
		number_set(&meta->made, reply->element[4]);
	} else {
		status = mpsk_reply_unexpected("EVALSHA", err);
	}
	mpsk_reply_free(&reply);
	return status;
}
