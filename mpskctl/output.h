/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results, as text for people or as JSON or TSV for scripts, all three from
 * one description of a row. Memory that runs out ends the program.
 */
#ifndef MPSKCTL_OUTPUT_H
#define MPSKCTL_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

typedef enum {
	CTL_TEXT = 0,
	CTL_JSON,
	CTL_TSV
} ctl_format_t;

typedef struct {
	char const	*name;		/* in JSON, in TSV's first line, and in the text of one record */
	char const	*heading;	/* in the text table, or NULL where it is left out there */
	/* The typed value, a new reference; json_null() where there is none. */
	json_t		*(*value)(void const *record);
	/* The value for a person, where it is not simply the value: printable, a line or more. Belongs to ctx. */
	char		*(*text)(TALLOC_CTX *ctx, json_t const *value);
	unsigned	needs;		/* left out of everything unless all of these were asked for */
	bool		zero_last;	/* 0 stands for never, and comes last where rows are ordered by it */
	bool		optional;	/* left out of the text table where no row has it */
	bool		tells;		/* the first column does not tell rows apart: this one does too */
} ctl_column_t;

/* What a column may need. */
#define CTL_WANT_PSK		0x01
#define CTL_WANT_DEVICES	0x02
#define CTL_WANT_MALFORMED	0x04
#define CTL_WANT_USES		0x10
#define CTL_WANT_SESSIONS	0x20	/* that were disconnected */
#define CTL_WANT_OPEN		0x40	/* sessions that go on */
#define CTL_WANT_MADE		0x08	/* what mpskctl made itself: a passphrase */

typedef struct ctl_table ctl_table_t;

/* Columns end with a NULL name and outlive the table. Rows are sorted by the first, whose values are strings then. */
ctl_table_t *ctl_table_create(TALLOC_CTX *ctx, ctl_column_t const *columns, ctl_format_t format, unsigned want);

/* Add a row. It is rendered at once: the record is not needed afterwards. */
void ctl_table_add(ctl_table_t *table, void const *record);

/*
 * Say what the rows are ordered by, before the first is added: any column
 * that has a value for each record; texts bytewise, numbers by size, what
 * has none at the end. Where two are equal the first column decides.
 */
void ctl_table_order(ctl_table_t *table, ctl_column_t const *by, bool reverse);

/* Order the rows by that, or else by their first column, bytewise. Of rows that a walk gave twice one is left. */
void ctl_table_sort(ctl_table_t *table);

/* An array of objects, one a line; or the lines. A text table without rows prints nothing. */
void ctl_table_print(ctl_table_t *table);

/* One record: an object; or TSV's two lines; or a line of text for each column. */
void ctl_record_print(ctl_column_t const *columns, ctl_format_t format, unsigned want, void const *record);

/* A record as an object of all its columns that need nothing. */
json_t *ctl_record_json(ctl_column_t const *columns, void const *record);

/*
 * Rows as they come, each printed at once: in JSON an object a line. False
 * where nobody takes them any more. The stream belongs to ctx.
 */
typedef ctl_table_t ctl_stream_t;
ctl_stream_t *ctl_stream_begin(TALLOC_CTX *ctx, ctl_column_t const *columns, ctl_format_t format);
bool ctl_stream_add(ctl_stream_t *stream, void const *record);

/*
 * Call before any of the above: what jansson and stdio held of a secret is
 * wiped, and headings are bold on a terminal, unless NO_COLOR is set. Then at
 * the end: false where not all of the output was taken.
 */
void ctl_output_begin(void);
bool ctl_output_end(void);

#endif
