/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/reply.h"
#include "store/rkey.h"

static int rows_free(mpsk_rows_t *rows)
{
	for (size_t i = 0; i < rows->n; i++) mpsk_reply_free(&rows->rows[i].pairs);
	return 0;
}

static mpsk_rows_t *rows_create(TALLOC_CTX *ctx, size_t n)
{
	mpsk_rows_t *rows = talloc_zero(ctx, mpsk_rows_t);

	if (!rows) return NULL;
	talloc_set_destructor(rows, rows_free);
	rows->rows = talloc_zero_array(rows, mpsk_row_t, n);
	if (!rows->rows) TALLOC_FREE(rows);
	return rows;
}

static bool rows_add(mpsk_rows_t *rows, char const *name, size_t len)
{
	mpsk_row_t *row = &rows->rows[rows->n];

	row->name = talloc_size(rows, len + 1);
	if (!row->name) return false;
	memcpy(row->name, name, len);
	row->name[len] = '\0';
	row->name_len = len;
	row->is_set = mpsk_rkey_has_prefix(name, len, MPSK_RKEY_DEV_PREFIX);
	rows->n++;
	return true;
}

/* Keys of another type are rare, so only they cost a second look. */
static mpsk_status_t rows_type(mpsk_row_t *row, mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	redisReply *reply;
	mpsk_status_t status = mpsk_conn_callf(conn, &reply, deadline, err, "TYPE %b", row->name, row->name_len);

	if (status != MPSK_OK) return status;
	if (reply->type == REDIS_REPLY_STATUS && reply->len < sizeof(row->type)) {
		memcpy(row->type, reply->str, reply->len + 1);
	}
	mpsk_reply_free(&reply);
	return MPSK_OK;
}

static bool is_pairs(redisReply const *reply)
{
	if (!mpsk_reply_is_array(reply, 0) || reply->elements % 2) return false;
	for (size_t i = 0; i < reply->elements; i++) {
		if (reply->element[i]->type != REDIS_REPLY_STRING) return false;
	}
	return true;
}

/* A row is complete. */
static mpsk_status_t row_use(mpsk_rows_t *rows, mpsk_row_t *row, mpsk_error_t *err)
{
	mpsk_status_t status;

	if (!rows->use) return MPSK_OK;
	status = rows->use(rows->uctx, row, err);
	mpsk_reply_free(&row->pairs);
	return status;
}

static mpsk_status_t row_read(mpsk_rows_t *rows, mpsk_row_t *row, mpsk_conn_t *conn, mpsk_error_t *err)
{
	mpsk_status_t status;

	/* Completed when nothing is on its way any more; what has moved is the caller's to find. */
	if (mpsk_reply_is_error(row->pairs, "WRONGTYPE") || mpsk_row_moved(row)) return MPSK_OK;
	status = mpsk_conn_check(conn, row->pairs, err);
	if (status != MPSK_OK) return status;
	if (!is_pairs(row->pairs)) return mpsk_reply_unexpected(row->is_set ? "ZRANGE" : "HGETALL", err);
	return row_use(rows, row, err);
}

/* Every reply is read, whatever it says, so that the connection stays of use. */
static mpsk_status_t rows_read(mpsk_rows_t *rows, mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; i < rows->n; i++) {
		mpsk_row_t *row = &rows->rows[i];
		mpsk_status_t came = mpsk_conn_reply(conn, &row->pairs, deadline, status == MPSK_OK ? err : NULL);

		if (came != MPSK_OK) return status == MPSK_OK ? came : status;
		if (status == MPSK_OK) status = row_read(rows, row, conn, err);
	}
	return status;
}

/* What every row holds, all asked for before the first reply is read. */
static mpsk_status_t rows_fill(mpsk_rows_t *rows, mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; i < rows->n && status == MPSK_OK; i++) {
		mpsk_row_t const *row = &rows->rows[i];

		status = row->is_set ? mpsk_conn_appendf(conn, "ZRANGE %b 0 -1 WITHSCORES", row->name, row->name_len) :
				       mpsk_conn_appendf(conn, "HGETALL %b", row->name, row->name_len);
	}
	if (status != MPSK_OK) return mpsk_error_set(err, status, "out of memory");
	status = rows_read(rows, conn, deadline, err);
	for (size_t i = 0; i < rows->n && status == MPSK_OK; i++) {
		mpsk_row_t *row = &rows->rows[i];

		if (!row->pairs || !mpsk_reply_is_error(row->pairs, "WRONGTYPE")) continue;
		status = rows_type(row, conn, deadline, err);
		if (status == MPSK_OK) status = row_use(rows, row, err);
	}
	return status;
}

