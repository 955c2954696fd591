/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <jansson.h>
#include <string.h>

#include "base/secret.h"
#include "from.h"

/* The text of a value; elements of an array with commas between. Belongs to ctx; NULL where it is none. */
static char *value_text(TALLOC_CTX *ctx, json_t const *value, size_t *len)
{
	json_t const *element;
	char *text = NULL;
	size_t i;

	switch (json_typeof(value)) {
	case JSON_STRING:
		*len = json_string_length(value);
		text = ctl_need(talloc_size(ctx, *len + 1));
		memcpy(text, json_string_value(value), *len);
		return text;
	case JSON_INTEGER:
		text = talloc_asprintf(ctx, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		text = talloc_strdup(ctx, json_is_true(value) ? "1" : "0");
		break;
	case JSON_NULL:
		text = talloc_strdup(ctx, "");
		break;
	case JSON_ARRAY:
		text = talloc_strdup(ctx, "");
		json_array_foreach(value, i, element) {
			if (!json_is_string(element)) return NULL;
			text = talloc_asprintf_append_buffer(ctl_need(text), "%s%s", i ? "," : "",
							     json_string_value(element));
		}
		break;
	default:
		return NULL;
	}
	*len = strlen(ctl_need(text));
	return text;
}

/* As `key export` writes them. What `key list` has of this name is their number. */
static void devices_read(ctl_line_t *line, json_t const *value)
{
	json_t const *element;
	size_t i;

	line->devices = ctl_need(talloc_array(line, mpsk_device_t, json_array_size(value) + 1));
	json_array_foreach(value, i, element) {
		json_t const *mac = json_object_get(element, "mac"), *seen = json_object_get(element, "last_seen");
		mpsk_device_t device = { .last_seen = json_integer_value(seen) };

		if (!json_is_string(mac) || !json_is_integer(seen) || device.last_seen < 0 ||
		    device.last_seen > MPSK_NUMBER_MAX ||
		    !mpsk_mac_parse(&device.mac, json_string_value(mac), json_string_length(mac))) {
			ctl_line_refuse(line, "devices", "number %zu of the list: expected an object of mac, twelve "
					"hex digits, and last_seen, epoch seconds", i + 1);
			return;
		}
		line->devices[line->n_devices++] = device;
	}
}

static void member_read(ctl_reader_t *reader, ctl_line_t *line, ctl_changes_t *changes, ctl_columns_t kind,
			char const *name, json_t const *value)
{
	ctl_column_rule_t const *rule = ctl_column_find(kind, name, strlen(name));
	size_t len = 0;
	char *text;

	if (!rule) {
		ctl_line_refuse(line, talloc_strdup(line, name), "is no field that is known");
		return;
	}
	if (strcmp(name, "devices") == 0 && json_is_array(value)) devices_read(line, value);
	if (!ctl_column_field(rule) && !ctl_column_is_id(rule)) return;
	text = value_text(line, value, &len);
	if (text) {
		ctl_reader_put(reader, line, changes, rule, name, (ctl_cell_t) { .text = text, .len = len });
		mpsk_secret_wipe(text, len);
	} else {
		ctl_line_refuse(line, name, "expected a text, a whole number, true, false, null or a list of texts");
	}
	/* It outlives the object that it is read from. */
	if (line->column == name) line->column = ctl_need(talloc_strdup(line, name));
	talloc_free(text);
}

static void object_read(ctl_reader_t *reader, json_t *object, size_t number)
{
	ctl_columns_t kind = json_object_get(object, "passphrase") ? CTL_COLUMNS_MIST : CTL_COLUMNS_OWN;
	ctl_changes_t *changes = ctl_changes_create(NULL);
	ctl_line_t *line = ctl_line_create(reader->ctl->mem, number);
	char const *name;
	json_t *value;

	if (!json_is_object(object)) ctl_line_refuse(line, NULL, "expected an object, a key's fields by name");
	json_object_foreach(object, name, value) {
		if (line->result != CTL_LINE_REFUSED) member_read(reader, line, changes, kind, name, value);
	}
	ctl_reader_finish(reader, line, changes);
}

/* Each object is read on its own: there may be a million. */
void ctl_from_json(ctl_reader_t *reader, char const *text, size_t len)
{
	char const *end = text + len;
	size_t number = 1;

	for (;;) {
		json_error_t error;
		json_t *object;

		for (; text < end && strchr(" \t\r\n,[]", *text); text++) number += *text == '\n';
		if (text == end) return;
		object = json_loadb(text, (size_t) (end - text), JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY |
				    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
		if (!object) {
			ctl_line_t *line = ctl_line_create(reader->ctl->mem, number + (size_t) error.line - 1);

			/* What the parser says quotes the text, and may be a passphrase. */
			ctl_line_refuse(line, NULL, "is no JSON, or names a field twice; what follows was not read");
			ctl_reader_finish(reader, line, ctl_changes_create(NULL));
			return;
		}
		object_read(reader, object, number);
		json_decref(object);
		for (int i = 0; i < error.position; i++) number += text[i] == '\n';
		text += error.position;
	}
}
