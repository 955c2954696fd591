/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "csv.h"

#include <csv.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "ctl.h"
#include "wiping.h"

#define CELLS_MAX 128

typedef struct {
	struct csv_parser	parser;
	ctl_csv_cb_t		cb;
	void			*uctx;
	size_t			line;		/* that is being read */
	size_t			began;		/* the line of the row's first cell */
	char			*cells[CELLS_MAX];
	size_t			lens[CELLS_MAX];
	size_t			n;		/* cells of the row, also those that have no room */
	bool			within;		/* a quoted cell goes on past the line's end */
} reader_t;

/* Of spaces around cells libcsv would take those away that are a passphrase's. */
static int no_space(unsigned char c)
{
	(void) c;
	return 0;
}

static void row_drop(reader_t *reader)
{
	for (size_t i = 0; i < reader->n && i < CELLS_MAX; i++) {
		mpsk_secret_wipe(reader->cells[i], reader->lens[i]);
		free(reader->cells[i]);
	}
	reader->n = 0;
}

static void row_give(reader_t *reader, char const *wrong)
{
	ctl_cell_t cells[CELLS_MAX];
	ctl_csv_row_t row = { .line = reader->began, .cells = cells, .n = reader->n, .wrong = wrong };

	if (reader->n > CELLS_MAX && !wrong) row.wrong = "has too many cells";
	for (size_t i = 0; i < reader->n && i < CELLS_MAX; i++) {
		cells[i] = (ctl_cell_t) { .text = reader->cells[i], .len = reader->lens[i] };
	}
	if (row.wrong) row.n = 0;
	reader->cb(reader->uctx, &row);
	row_drop(reader);
}

static void cell_end(void *text, size_t len, void *uctx)
{
	reader_t *reader = uctx;

	if (reader->n < CELLS_MAX) {
		reader->cells[reader->n] = ctl_need(malloc(len + 1));
		memcpy(reader->cells[reader->n], text, len);
		reader->lens[reader->n] = len;
	}
	reader->n++;
}

static void row_end(int c, void *uctx)
{
	(void) c;
	row_give(uctx, NULL);
}

static void parser_begin(reader_t *reader)
{
	unsigned char delimiter = csv_get_delim(&reader->parser);

	csv_free(&reader->parser);
	if (csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) ctl_need(NULL);
	/* Its buffer holds passphrases, also the smaller ones that it leaves behind on its way to a larger. */
	csv_set_realloc_func(&reader->parser, ctl_wiping_realloc);
	csv_set_free_func(&reader->parser, ctl_wiping_free);
	csv_set_space_func(&reader->parser, no_space);
	csv_set_delim(&reader->parser, delimiter);
}

static void quoting_wrong(reader_t *reader)
{
	if (csv_error(&reader->parser) != CSV_EPARSE) ctl_need(NULL);
	row_give(reader, "a quote stands where none may: a cell that holds quotes or separators stands in quotes, and "
		 "each quote in it is doubled");
	parser_begin(reader);
}

/* One line at a time, so that it is known which of them a row began on. */
static void line_read(reader_t *reader, char const *line, size_t len)
{
	size_t taken;

	if (!reader->within) reader->began = reader->line;
	taken = csv_parse(&reader->parser, line, len, cell_end, row_end, reader);
	if (taken != len) quoting_wrong(reader);
	/* Every row ends with its line, unless a quoted cell goes on. */
	reader->within = reader->parser.quoted != 0;
}

/* The separator that stands in the first line most often, outside of quotes. */
static char separator(char const *text, size_t len)
{
	static char const choices[] = ",;\t";
	size_t counts[sizeof(choices) - 1] = { 0 }, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < len && (quoted || text[i] != '\n'); i++) {
		char const *at = text[i] ? strchr(choices, text[i]) : NULL;

		if (text[i] == '"') quoted = !quoted;
		if (at && !quoted) counts[at - choices]++;
	}
	for (size_t i = 1; i < sizeof(counts) / sizeof(counts[0]); i++) if (counts[i] > counts[best]) best = i;
	return choices[best];
}

void ctl_csv_read(char const *text, size_t len, char delimiter, ctl_csv_cb_t cb, void *uctx)
{
	static char const mark[] = "\xef\xbb\xbf";
	reader_t *reader = ctl_need(calloc(1, sizeof(*reader)));
	char const *end;

	if (len >= sizeof(mark) - 1 && memcmp(text, mark, sizeof(mark) - 1) == 0) {
		text += sizeof(mark) - 1;
		len -= sizeof(mark) - 1;
	}
	reader->cb = cb;
	reader->uctx = uctx;
	if (csv_init(&reader->parser, 0) != 0) ctl_need(NULL);
	csv_set_delim(&reader->parser, (unsigned char) (delimiter ? delimiter : separator(text, len)));
	parser_begin(reader);
	for (end = text + len; text < end;) {
		char const *newline = memchr(text, '\n', (size_t) (end - text));
		size_t taken = newline ? (size_t) (newline - text) + 1 : (size_t) (end - text);

		reader->line++;
		line_read(reader, text, taken);
		text += taken;
	}
	/* Where the last line has no end. */
	if (csv_fini(&reader->parser, cell_end, row_end, reader) != 0) quoting_wrong(reader);
	csv_free(&reader->parser);
	row_drop(reader);
	free(reader);
}

void ctl_csv_write(FILE *out, char const *text, size_t len, size_t column)
{
	bool quote = len > 0 && (text[0] == ' ' || text[len - 1] == ' ');

	for (size_t i = 0; i < len && !quote; i++) quote = text[i] && strchr(",;\t\"\r\n", text[i]);
	if (column > 0) putc(',', out);
	if (len == 0) return;
	/* A stream remembers that it failed, and whoever closes it asks. */
	if (!quote) {
		fwrite(text, 1, len, out);
	} else {
		(void) csv_fwrite(out, text, len);
	}
}
