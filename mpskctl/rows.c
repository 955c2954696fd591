/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

typedef struct {
	ctl_line_t	*line;
	ctl_changes_t	*changes;
	char		fingerprint[MPSK_FINGERPRINT_LEN + 1];	/* of the psk */
} row_t;

struct ctl_rows {
	row_t	*rows;
	size_t	n, room;
};

ctl_rows_t *ctl_rows_create(void)
{
	return ctl_need(talloc_zero(NULL, ctl_rows_t));
}

void ctl_rows_add(ctl_rows_t *rows, ctl_line_t *line, ctl_changes_t *changes)
{
	mpsk_field_t const *psk = ctl_changes_find(changes, "psk");
	row_t *row;

	if (rows->n == rows->room) {
		rows->room = rows->room ? 2 * rows->room : 256;
		rows->rows = ctl_need(talloc_realloc(rows, rows->rows, row_t, rows->room));
	}
	row = &rows->rows[rows->n++];
	*row = (row_t) { .line = line, .changes = talloc_steal(rows, changes) };
	if (psk && psk->value) mpsk_key_fingerprint(row->fingerprint, psk->value, psk->value_len);
}

static int number_cmp(void const *a, void const *b)
{
	row_t const *x = a, *y = b;

	return x->line->number < y->line->number ? -1 : x->line->number > y->line->number;
}

static int psk_cmp(void const *a, void const *b)
{
	int order = strcmp(((row_t const *) a)->fingerprint, ((row_t const *) b)->fingerprint);

	return order ? order : number_cmp(a, b);
}

static bool same(row_t const *a, row_t const *b, char const *name)
{
	mpsk_field_t const *x = ctl_changes_find(a->changes, name), *y = ctl_changes_find(b->changes, name);
	size_t x_len = x ? x->value_len : 0, y_len = y ? y->value_len : 0;

	return x_len == y_len && (!x_len || memcmp(x->value, y->value, x_len) == 0);
}

/* Two devices that were given one passphrase under one name. A row for any MAC is another key's. */
static bool joins(row_t const *first, row_t const *row)
{
	if (!row->changes || !first->changes || row->line->result == CTL_LINE_REFUSED) return false;
	if (first->line->result == CTL_LINE_REFUSED || strcmp(first->fingerprint, row->fingerprint) != 0) return false;
	return ctl_changes_find(first->changes, "macs") && ctl_changes_find(row->changes, "macs") &&
	       same(first, row, "name") && same(first, row, "vlan");
}

static void join(row_t *first, row_t *row)
{
	mpsk_field_t const *macs = ctl_changes_find(first->changes, "macs");
	mpsk_field_t const *mac = ctl_changes_find(row->changes, "macs");
	char *all = ctl_need(talloc_asprintf(NULL, "%.*s,%.*s", (int) macs->value_len, macs->value,
					     (int) mac->value_len, mac->value));

	ctl_changes_set(first->changes, "macs", all);
	talloc_free(all);
	TALLOC_FREE(row->changes);
	TALLOC_FREE(row->line);
}

static void join_all(ctl_rows_t *rows)
{
	size_t kept = 0;

	if (rows->n > 0) qsort(rows->rows, rows->n, sizeof(*rows->rows), psk_cmp);
	for (size_t i = 0; i < rows->n; i++) {
		size_t first = i;

		/* Among the rows of one passphrase there are few names. */
		for (size_t j = kept; j-- > 0 && strcmp(rows->rows[j].fingerprint, rows->rows[i].fingerprint) == 0;)
			if (joins(&rows->rows[j], &rows->rows[i])) first = j;
		if (first < i) {
			join(&rows->rows[first], &rows->rows[i]);
		} else {
			rows->rows[kept++] = rows->rows[i];
		}
	}
	rows->n = kept;
}

static void name(row_t *row)
{
	mpsk_field_t const *given = ctl_changes_find(row->changes, "name");
	mpsk_field_t const *macs = ctl_changes_find(row->changes, "macs");
	char text[32];

	if (row->line->result == CTL_LINE_REFUSED || (given && given->value_len)) return;
	if (macs) {
		snprintf(text, sizeof(text), "%.*s", MPSK_MAC_TEXT_MAX - 1, macs->value);
	} else {
		snprintf(text, sizeof(text), "line %zu", row->line->number);
	}
	ctl_changes_set(row->changes, "name", text);
}

void ctl_rows_finish(ctl_rows_t *rows, ctl_reader_t *reader)
{
	join_all(rows);
	if (rows->n > 0) qsort(rows->rows, rows->n, sizeof(*rows->rows), number_cmp);
	for (size_t i = 0; i < rows->n; i++) {
		name(&rows->rows[i]);
		ctl_reader_finish(reader, rows->rows[i].line, rows->rows[i].changes);
	}
	if (rows->rows) mpsk_secret_wipe(rows->rows, talloc_get_size(rows->rows));
	talloc_free(rows);
}
