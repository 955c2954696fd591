/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "columns.h"
#include "csv.h"
#include "key/fields.h"
#include "key/seal.h"

#define COLUMNS_MAX	64
#define READ_MIN	65536
#define ID_NAME_MAX	40	/* of a name, in the id that is made of it */
#define ID_DIGITS	10	/* and of a digest of name and place */
/* For a line that sets other fields of a key that is there. */
#define ANY_PSK		"any passphrase"

typedef struct {
	ctl_t			*ctl;
	ctl_lines_t		*lines;
	ctl_changes_t const	*defaults;
	char const		*file;
	ctl_exit_t		code;
	/* CSV: its first line. */
	bool			has_header;
	size_t			n_columns;
	char			*names[COLUMNS_MAX];
	ctl_column_rule_t const	*rules[COLUMNS_MAX];
} reader_t;

static void add(reader_t *reader, ctl_line_t *line)
{
	ctl_lines_t *lines = reader->lines;

	if (lines->n == lines->room) {
		lines->room = lines->room ? 2 * lines->room : 1024;
		lines->lines = ctl_need(talloc_realloc(reader->ctl->mem, lines->lines, ctl_line_t *, lines->room));
	}
	lines->lines[lines->n++] = line;
}

/*
 * --- From cells to a line ---
 */

/* The file's own spelling of the column that sets a field; the field's name where it has none. */
static char const *column_of(reader_t const *reader, char const *field)
{
	for (size_t i = 0; i < reader->n_columns; i++) {
		char const *sets = reader->rules[i] ? ctl_column_field(reader->rules[i]) : NULL;

		if (sets && strcmp(sets, field) == 0) return reader->names[i];
	}
	return field;
}

static void fill_defaults(ctl_changes_t *changes, ctl_changes_t const *defaults)
{
	for (size_t i = 0; i < defaults->n; i++) {
		mpsk_field_t const *field = &defaults->fields[i], *said = ctl_changes_find(changes, field->name);

		if (said && said->value) continue;
		ctl_changes_put(changes, field->name, field->name_len, field->value, field->value_len);
	}
}

/* The name, as far as an id may hold it, and a digest of all that makes it one of several of that name. */
static void make_id(ctl_line_t *line, ctl_changes_t const *changes)
{
	static char const *const parts[] = { "name", "ssid", "org", "site" };
	char digest[MPSK_FINGERPRINT_LEN + 1];
	mpsk_field_t const *name = ctl_changes_find(changes, "name");
	char *text = ctl_need(talloc_strdup(NULL, ""));
	size_t len = 0;

	if (!name || !name->value_len) {
		ctl_line_refuse(line, "name", "is empty, and the line has no id either");
		talloc_free(text);
		return;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		mpsk_field_t const *part = ctl_changes_find(changes, parts[i]);

		text = ctl_need(talloc_asprintf_append_buffer(text, "%zu:%.*s", part ? part->value_len : 0,
							      part ? (int) part->value_len : 0,
							      part && part->value ? part->value : ""));
	}
	mpsk_key_fingerprint(digest, text, strlen(text));
	talloc_free(text);
	for (size_t i = 0; i < name->value_len && len < ID_NAME_MAX; i++) {
		if (mpsk_id_valid(&name->value[i], 1)) {
			line->id[len++] = name->value[i];
		} else if (len > 0 && line->id[len - 1] != '-') {
			line->id[len++] = '-';
		}
	}
	snprintf(line->id + len, sizeof(line->id) - len, "%s%.*s", len > 0 && line->id[len - 1] != '-' ? "-" : "",
		 ID_DIGITS, digest);
}

/* What mpsk_key_parse() finds: "vlan: '5000' is not ...". */
static void refuse_field(reader_t const *reader, ctl_line_t *line, mpsk_error_t const *err)
{
	char const *colon = strstr(err->text, ": ");
	mpsk_key_field_t const *field = colon ? mpsk_key_field(err->text, (size_t) (colon - err->text)) : NULL;

	if (field) {
		ctl_line_refuse(line, column_of(reader, field->name), "%s", colon + 2);
	} else {
		ctl_line_refuse(line, NULL, "%s", err->text);
	}
}

