/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reader.h"

#include <string.h>

#include "base/secret.h"
#include "key/fields.h"
#include "key/seal.h"

#define ID_NAME_MAX	40	/* of a name, in the id that is made of it */
#define ID_DIGITS	10	/* and of a digest of name and place */
/* For a line that sets other fields of a key that is there. */
#define ANY_PSK		"any passphrase"

void ctl_reader_columns(ctl_reader_t *reader, char const *const *names)
{
	for (reader->n_columns = 0; names[reader->n_columns]; reader->n_columns++) {
		char const *name = names[reader->n_columns];

		reader->names[reader->n_columns] = name;
		reader->rules[reader->n_columns] = ctl_column_find(reader->kind, name, strlen(name));
	}
	reader->has_header = true;
}

static void add(ctl_reader_t *reader, ctl_line_t *line)
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
static char const *column_of(ctl_reader_t const *reader, char const *field)
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

/* What is made is looked for among the other lines and keys as if the file had said it. */
static void make_psk(ctl_reader_t const *reader, ctl_line_t *line, ctl_changes_t *changes)
{
	mpsk_field_t const *psk = ctl_changes_find(changes, "psk");
	ctl_input_t input;
	wpa_psk_t made = { .len = 0 };

	if (!reader->how->made || (psk && psk->value_len > 0)) return;
	input = *reader->how->made;
	if (ctl_input_read(&input, &made) != CTL_OK) {
		ctl_line_refuse(line, NULL, "no passphrase can be made");
	} else {
		ctl_changes_put(changes, "psk", strlen("psk"), made.octets, made.len);
		line->made_bits = input.bits;
	}
	mpsk_secret_wipe(&made, sizeof(made));
}

/* What mpsk_key_parse() finds: "vlan: '5000' is not ...". */
static void refuse_field(ctl_reader_t const *reader, ctl_line_t *line, mpsk_error_t const *err)
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
static void check(ctl_reader_t const *reader, ctl_line_t *line, ctl_changes_t *changes)
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
	if (!has_psk) ctl_line_drop(line, "psk");
	talloc_free(ctx);
}

void ctl_reader_finish(ctl_reader_t *reader, ctl_line_t *line, ctl_changes_t *changes)
{
	if (line->result != CTL_LINE_REFUSED) {
		fill_defaults(changes, reader->how->defaults);
		if (!line->id[0]) make_id(line, changes);
	}
	if (line->result != CTL_LINE_REFUSED) make_psk(reader, line, changes);
	if (line->result != CTL_LINE_REFUSED) check(reader, line, changes);
	add(reader, line);
	talloc_free(changes);
}

void ctl_reader_put(ctl_reader_t const *reader, ctl_line_t *line, ctl_changes_t *changes, ctl_column_rule_t const *rule,
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
