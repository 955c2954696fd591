/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/trail.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/trail_record.h"

#define PAGE	1000

static char const *const prefixes[MPSK_TRAIL_KINDS] = {
	[MPSK_TRAIL_AUDIT] = "mpsk:audit:",
	[MPSK_TRAIL_LOG] = "mpsk:log:",
};

mpsk_trail_name_t mpsk_trail_name(mpsk_trail_kind_t kind, char const *org)
{
	mpsk_trail_name_t name;

	snprintf(name.text, sizeof(name.text), "%s{%s}", prefixes[kind], *org ? org : "*");
	return name;
}

/*
 * --- Writing ---
 */
mpsk_status_t mpsk_trail_append(mpsk_conn_t *conn, char const *name, mpsk_trail_entry_t const *entry)
{
	char const *const head[] = { "XADD", name, "MAXLEN", "~", MPSK_TRAIL_LEN, "*" };
	size_t argc = sizeof(head) / sizeof(head[0]);
	char const **argv = talloc_array(NULL, char const *, argc + 2 * entry->n);
	size_t *argvlen = talloc_array(argv, size_t, argc + 2 * entry->n);
	mpsk_status_t status = MPSK_ERR;

	if (argvlen) {
		for (size_t i = 0; i < argc; i++) {
			argv[i] = head[i];
			argvlen[i] = strlen(head[i]);
		}
		for (size_t i = 0; i < entry->n; i++) {
			argv[argc] = entry->fields[i].name;
			argvlen[argc++] = entry->fields[i].name_len;
			argv[argc] = entry->fields[i].value;
			argvlen[argc++] = entry->fields[i].value_len;
		}
		status = mpsk_conn_append(conn, &(mpsk_command_t) { .argc = argc, .argv = argv, .argvlen = argvlen });
	}
	talloc_free(argv);
	return status;
}

typedef struct {
	char const			*name;
	mpsk_trail_entry_t const	*entries;
	size_t				n;
} add_t;

static mpsk_status_t add_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	add_t const *add = uctx;
	redisReply **replies = talloc_zero_array(NULL, redisReply *, add->n);
	mpsk_status_t status = replies ? MPSK_OK : MPSK_ERR;

	for (size_t i = 0; i < add->n && status == MPSK_OK; i++) {
		status = mpsk_trail_append(conn, add->name, &add->entries[i]);
	}
	status = status == MPSK_OK ? mpsk_conn_replies(conn, replies, add->n, deadline, err) :
				     mpsk_error_set(err, MPSK_ERR, "out of memory");
	for (size_t i = 0; replies && i < add->n; i++) mpsk_reply_free(&replies[i]);
	talloc_free(replies);
	return status;
}

mpsk_status_t mpsk_trail_add(mpsk_store_t *store, mpsk_trail_kind_t kind, char const *org,
			     mpsk_trail_entry_t const *entries, size_t n, mpsk_error_t *err)
{
	mpsk_trail_name_t name = mpsk_trail_name(kind, org);
	add_t add = { .name = name.text, .entries = entries, .n = n };
	redisReply *reply = NULL;
	mpsk_status_t status;

	if (n == 0) return MPSK_OK;
	status = mpsk_pool_run(store->pool, name.text, add_exchange, &add, err);
	if (status == MPSK_OK)
		status = mpsk_pool_callf(store->pool, &reply, err, MPSK_TRAILS, "ZADD %s 0 %s", MPSK_TRAILS, name.text);
	mpsk_reply_free(&reply);
	return status;
}

/*
 * --- Reading ---
 */
char const *mpsk_trail_get(mpsk_trail_record_t const *record, char const *name, size_t *len)
{
	*len = 0;
	for (size_t i = 0; i < record->n; i++) {
		mpsk_field_t const *field = &record->fields[i];

		if (field->name_len != strlen(name) || memcmp(field->name, name, field->name_len) != 0) continue;
		*len = field->value_len;
		return field->value;
	}
	return NULL;
}

/* The org in the name of a trail of this kind, NULL where it is none. Belongs to ctx. */
static char *org_of(TALLOC_CTX *ctx, mpsk_trail_kind_t kind, redisReply const *name)
{
	size_t prefix = strlen(prefixes[kind]);
	bool none;

	if (name->type != REDIS_REPLY_STRING) return NULL;
	if (!mpsk_rkey_has_prefix(name->str, name->len, prefixes[kind])) return NULL;
	if (name->len < prefix + 2 || name->str[prefix] != '{' || name->str[name->len - 1] != '}') return NULL;
	if (name->len > prefix + 2 + MPSK_NAME_MAX) return NULL;
	none = name->len == prefix + 3 && name->str[prefix + 1] == '*';
	return none ? talloc_strdup(ctx, "") : talloc_strndup(ctx, name->str + prefix + 1, name->len - prefix - 2);
}

