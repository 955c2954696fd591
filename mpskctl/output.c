/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "ctl.h"
#include "escape.h"
#include "wiping.h"

#define COLUMNS_MAX	40
#define GAP		2	/* spaces between two columns of text */

typedef struct {
	char	*key;		/* to sort by */
	char	*line;		/* JSON or TSV */
	char	**cells;	/* text: one for each shown column */
} row_t;

struct ctl_table {
	ctl_column_t const	*shown[COLUMNS_MAX];
	size_t			n_shown;
	int			width[COLUMNS_MAX];
	bool			used[COLUMNS_MAX];	/* some row has a value */
	ctl_column_t const	*by;		/* NULL: the first */
	bool			reverse;
	ctl_format_t		format;
	row_t			*rows;
	size_t			n_rows;
	size_t			room;
};

/*
 * --- Colour ---
 */
static bool coloured;

static void heading_put(char const *text)
{
	printf("%s%s%s", coloured ? "\033[1m" : "", text, coloured ? "\033[0m" : "");
}

/*
 * --- Memory that held a secret ---
 */
static char stdout_buffer[BUFSIZ];

void ctl_output_begin(void)
{
	char const *off = getenv("NO_COLOR"), *term = getenv("TERM");

	coloured = isatty(STDOUT_FILENO) && !(off && *off) && term && strcmp(term, "dumb") != 0;
	json_set_alloc_funcs(ctl_wiping_malloc, ctl_wiping_free);
	setvbuf(stdout, stdout_buffer, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, sizeof(stdout_buffer));
}

bool ctl_output_end(void)
{
	bool taken = fflush(stdout) == 0 && !ferror(stdout);

	mpsk_secret_wipe(stdout_buffer, sizeof(stdout_buffer));
	return taken;
}

static void row_wipe(ctl_table_t const *table, row_t *row)
{
	if (row->line) mpsk_secret_wipe(row->line, strlen(row->line));
	for (size_t i = 0; row->cells && i < table->n_shown; i++)
		mpsk_secret_wipe(row->cells[i], strlen(row->cells[i]));
}

static int table_wipe(ctl_table_t *table)
{
	for (size_t i = 0; i < table->n_rows; i++) row_wipe(table, &table->rows[i]);
	return 0;
}

static char *text_of(TALLOC_CTX *ctx, ctl_column_t const *column, json_t const *value)
{
	char *text, *escaped;

	if (column->text) return column->text(ctx, value);
	if (json_is_null(value)) return ctl_need(talloc_strdup(ctx, "-"));
	text = ctl_escape_plain(NULL, value);
	escaped = ctl_escape_text(ctx, text);
	ctl_escape_free(text);
	return escaped;
}

/*
 * --- Rows ---
 */
static char *json_line(TALLOC_CTX *ctx, ctl_table_t const *table, void const *record, size_t flags)
{
	json_t *object = ctl_need(json_object());
	char *dump, *line;

	for (size_t i = 0; i < table->n_shown; i++) {
		json_t *value = ctl_need(table->shown[i]->value(record));

		if (json_object_set_new(object, table->shown[i]->name, value) < 0) ctl_need(NULL);
	}
	dump = ctl_need(json_dumps(object, flags));
	line = ctl_need(talloc_strdup(ctx, dump));
	ctl_wiping_free(dump);
	json_decref(object);
	return line;
}

static char *tsv_cell(TALLOC_CTX *ctx, ctl_column_t const *column, void const *record)
{
	json_t *value = ctl_need(column->value(record));
	char *text = ctl_escape_plain(NULL, value);
	char *cell = ctl_escape_tsv(ctx, text);

	ctl_escape_free(text);
	json_decref(value);
	return cell;
}

static char *tsv_line(TALLOC_CTX *ctx, ctl_table_t const *table, void const *record)
{
	char *cells[COLUMNS_MAX];
	size_t room = 1;
	char *line, *out;

	for (size_t i = 0; i < table->n_shown; i++) {
		cells[i] = tsv_cell(NULL, table->shown[i], record);
		room += strlen(cells[i]) + 1;
	}
	line = out = ctl_need(talloc_zero_array(ctx, char, room));
	for (size_t i = 0; i < table->n_shown; i++) {
		if (i > 0) *out++ = '\t';
		out = stpcpy(out, cells[i]);
		ctl_escape_free(cells[i]);
	}
	return line;
}

