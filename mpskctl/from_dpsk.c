/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "from.h"
#include "rows.h"

static char const *const columns[] = { "identity", "psk", "mac", NULL };

typedef struct {
	ctl_reader_t	*reader;
	ctl_rows_t	*rows;
} dpsk_t;

static bool is_spaced(ctl_cell_t cell)
{
	return cell.len > 0 && (cell.text[0] == ' ' || cell.text[cell.len - 1] == ' ');
}

static void row_read(void *uctx, ctl_csv_row_t const *row)
{
	dpsk_t *dpsk = uctx;
	ctl_reader_t *reader = dpsk->reader;
	ctl_changes_t *changes = ctl_changes_create(NULL);
	ctl_line_t *line = ctl_line_create(reader->ctl->mem, row->line);

	if (row->wrong) {
		ctl_line_refuse(line, NULL, "%s", row->wrong);
	} else if (row->n < 2 || row->n > reader->n_columns) {
		ctl_line_refuse(line, NULL, "has %zu cells; expected identity,psk or identity,psk,mac", row->n);
	}
	for (size_t i = 0; i < row->n && line->result != CTL_LINE_REFUSED; i++) {
		/* Outside of quotes rlm_dpsk passes over them, and within it does not: which it was is lost here. */
		if (is_spaced(row->cells[i])) {
			ctl_line_refuse(line, columns[i], "begins or ends with a space, which rlm_dpsk may pass over: "
					"take it away, or use another format");
		} else if (i < 2 && row->cells[i].len == 0) {
			ctl_line_refuse(line, columns[i], "is empty");
		} else {
			ctl_reader_put(reader, line, changes, reader->rules[i], columns[i], row->cells[i]);
		}
	}
	ctl_rows_add(dpsk->rows, line, changes);
}

void ctl_from_dpsk(ctl_reader_t *reader, char const *text, size_t len)
{
	dpsk_t dpsk = { .reader = reader, .rows = ctl_rows_create() };

	ctl_reader_columns(reader, columns);
	ctl_csv_read(text, len, ',', row_read, &dpsk);
	ctl_rows_finish(dpsk.rows, reader);
}
