/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NASes as rows of output. A secret is never shown: only that there is one.
 */
#include "nas_record.h"

#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "key/seal.h"

static json_t *id_value(void const *p)
{
	ctl_nas_record_t const *record = p;

	return ctl_escape_json(record->id, strlen(record->id));
}

static json_t *field_value(void const *p, char const *name)
{
	ctl_nas_record_t const *record = p;
	mpsk_field_t const *field = record->nas ? mpsk_nas_row_field(record->nas, name) : NULL;

	return field ? ctl_escape_json(field->value, field->value_len) : json_null();
}

#define FIELD(_name) \
	static json_t *_name##_value(void const *p) \
	{ \
		return field_value(p, #_name); \
	}
FIELD(org)
FIELD(site)
FIELD(dialect)
FIELD(reply)
FIELD(session_timeout)
FIELD(interim_interval)
FIELD(coa_port)
FIELD(coa_address)
FIELD(coa_cache)
FIELD(coa_dialect)

static json_t *secret_value(void const *p)
{
	ctl_nas_record_t const *record = p;
	mpsk_field_t const *field = record->nas ? mpsk_nas_row_field(record->nas, "secret") : NULL;

	if (!field) return json_null();
	return json_string(mpsk_seal_is(field->value, field->value_len) ? "sealed" : "in clear");
}

static json_t *malformed_value(void const *p)
{
	ctl_nas_record_t const *record = p;

	return record->malformed ? json_string(record->malformed) : json_null();
}

ctl_column_t const ctl_nas_columns[] = {
	{ .name = "id", .heading = "NAS", .value = id_value },
	{ .name = "org", .heading = "ORG", .value = org_value, .optional = true },
	{ .name = "site", .heading = "SITE", .value = site_value },
	{ .name = "dialect", .heading = "DIALECT", .value = dialect_value },
	{ .name = "reply", .heading = "REPLY", .value = reply_value, .optional = true },
	{ .name = "session_timeout", .value = session_timeout_value },
	{ .name = "interim_interval", .value = interim_interval_value },
	{ .name = "secret", .heading = "SECRET", .value = secret_value },
	{ .name = "coa_port", .heading = "COA PORT", .value = coa_port_value, .optional = true },
	{ .name = "coa_address", .heading = "COA ADDRESS", .value = coa_address_value, .optional = true },
	{ .name = "coa_cache", .value = coa_cache_value },
	{ .name = "coa_dialect", .heading = "COA DIALECT", .value = coa_dialect_value, .optional = true },
	{ .name = "malformed", .heading = "MALFORMED", .value = malformed_value, .optional = true },
	{ .name = NULL }
};

/*
 * --- What was done to one ---
 */
typedef struct {
	char const	*id;
	char const	*result;
} done_t;

static json_t *done_id(void const *p)
{
	done_t const *done = p;

	return ctl_escape_json(done->id, strlen(done->id));
}

static json_t *done_result(void const *p)
{
	return json_string(((done_t const *) p)->result);
}

static ctl_column_t const done_columns[] = {
	{ .name = "id", .value = done_id },
	{ .name = "result", .value = done_result },
	{ .name = NULL }
};

void ctl_nas_print(ctl_t *ctl, char const *id, char const *result)
{
	done_t const done = { .id = id, .result = result };
	char *text;

	if (ctl->format != CTL_TEXT) {
		ctl_record_print(done_columns, ctl->format, 0, &done);
	} else if (!ctl->quiet) {
		text = ctl_escape_text(ctl->mem, id);
		printf("%s NAS %s\n", result, text);
	}
}