static char **text_cells(TALLOC_CTX *ctx, ctl_table_t *table, void const *record)
{
	char **cells = ctl_need(talloc_array(ctx, char *, table->n_shown));

	for (size_t i = 0; i < table->n_shown; i++) {
		json_t *value = ctl_need(table->shown[i]->value(record));
		int width;

		cells[i] = text_of(cells, table->shown[i], value);
		width = ctl_escape_width(cells[i]);
		if (width > table->width[i]) table->width[i] = width;
		if (!json_is_null(value)) table->used[i] = true;
		json_decref(value);
	}
	return cells;
}

ctl_table_t *ctl_table_create(TALLOC_CTX *ctx, ctl_column_t const *columns, ctl_format_t format, unsigned want)
{
	ctl_table_t *table = ctl_need(talloc_zero(ctx, ctl_table_t));

	table->format = format;
	for (ctl_column_t const *column = columns; column->name && table->n_shown < COLUMNS_MAX; column++) {
		if (column->needs & ~want) continue;
		if (format == CTL_TEXT && !column->heading) continue;
		if (column->heading) table->width[table->n_shown] = (int) strlen(column->heading);
		table->shown[table->n_shown++] = column;
	}
	talloc_set_destructor(table, table_wipe);
	return table;
}

void ctl_table_order(ctl_table_t *table, ctl_column_t const *by, bool reverse)
{
	table->by = by;
	table->reverse = reverse;
}

/* The values that tell a row from others: that of the first column, and of those behind it that tell too. */
static char *name_text(ctl_table_t *table, void const *record)
{
	char *name = NULL;

	for (size_t i = 0; i < table->n_shown; i++) {
		json_t *value;
		char *text;

		if (i > 0 && !table->shown[i]->tells) continue;
		value = ctl_need(table->shown[i]->value(record));
		text = ctl_escape_plain(NULL, value);
		name = ctl_need(name ? talloc_asprintf_append_buffer(name, "\1%s", text) : talloc_strdup(table, text));
		ctl_escape_free(text);
		json_decref(value);
	}
	return name;
}

/* What compares as the value should: a rank for what has none, digits to a width, and the row's name behind it. */
static char *key_text(ctl_table_t *table, void const *record)
{
	char *text, *key, *name = ctl_need(name_text(table, record));
	json_t *value;
	bool none;

	if (!table->by) return name;
	value = ctl_need(table->by->value(record));
	text = ctl_escape_plain(NULL, value);
	none = !*text || (table->by->zero_last && json_is_integer(value) && !json_integer_value(value));
	if (json_is_integer(value)) {
		key = talloc_asprintf(table, "%d%020" JSON_INTEGER_FORMAT "\1%s", none, json_integer_value(value),
				      name);
	} else {
		key = talloc_asprintf(table, "%d%s\1%s", none, text, name);
	}
	ctl_escape_free(text);
	talloc_free(name);
	json_decref(value);
	return ctl_need(key);
}

void ctl_table_add(ctl_table_t *table, void const *record)
{
	row_t *row;

	if (table->n_rows == table->room) {
		table->room = table->room ? 2 * table->room : 16;
		table->rows = ctl_need(talloc_realloc(table, table->rows, row_t, table->room));
	}
	row = &table->rows[table->n_rows++];
	*row = (row_t) { .key = key_text(table, record) };

	switch (table->format) {
	case CTL_JSON:
		row->line = json_line(table, table, record, JSON_COMPACT | JSON_REAL_PRECISION(6));
		break;

	case CTL_TSV:
		row->line = tsv_line(table, table, record);
		break;

	case CTL_TEXT:
		row->cells = text_cells(table, table, record);
		break;
	}
}

static int row_cmp(void const *a, void const *b)
{
	return strcmp(((row_t const *) a)->key, ((row_t const *) b)->key);
}

static void rows_unique(ctl_table_t *table)
{
	size_t n = 0;

	for (size_t i = 0; i < table->n_rows; i++) {
		row_t *row = &table->rows[i];

		if (n > 0 && strcmp(row->key, table->rows[n - 1].key) == 0) {
			row_wipe(table, row);
		} else {
			table->rows[n++] = *row;
		}
	}
	table->n_rows = n;
}

void ctl_table_sort(ctl_table_t *table)
{
	if (table->n_rows) qsort(table->rows, table->n_rows, sizeof(*table->rows), row_cmp);
	rows_unique(table);
	for (size_t i = 0; table->reverse && i < table->n_rows / 2; i++) {
		row_t row = table->rows[i];

		table->rows[i] = table->rows[table->n_rows - 1 - i];
		table->rows[table->n_rows - 1 - i] = row;
	}
}

