/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "from.h"
#include "rows.h"

enum { COLUMN_KEYID = 0, COLUMN_VLANID, COLUMN_WPS, COLUMN_MAC, COLUMN_PSK };

static char const *const columns[] = {
	[COLUMN_KEYID] = "keyid",
	[COLUMN_VLANID] = "vlanid",
	[COLUMN_WPS] = "wps",
	[COLUMN_MAC] = "mac",
	[COLUMN_PSK] = "psk",
	NULL
};

/* What stands before the next space; the rest begins after it. */
static ctl_cell_t word_take(ctl_cell_t *rest)
{
	char const *end = memchr(rest->text, ' ', rest->len);
	ctl_cell_t word = { .text = rest->text, .len = end ? (size_t) (end - rest->text) : rest->len };

	rest->text += word.len;
	rest->len -= word.len;
	while (rest->len > 0 && rest->text[0] == ' ') rest->text++, rest->len--;
	return word;
}

static void put(ctl_reader_t const *reader, ctl_line_t *line, ctl_changes_t *changes, int column, ctl_cell_t cell)
{
	ctl_reader_put(reader, line, changes, reader->rules[column], columns[column], cell);
}

/* name=value; false where it is none. */
static bool pair_take(ctl_reader_t const *reader, ctl_line_t *line, ctl_changes_t *changes, ctl_cell_t word)
{
	char const *equals = memchr(word.text, '=', word.len);
	size_t len = equals ? (size_t) (equals - word.text) : 0;
	ctl_cell_t value;

	if (!equals) return false;
	value = (ctl_cell_t) { .text = equals + 1, .len = word.len - len - 1 };
	for (int i = COLUMN_KEYID; i <= COLUMN_WPS; i++) {
		if (strlen(columns[i]) != len || memcmp(columns[i], word.text, len) != 0) continue;
		put(reader, line, changes, i, value);
		return true;
	}
	ctl_line_refuse(line, NULL, "a name before the MAC is none of keyid, vlanid and wps");
	return true;
}

static void line_read(ctl_reader_t const *reader, ctl_line_t *line, ctl_changes_t *changes, ctl_cell_t rest)
{
	static char const any[] = "00:00:00:00:00:00";
	ctl_cell_t word = word_take(&rest);

	while (line->result != CTL_LINE_REFUSED && pair_take(reader, line, changes, word)) word = word_take(&rest);
	if (line->result == CTL_LINE_REFUSED) return;
	if (word.len != strlen(any) || memcmp(word.text, any, word.len) != 0) {
		if (word.len == 0) ctl_line_refuse(line, columns[COLUMN_MAC], "is missing");
		put(reader, line, changes, COLUMN_MAC, word);
	}
	/* A passphrase is all that follows: spaces within it, and behind it, are its own. */
	if (rest.len == 0) ctl_line_refuse(line, columns[COLUMN_PSK], "is missing");
	if (line->result != CTL_LINE_REFUSED) put(reader, line, changes, COLUMN_PSK, rest);
}

void ctl_from_hostapd(ctl_reader_t *reader, char const *text, size_t len)
{
	ctl_rows_t *rows = ctl_rows_create();
	char const *end = text + len;

	ctl_reader_columns(reader, columns);
	for (size_t number = 1; text < end; number++) {
		char const *newline = memchr(text, '\n', (size_t) (end - text));
		ctl_cell_t cell = { .text = text, .len = (size_t) ((newline ? newline : end) - text) };
		ctl_changes_t *changes;
		ctl_line_t *line;

		text = newline ? newline + 1 : end;
		if (cell.len > 0 && cell.text[cell.len - 1] == '\r') cell.len--;
		if (cell.len == 0 || cell.text[0] == '#') continue;
		changes = ctl_changes_create(NULL);
		line = ctl_line_create(reader->ctl->mem, number);
		line_read(reader, line, changes, cell);
		ctl_rows_add(rows, line, changes);
	}
	ctl_rows_finish(rows, reader);
}