/* Hand over rows that were begun, or free them where something failed. */
static mpsk_status_t rows_finish(mpsk_rows_t **out, mpsk_rows_t *rows, bool complete, mpsk_conn_t *conn,
				 mpsk_deadline_t deadline, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_ERR;

	if (complete) {
		status = rows_fill(rows, conn, deadline, err);
	} else {
		mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	if (status == MPSK_OK) {
		*out = rows;
	} else {
		talloc_free(rows);
	}
	return status;
}

static mpsk_status_t walk_scan(redisReply **reply, mpsk_conn_t *conn, mpsk_walk_t *walk, unsigned count,
			       mpsk_deadline_t deadline, mpsk_error_t *err)
{
	mpsk_status_t status = mpsk_conn_callf(conn, reply, deadline, err, "SCAN %s MATCH %s COUNT %u",
					       *walk->cursor ? walk->cursor : "0", walk->pattern, count);
	redisReply const *cursor;

	if (status != MPSK_OK) return status;
	if (mpsk_reply_is_array(*reply, 2) && mpsk_reply_is_array((*reply)->element[1], 0)) {
		cursor = (*reply)->element[0];
		if (cursor->type == REDIS_REPLY_STRING && cursor->len > 0 && cursor->len < MPSK_CURSOR_MAX) {
			memcpy(walk->cursor, cursor->str, cursor->len + 1);
			walk->done = strcmp(walk->cursor, "0") == 0;
			return MPSK_OK;
		}
	}
	mpsk_reply_free(reply);
	return mpsk_reply_unexpected("SCAN", err);
}

mpsk_status_t mpsk_rows_walk(TALLOC_CTX *ctx, mpsk_rows_t **out, mpsk_conn_t *conn, mpsk_walk_t *walk,
			     unsigned count, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	redisReply *reply = NULL;
	redisReply const *names;
	mpsk_rows_t *rows;
	bool complete;
	mpsk_status_t status = walk_scan(&reply, conn, walk, count, deadline, err);

	*out = NULL;
	if (status != MPSK_OK) return status;
	names = reply->element[1];
	rows = rows_create(ctx, names->elements);
	complete = rows != NULL;
	if (complete) {
		rows->use = walk->use;
		rows->uctx = walk->uctx;
	}
	for (size_t i = 0; complete && i < names->elements; i++) {
		if (names->element[i]->type != REDIS_REPLY_STRING) continue;
		complete = rows_add(rows, names->element[i]->str, names->element[i]->len);
	}
	mpsk_reply_free(&reply);
	return rows_finish(out, rows, complete, conn, deadline, err);
}

mpsk_status_t mpsk_rows_fetch(TALLOC_CTX *ctx, mpsk_rows_t **out, mpsk_conn_t *conn, mpsk_names_t const *names,
			      size_t max, mpsk_deadline_t deadline, mpsk_error_t *err)
{
	size_t n = mpsk_names_count(names) < max ? mpsk_names_count(names) : max;
	mpsk_rows_t *rows = rows_create(ctx, n);
	mpsk_name_t const *name = mpsk_names_first(names);
	bool complete = rows != NULL;

	*out = NULL;
	for (; complete && rows->n < n; name = mpsk_names_next(name)) complete = rows_add(rows, name->text, name->len);
	return rows_finish(out, rows, complete, conn, deadline, err);
}

mpsk_status_t mpsk_rows_get(TALLOC_CTX *ctx, mpsk_rows_t **out, mpsk_conn_t *conn, char const *name,
			    mpsk_deadline_t deadline, mpsk_error_t *err)
{
	mpsk_rows_t *rows = rows_create(ctx, 1);

	*out = NULL;
	return rows_finish(out, rows, rows && rows_add(rows, name, strlen(name)), conn, deadline, err);
}

/*
 * --- One row ---
 */
void mpsk_row_label(mpsk_error_t *label, mpsk_row_t const *row)
{
	size_t len = row->name_len < sizeof(label->text) ? row->name_len : sizeof(label->text) - 1;

	for (size_t i = 0; i < len; i++) {
		label->text[i] = row->name[i] >= ' ' && row->name[i] <= '~' ? row->name[i] : '?';
	}
	label->text[len] = '\0';
}

bool mpsk_row_moved(mpsk_row_t const *row)
{
	return row->pairs && (mpsk_reply_is_error(row->pairs, "MOVED") || mpsk_reply_is_error(row->pairs, "ASK"));
}

mpsk_status_t mpsk_row_check(mpsk_row_t const *row, mpsk_error_t *err)
{
	if (row->pairs->type == REDIS_REPLY_ERROR) {
		/* Where it became one or went between the two looks, the next look will tell. */
		return mpsk_error_set(err, MPSK_BAD, "%s is a %s, not a %s", row->name,
				      *row->type ? row->type : "value of another type",
				      row->is_set ? "sorted set" : "hash");
	}
	return row->pairs->elements ? MPSK_OK : MPSK_MISS;
}

redisReply const *mpsk_row_field(mpsk_row_t const *row, char const *name)
{
	for (size_t i = 0; i + 1 < row->pairs->elements; i += 2) {
		if (mpsk_reply_is_text(row->pairs->element[i], name)) return row->pairs->element[i + 1];
	}
	return NULL;
}

static mpsk_status_t row_parse(TALLOC_CTX *ctx, mpsk_key_t **key, mpsk_row_t const *row, mpsk_keyring_t const *keyring,
			       char const *id, mpsk_error_t *err)
{
	size_t n = row->pairs->elements / 2;
	mpsk_field_t *fields = talloc_array(ctx, mpsk_field_t, n);
	mpsk_status_t status;

	if (!fields) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	for (size_t i = 0; i < n; i++) {
		redisReply const *name = row->pairs->element[2 * i];
		redisReply const *value = row->pairs->element[2 * i + 1];

		fields[i] = (mpsk_field_t) { name->str, name->len, value->str, value->len };
	}
	status = mpsk_key_parse(ctx, key, id, strlen(id), fields, n, keyring, err);
	talloc_free(fields);
	return status;
}

mpsk_status_t mpsk_row_key(TALLOC_CTX *ctx, mpsk_key_t **key, mpsk_row_t const *row, mpsk_keyring_t const *keyring,
			   char id[static MPSK_ID_MAX + 1], mpsk_error_t *err)
{
	mpsk_status_t status;

	*key = NULL;
	id[0] = '\0';
	if (!mpsk_rkey_id(id, row->name, row->name_len, MPSK_RKEY_KEY_PREFIX)) {
		return mpsk_error_set(err, MPSK_BAD, "its name is not mpsk:key:{id}, id being 1 to %d of "
				      "A-Z a-z 0-9 . _ -", MPSK_ID_MAX);
	}
	status = mpsk_row_check(row, err);
	return status == MPSK_OK ? row_parse(ctx, key, row, keyring, id, err) : status;
}

/* A score is a double, and a hand may have written any. */
static int64_t device_time(redisReply const *score)
{
	double seconds = score->type == REDIS_REPLY_STRING ? strtod(score->str, NULL) : 0;

	if (isnan(seconds) || seconds < 0) return 0;
	return seconds < (double) MPSK_NUMBER_MAX ? (int64_t) seconds : MPSK_NUMBER_MAX;
}

/* A claim finds a device by the very text that it would have written. */
static bool device_mac(mpsk_mac_t *mac, redisReply const *member)
{
	char text[MPSK_MAC_TEXT_MAX];

	return member->type == REDIS_REPLY_STRING && mpsk_mac_parse(mac, member->str, member->len) &&
	       mpsk_reply_is_text(member, mpsk_mac_print(text, mac));
}

mpsk_status_t mpsk_rows_devices(TALLOC_CTX *ctx, mpsk_device_t **devices, size_t *n, redisReply const *pairs,
				mpsk_error_t *err)
{
	mpsk_device_t *list;

	*n = 0;
	if (!mpsk_reply_is_array(pairs, 0) || pairs->elements % 2) return mpsk_reply_unexpected("ZRANGE", err);
	list = talloc_zero_array(ctx, mpsk_device_t, pairs->elements / 2);
	if (!list) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	for (size_t i = 0; i < pairs->elements; i += 2) {
		redisReply const *mac = pairs->element[i];

		if (!device_mac(&list[*n].mac, mac)) continue;
		list[*n].last_seen = device_time(pairs->element[i + 1]);
		(*n)++;
	}
	*devices = list;
	return MPSK_OK;
}

mpsk_status_t mpsk_row_devices(TALLOC_CTX *ctx, mpsk_device_t **devices, size_t *n, mpsk_row_t const *row,
			       char id[static MPSK_ID_MAX + 1], mpsk_error_t *err)
{
	mpsk_status_t status;

	*devices = NULL;
	*n = 0;
	id[0] = '\0';
	if (!mpsk_rkey_id(id, row->name, row->name_len, MPSK_RKEY_DEV_PREFIX)) {
		return mpsk_error_set(err, MPSK_BAD, "its name is not mpsk:dev:{id}");
	}
	status = mpsk_row_check(row, err);
	if (status == MPSK_OK) status = mpsk_rows_devices(ctx, devices, n, row->pairs, err);
	return status == MPSK_MISS ? MPSK_OK : status;
}