/* The rules of the record, which the server goes by too. */
static void check(reader_t const *reader, ctl_line_t *line, ctl_changes_t *changes)
{
	static char const *const secrets[] = { "psk", "old_psk" };
	mpsk_field_t const *psk = ctl_changes_find(changes, "psk");
	bool has_psk = psk && psk->value_len > 0;
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	mpsk_error_t err = { "" };
	mpsk_key_t *key;

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		mpsk_field_t const *secret = ctl_changes_find(changes, secrets[i]);

		if (!secret || !secret->value || !mpsk_seal_is(secret->value, secret->value_len)) continue;
		ctl_line_refuse(line, column_of(reader, secrets[i]), "begins with " MPSK_SEAL_PREFIX ", which marks "
				"one that is sealed");
	}
	if (!has_psk) ctl_changes_set(changes, "psk", ANY_PSK);
	ctl_line_pack(line, changes);
	if (ctl_line_key(ctx, &key, line, NULL, NULL, &err) != MPSK_OK) {
		refuse_field(reader, line, &err);
	} else {
		line->any_ssid = key->any_ssid;
		line->ssid = key->ssid;
		if (has_psk) line->psk = key->psk;
		if (has_psk) memcpy(line->fingerprint, key->fingerprint, sizeof(line->fingerprint));
	}
	if (!has_psk) {
		ctl_changes_drop(changes, "psk");
		ctl_line_pack(line, changes);
	}
	talloc_free(ctx);
}

static void finish(reader_t *reader, ctl_line_t *line, ctl_changes_t *changes)
{
	if (line->result != CTL_LINE_REFUSED) {
		fill_defaults(changes, reader->defaults);
		if (!line->id[0]) make_id(line, changes);
	}
	if (line->result != CTL_LINE_REFUSED) check(reader, line, changes);
	add(reader, line);
	talloc_free(changes);
}

static void put(reader_t const *reader, ctl_line_t *line, ctl_changes_t *changes, ctl_column_rule_t const *rule,
		char const *name, ctl_cell_t cell)
{
	mpsk_error_t err = { "" };

	if (ctl_column_is_id(rule)) {
		if (cell.len == 0) return;
		if (!mpsk_id_valid(cell.text, cell.len)) {
			ctl_line_refuse(line, name, "expected 1 to %d of the characters A-Z a-z 0-9 . _ -",
					MPSK_ID_MAX);
			return;
		}
		memcpy(line->id, cell.text, cell.len);
	} else if (ctl_column_put(rule, changes, cell.text, cell.len, reader->ctl->now, &err) != MPSK_OK) {
		ctl_line_refuse(line, name, "%s", err.text);
	}
}

/*
 * --- CSV ---
 */
static ctl_exit_t header_read(reader_t *reader, ctl_csv_row_t const *row)
{
	ctl_columns_t kind = CTL_COLUMNS_OWN;

	if (row->wrong) return ctl_fail(CTL_INVALID, "%s:%zu: %s", reader->file, row->line, row->wrong);
	if (row->n > COLUMNS_MAX) return ctl_fail(CTL_INVALID, "%s: over %d columns", reader->file, COLUMNS_MAX);
	for (size_t i = 0; i < row->n; i++) {
		ctl_cell_t cell = row->cells[i];

		while (cell.len > 0 && cell.text[0] == ' ') cell.text++, cell.len--;
		while (cell.len > 0 && cell.text[cell.len - 1] == ' ') cell.len--;
		reader->names[i] = ctl_need(talloc_strndup(reader->ctl->mem, cell.text, cell.len));
		if (strcasecmp(reader->names[i], "passphrase") == 0) kind = CTL_COLUMNS_MIST;
	}
	reader->n_columns = row->n;
	for (size_t i = 0; i < row->n; i++) {
		char *name = reader->names[i];

		reader->rules[i] = ctl_column_find(kind, name, strlen(name));
		if (!reader->rules[i]) {
			return ctl_fail(CTL_INVALID, "%s:%zu: '%s' is no column that is known: the first line holds "
					"the names of the columns", reader->file, row->line, name);
		}
		for (size_t j = 0; j < i; j++) {
			if (strcasecmp(reader->names[j], name) != 0) continue;
			return ctl_fail(CTL_INVALID, "%s:%zu: column '%s' is there twice", reader->file, row->line,
					name);
		}
	}
	return CTL_OK;
}

