/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "line.h"

#include <stdarg.h>
#include <string.h>

#include "base/secret.h"
#include "ctl.h"
#include "key/fields.h"
#include "record.h"

static int line_wipe(ctl_line_t *line)
{
	if (line->fields) mpsk_secret_wipe(line->fields, talloc_get_size(line->fields));
	mpsk_secret_wipe(&line->psk, sizeof(line->psk));
	return 0;
}

ctl_line_t *ctl_line_create(TALLOC_CTX *ctx, size_t number)
{
	ctl_line_t *line = ctl_need(talloc_zero(ctx, ctl_line_t));

	talloc_set_destructor(line, line_wipe);
	line->number = number;
	return line;
}

void ctl_line_refuse(ctl_line_t *line, char const *column, char const *fmt, ...)
{
	va_list ap;

	if (line->result == CTL_LINE_REFUSED) return;
	line->result = CTL_LINE_REFUSED;
	line->column = column;
	va_start(ap, fmt);
	line->reason = ctl_need(talloc_vasprintf(line, fmt, ap));
	va_end(ap);
}

/* Most names are in the table, and so need no copy. */
static char const *known_name(mpsk_field_t const *field)
{
	mpsk_key_field_t const *row = mpsk_key_field(field->name, field->name_len);

	return row ? row->name : NULL;
}

/* One allocation, for there may be a million lines: the fields, and behind them the octets. */
void ctl_line_pack(ctl_line_t *line, ctl_changes_t const *changes)
{
	size_t size = changes->n * sizeof(*line->fields);
	mpsk_field_t *fields;
	char *octets;

	for (size_t i = 0; i < changes->n; i++) {
		mpsk_field_t const *field = &changes->fields[i];

		size += field->value_len + (known_name(field) ? 0 : field->name_len);
	}
	fields = ctl_need(talloc_size(line, size ? size : 1));
	octets = (char *) (fields + changes->n);
	for (size_t i = 0; i < changes->n; i++) {
		mpsk_field_t *field = &fields[i];

		*field = changes->fields[i];
		field->name = known_name(&changes->fields[i]);
		if (!field->name) {
			field->name = memcpy(octets, changes->fields[i].name, field->name_len);
			octets += field->name_len;
		}
		if (!field->value) continue;
		field->value = memcpy(octets, field->value, field->value_len);
		octets += field->value_len;
	}
	if (line->fields) {
		mpsk_secret_wipe(line->fields, talloc_get_size(line->fields));
		talloc_free(line->fields);
	}
	line->fields = fields;
	line->n_fields = changes->n;
}

ctl_changes_t *ctl_line_unpack(TALLOC_CTX *ctx, ctl_line_t const *line)
{
	ctl_changes_t *changes = ctl_changes_create(ctx);

	for (size_t i = 0; i < line->n_fields; i++) {
		mpsk_field_t const *field = &line->fields[i];

		ctl_changes_put(changes, field->name, field->name_len, field->value, field->value_len);
	}
	return changes;
}

void ctl_line_drop(ctl_line_t *line, char const *name)
{
	ctl_changes_t *changes = ctl_line_unpack(NULL, line);

	ctl_changes_drop(changes, name);
	ctl_line_pack(line, changes);
	talloc_free(changes);
}

/* Whether a field is a PSK that old has too. */
static bool keeps(mpsk_field_t const *field, mpsk_key_t const *old)
{
	mpsk_key_field_t const *row = mpsk_key_field(field->name, field->name_len);
	char *value = NULL;
	size_t len = 0;
	bool same;

	if (!row || !row->secret || !field->value_len) return false;
	if (mpsk_key_field_print_clear(NULL, row, old, &value, &len) != MPSK_OK) return false;
	same = len == field->value_len && mpsk_secret_equal(value, field->value, len);
	mpsk_secret_wipe(value, len);
	talloc_free(value);
	return same;
}

mpsk_status_t ctl_line_key(TALLOC_CTX *ctx, mpsk_key_t **key, ctl_line_t const *line, mpsk_key_t const *old,
			   mpsk_keyring_t const *keyring, mpsk_error_t *err)
{
	ctl_changes_t *changes = ctl_changes_create(NULL);
	mpsk_status_t status;

	if (old) ctl_record_stored(changes, old);
	for (size_t i = 0; i < line->n_fields; i++) {
		mpsk_field_t const *field = &line->fields[i];

		if (old && keeps(field, old)) continue;
		/* Removed is empty here: what old says does not count. */
		ctl_changes_put(changes, field->name, field->name_len, field->value ? field->value : "",
				field->value_len);
	}
	status = mpsk_key_parse(ctx, key, line->id, strlen(line->id), changes->fields, changes->n, keyring, err);
	talloc_free(changes);
	return status;
}