mpsk_status_t mpsk_trail_orgs(mpsk_store_t *store, TALLOC_CTX *ctx, mpsk_trail_kind_t kind, char ***orgs, size_t *n,
			      mpsk_error_t *err)
{
	redisReply *reply = NULL;
	mpsk_status_t status = mpsk_pool_callf(store->pool, &reply, err, MPSK_TRAILS, "ZRANGE %s 0 -1", MPSK_TRAILS);

	*orgs = NULL;
	*n = 0;
	if (status == MPSK_OK && !mpsk_reply_is_array(reply, 0)) status = mpsk_reply_unexpected("ZRANGE", err);
	if (status == MPSK_OK && !(*orgs = talloc_zero_array(ctx, char *, reply->elements + 1)))
		status = mpsk_error_set(err, MPSK_ERR, "out of memory");
	for (size_t i = 0; status == MPSK_OK && i < reply->elements; i++) {
		char *org = org_of(*orgs, kind, reply->element[i]);

		if (org) (*orgs)[(*n)++] = org;
	}
	mpsk_reply_free(&reply);
	return status;
}

static bool is_pairs(redisReply const *values)
{
	if (!mpsk_reply_is_array(values, 0) || values->elements % 2) return false;
	for (size_t i = 0; i < values->elements; i++) {
		if (values->element[i]->type != REDIS_REPLY_STRING) return false;
	}
	return true;
}

bool mpsk_trail_record(mpsk_trail_record_t *record, TALLOC_CTX *ctx, redisReply const *entry)
{
	redisReply const *values;

	if (!mpsk_reply_is_array(entry, 2) || entry->element[0]->type != REDIS_REPLY_STRING) return false;
	values = entry->element[1];
	if (entry->element[0]->len >= MPSK_TRAIL_ID_MAX || !is_pairs(values)) return false;
	record->id = entry->element[0]->str;
	if (sscanf(record->id, "%" SCNd64 "-", &record->ms) != 1) return false;
	record->n = values->elements / 2;
	record->fields = talloc_array(ctx, mpsk_field_t, record->n + 1);
	for (size_t i = 0; record->fields && i < record->n; i++) {
		redisReply const *name = values->element[2 * i], *value = values->element[2 * i + 1];

		record->fields[i] = (mpsk_field_t) {
			.name = name->str, .name_len = name->len, .value = value->str, .value_len = value->len
		};
	}
	return record->fields != NULL;
}

mpsk_status_t mpsk_trail_show(char const *org, redisReply const *entries, mpsk_trail_cb_t cb, void *uctx,
			      char last[static MPSK_TRAIL_ID_MAX], mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	if (!mpsk_reply_is_array(entries, 0)) return mpsk_reply_unexpected("XRANGE", err);
	for (size_t i = 0; status == MPSK_OK && i < entries->elements; i++) {
		TALLOC_CTX *ctx = talloc_new(NULL);
		mpsk_trail_record_t record = { .org = org };

		if (!mpsk_trail_record(&record, ctx, entries->element[i])) {
			status = mpsk_reply_unexpected("XRANGE", err);
		} else {
			snprintf(last, MPSK_TRAIL_ID_MAX, "%s", record.id);
			status = cb(uctx, &record);
		}
		talloc_free(ctx);
	}
	return status;
}

mpsk_status_t mpsk_trail_read(mpsk_store_t *store, mpsk_trail_kind_t kind, char const *org, int64_t since_ms,
			      int64_t until_ms, mpsk_trail_cb_t cb, void *uctx, mpsk_error_t *err)
{
	mpsk_trail_name_t name = mpsk_trail_name(kind, org);
	char from[MPSK_TRAIL_ID_MAX + 1], to[24], last[MPSK_TRAIL_ID_MAX] = "", count[24];
	mpsk_status_t status;
	size_t n = PAGE;

	snprintf(from, sizeof(from), "%" PRId64, until_ms);
	snprintf(to, sizeof(to), "%" PRId64, since_ms);
	snprintf(count, sizeof(count), "%d", PAGE);
	do {
		redisReply *reply = NULL;

		status = mpsk_pool_callf(store->pool, &reply, err, name.text, "XREVRANGE %s %s %s COUNT %s", name.text,
					 from, to, count);
		if (status != MPSK_OK) break;
		n = mpsk_reply_is_array(reply, 0) ? reply->elements : 0;
		status = mpsk_trail_show(org, reply, cb, uctx, last, err);
		mpsk_reply_free(&reply);
		snprintf(from, sizeof(from), "(%s", last);
	} while (status == MPSK_OK && n == PAGE);
	return status;
}
