/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <strings.h>

#include "csv.h"
#include "from.h"

static ctl_exit_t header_read(ctl_reader_t *reader, ctl_csv_row_t const *row)
{
	if (row->wrong) return ctl_fail(CTL_INVALID, "%s:%zu: %s", reader->file, row->line, row->wrong);
	if (row->n > CTL_READER_COLUMNS_MAX) return ctl_fail(CTL_INVALID, "%s: over %d columns", reader->file,
							     CTL_READER_COLUMNS_MAX);
	for (size_t i = 0; i < row->n; i++) {
		ctl_cell_t cell = row->cells[i];

		while (cell.len > 0 && cell.text[0] == ' ') cell.text++, cell.len--;
		while (cell.len > 0 && cell.text[cell.len - 1] == ' ') cell.len--;
		reader->names[i] = ctl_need(talloc_strndup(reader->ctl->mem, cell.text, cell.len));
		if (!reader->how->from && strcasecmp(reader->names[i], "passphrase") == 0)
			reader->kind = CTL_COLUMNS_MIST;
	}
	reader->n_columns = row->n;
	for (size_t i = 0; i < row->n; i++) {
		char const *name = reader->names[i];

		reader->rules[i] = ctl_column_find(reader->kind, name, strlen(name));
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
	ctl_reader_t *reader = uctx;
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
		ctl_reader_put(reader, line, changes, reader->rules[i], reader->names[i], row->cells[i]);
	}
	ctl_reader_finish(reader, line, changes);
}

void ctl_from_csv(ctl_reader_t *reader, char const *text, size_t len)
{
	ctl_csv_read(text, len, '\0', row_read, reader);
	if (!reader->has_header) reader->code = ctl_fail(CTL_INVALID, "%s: is empty", reader->file);
}