static void row_read(void *uctx, ctl_csv_row_t const *row)
{
	reader_t *reader = uctx;
	ctl_changes_t *changes;
	ctl_line_t *line;

	if (reader->code != CTL_OK) return;
	if (!reader->has_header) {
		reader->has_header = true;
		reader->code = header_read(reader, row);
		return;
	}
	changes = ctl_changes_create(NULL);
	line = ctl_line_create(reader->ctl->mem, row->line);
	if (row->wrong) {
		ctl_line_refuse(line, NULL, "%s", row->wrong);
	} else if (row->n != reader->n_columns) {
		ctl_line_refuse(line, NULL, "has %zu cells, and there are %zu columns", row->n, reader->n_columns);
	}
	for (size_t i = 0; i < row->n && line->result != CTL_LINE_REFUSED; i++) {
		put(reader, line, changes, reader->rules[i], reader->names[i], row->cells[i]);
	}
	finish(reader, line, changes);
}

/*
 * --- JSON ---
 */

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

static void member_read(reader_t *reader, ctl_line_t *line, ctl_changes_t *changes, ctl_columns_t kind,
			char const *name, json_t const *value)
{
	ctl_column_rule_t const *rule = ctl_column_find(kind, name, strlen(name));
	size_t len = 0;
	char *text;

	if (!rule) {
		ctl_line_refuse(line, talloc_strdup(line, name), "is no field that is known");
		return;
	}
	if (!ctl_column_field(rule) && !ctl_column_is_id(rule)) return;
	text = value_text(line, value, &len);
	if (text) {
		put(reader, line, changes, rule, name, (ctl_cell_t) { .text = text, .len = len });
		mpsk_secret_wipe(text, len);
	} else {
		ctl_line_refuse(line, name, "expected a text, a whole number, true, false, null or a list of texts");
	}
	/* It outlives the object that it is read from. */
	if (line->column == name) line->column = ctl_need(talloc_strdup(line, name));
	talloc_free(text);
}

static void object_read(reader_t *reader, json_t *object, size_t number)
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
	finish(reader, line, changes);
}

/* An array of objects, or objects one after the other. Each is read on its own: there may be a million. */
static void json_read(reader_t *reader, char const *text, size_t len)
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
			add(reader, line);
			return;
		}
		object_read(reader, object, number);
		json_decref(object);
		for (int i = 0; i < error.position; i++) number += text[i] == '\n';
		text += error.position;
	}
}

/*
 * --- The file ---
 */
static int text_wipe(char *text)
{
	mpsk_secret_wipe(text, talloc_get_size(text));
	return 0;
}

static char *text_grow(TALLOC_CTX *ctx, char *old, size_t len, size_t room)
{
	char *text = ctl_need(talloc_size(ctx, room));

	talloc_set_destructor(text, text_wipe);
	if (old) memcpy(text, old, len);
	talloc_free(old);
	return text;
}

static ctl_exit_t file_read(TALLOC_CTX *ctx, char const *file, char **text, size_t *len)
{
	bool is_stdin = strcmp(file, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	struct stat st = { .st_size = 0 };
	size_t room;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0) return ctl_fail(CTL_INVALID, "%s: %s", file, strerror(errno));
	room = (st.st_size > 0 ? (size_t) st.st_size : 0) + READ_MIN;
	*text = text_grow(ctx, NULL, 0, room);
	while ((n = read(fd, *text + *len, room - *len)) > 0) {
		*len += (size_t) n;
		if (*len == room) *text = text_grow(ctx, *text, *len, room = 2 * room);
	}
	if (n < 0) ctl_fail(CTL_INVALID, "%s: %s", file, strerror(errno));
	if (!is_stdin) close(fd);
	return n < 0 ? CTL_INVALID : CTL_OK;
}

static bool is_json(char const *text, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", *text)) text++, len--;
	return len > 0 && (*text == '[' || *text == '{');
}

ctl_exit_t ctl_lines_read(ctl_t *ctl, ctl_lines_t *lines, char const *file, ctl_changes_t const *defaults)
{
	reader_t reader = { .ctl = ctl, .lines = lines, .defaults = defaults, .file = file };
	char *text = NULL;
	size_t len = 0;
	ctl_exit_t code = file_read(ctl->mem, file, &text, &len);

	if (code != CTL_OK) return code;
	if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0)) {
		reader.code = ctl_fail(CTL_INVALID, "%s: is UTF-16; save it as UTF-8", file);
	} else if (is_json(text, len)) {
		json_read(&reader, text, len);
	} else {
		ctl_csv_read(text, len, row_read, &reader);
		if (!reader.has_header) reader.code = ctl_fail(CTL_INVALID, "%s: is empty", file);
	}
	talloc_free(text);
	return reader.code;
}
