/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Comma-separated values (RFC 4180), as spreadsheets write them too: with a
 * UTF-8 byte order mark, with semicolons or tabs between the cells, with any
 * line ends. Cells are octets: spaces around them are theirs. Memory that
 * runs out ends the program.
 */
#ifndef MPSKCTL_CSV_H
#define MPSKCTL_CSV_H

#include <stddef.h>
#include <stdio.h>

typedef struct {
	char const	*text;	/* no C string: a NUL may stand in it, and none follows it */
	size_t		len;
} ctl_cell_t;

typedef struct {
	size_t			line;	/* of the text, the first is 1: where the row begins */
	ctl_cell_t const	*cells;
	size_t			n;
	char const		*wrong;	/* NULL, or why there are no cells */
} ctl_csv_row_t;

/* A row, blank lines left out. What it points to is the callee's until it returns. */
typedef void (*ctl_csv_cb_t)(void *uctx, ctl_csv_row_t const *row);

/*
 * Read a whole text, whose cells a delimiter separates; NUL: the one that the
 * first line has most of. A row that breaks the rules of quoting is reported
 * as wrong, and reading goes on at the next line.
 */
void ctl_csv_read(char const *text, size_t len, char delimiter, ctl_csv_cb_t cb, void *uctx);

/* Write one cell, in quotes where it has to be, after a comma where it is not the first of its row. */
void ctl_csv_write(FILE *out, char const *text, size_t len, size_t column);

#endif
