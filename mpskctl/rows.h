/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formats with one row for each MAC of a key: rows of one passphrase, name
 * and VLAN become one line.
 */
#ifndef MPSKCTL_ROWS_H
#define MPSKCTL_ROWS_H

#include "reader.h"

typedef struct ctl_rows ctl_rows_t;

/* Memory that runs out ends the program, here and below. */
ctl_rows_t *ctl_rows_create(void);

/* Keep a row until the last one is read; its changes become the rows'. */
void ctl_rows_add(ctl_rows_t *rows, ctl_line_t *line, ctl_changes_t *changes);

/*
 * Give the lines to the reader, in the order of the file, and free the rows.
 * A line without a name gets that of its first MAC, or else its number.
 */
void ctl_rows_finish(ctl_rows_t *rows, ctl_reader_t *reader);

#endif
