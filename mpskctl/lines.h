/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file of keys, each line on its own: what it sets, or what is wrong with
 * it. CSV of Mist's two forms, CSV and JSON of our own.
 */
#ifndef MPSKCTL_LINES_H
#define MPSKCTL_LINES_H

#include <stddef.h>

#include "changes.h"
#include "ctl.h"
#include "line.h"

typedef struct {
	ctl_line_t	**lines;
	size_t		n;
	size_t		room;
} ctl_lines_t;

/*
 * Read a file, or the standard input where its name is "-". What defaults
 * says counts for lines that do not say it themselves. A line without an
 * id gets one of its name, SSID and place, always the same. CTL_INVALID,
 * said, where the file cannot be read or its first line is none of names;
 * what is wrong with one line is kept with it.
 */
ctl_exit_t ctl_lines_read(ctl_t *ctl, ctl_lines_t *lines, char const *file, ctl_changes_t const *defaults);

#endif