static void tsv_heading(ctl_table_t const *table)
{
	for (size_t i = 0; i < table->n_shown; i++) printf("%s%s", i ? "\t" : "", table->shown[i]->name);
	putchar('\n');
}

/* One line of text; cells NULL: the headings. */
static void text_line(ctl_table_t const *table, char *const *cells)
{
	int pending = 0;

	for (size_t i = 0; i < table->n_shown; i++) {
		char const *cell = cells ? cells[i] : table->shown[i]->heading;

		if (table->shown[i]->optional && !table->used[i]) continue;
		/* Padding waits for the next cell, so that no line ends in spaces. */
		printf("%*s", pending, "");
		if (cells) {
			fputs(cell, stdout);
		} else {
			heading_put(cell);
		}
		pending = table->width[i] - ctl_escape_width(cell) + GAP;
	}
	putchar('\n');
}

void ctl_table_print(ctl_table_t *table)
{
	switch (table->format) {
	case CTL_JSON:
		if (!table->n_rows) fputs("[", stdout);
		for (size_t i = 0; i < table->n_rows; i++) printf("%s%s", i ? ",\n" : "[\n", table->rows[i].line);
		fputs(table->n_rows ? "\n]\n" : "]\n", stdout);
		break;

	case CTL_TSV:
		tsv_heading(table);
		for (size_t i = 0; i < table->n_rows; i++) puts(table->rows[i].line);
		break;

	case CTL_TEXT:
		if (table->n_rows) text_line(table, NULL);
		for (size_t i = 0; i < table->n_rows; i++) text_line(table, table->rows[i].cells);
		break;
	}
}

/* "name  value"; the further lines of a value stand below its first. */
static void record_line(char const *name, int width, char const *text)
{
	heading_put(name);
	printf("%*s", width + GAP - (int) strlen(name), "");
	for (; *text; text++) {
		putchar(*text);
		if (*text == '\n') printf("%*s", width + GAP, "");
	}
	putchar('\n');
}

static void record_print_text(ctl_column_t const *columns, unsigned want, void const *record)
{
	int width = 0;

	for (ctl_column_t const *column = columns; column->name; column++)
		if (!(column->needs & ~want) && (int) strlen(column->name) > width) width = (int) strlen(column->name);

	for (ctl_column_t const *column = columns; column->name; column++) {
		json_t *value;
		char *text;

		if (column->needs & ~want) continue;
		value = ctl_need(column->value(record));
		text = text_of(NULL, column, value);
		record_line(column->name, width, text);
		ctl_escape_free(text);
		json_decref(value);
	}
}

void ctl_record_print(ctl_column_t const *columns, ctl_format_t format, unsigned want, void const *record)
{
	ctl_table_t *table;

	if (format == CTL_TEXT) {
		record_print_text(columns, want, record);
		return;
	}
	table = ctl_table_create(NULL, columns, format, want);
	if (format == CTL_JSON) {
		table->rows = ctl_need(talloc_zero(table, row_t));
		table->rows->line = json_line(table, table, record, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
		table->n_rows = 1;
		puts(table->rows->line);
	} else {
		ctl_table_add(table, record);
		ctl_table_print(table);
	}
	talloc_free(table);
}

json_t *ctl_record_json(ctl_column_t const *columns, void const *record)
{
	json_t *object = ctl_need(json_object());

	for (ctl_column_t const *column = columns; column->name; column++) {
		if (column->needs) continue;
		if (json_object_set_new(object, column->name, ctl_need(column->value(record))) < 0) ctl_need(NULL);
	}
	return object;
}

/*
 * --- Rows as they come ---
 */

/* Which columns have values is not known before the rows are: all are shown. */
ctl_stream_t *ctl_stream_begin(TALLOC_CTX *ctx, ctl_column_t const *columns, ctl_format_t format)
{
	ctl_table_t *table = ctl_table_create(ctx, columns, format, 0);

	for (size_t i = 0; i < table->n_shown; i++) table->used[i] = true;
	if (format == CTL_TSV) tsv_heading(table);
	fflush(stdout);
	return table;
}

bool ctl_stream_add(ctl_stream_t *table, void const *record)
{
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));

	switch (table->format) {
	case CTL_JSON:
		puts(json_line(ctx, table, record, JSON_COMPACT | JSON_REAL_PRECISION(6)));
		break;

	case CTL_TSV:
		puts(tsv_line(ctx, table, record));
		break;

	case CTL_TEXT:
		text_line(table, text_cells(ctx, table, record));
		break;
	}
	talloc_free(ctx);
	return fflush(stdout) == 0 && !ferror(stdout);
}
