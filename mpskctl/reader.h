/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the cells of one line of a file to what the line sets: what all
 * formats have in common.
 */
#ifndef MPSKCTL_READER_H
#define MPSKCTL_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "columns.h"
#include "csv.h"
#include "lines.h"

#define CTL_READER_COLUMNS_MAX 64

typedef struct {
	ctl_t			*ctl;
	ctl_lines_t		*lines;
	ctl_lines_how_t const	*how;
	char const		*file;
	ctl_exit_t		code;
	ctl_columns_t		kind;		/* what the columns' names mean */
	bool			has_header;	/* its columns are known */
	size_t			n_columns;
	char const		*names[CTL_READER_COLUMNS_MAX];
	ctl_column_rule_t const	*rules[CTL_READER_COLUMNS_MAX];
} ctl_reader_t;

/* Columns that a format has in each file; the names end with NULL. */
void ctl_reader_columns(ctl_reader_t *reader, char const *const *names);

/* Put a cell among the changes of a line, which is refused where it is wrong. */
void ctl_reader_put(ctl_reader_t const *reader, ctl_line_t *line, ctl_changes_t *changes, ctl_column_rule_t const *rule,
		    char const *name, ctl_cell_t cell);

/* Add a line that is whole or refused, with its changes, which are freed: defaults, id and checks. */
void ctl_reader_finish(ctl_reader_t *reader, ctl_line_t *line, ctl_changes_t *changes);

#endif
