/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file of keys, each line on its own: what it sets, or what is wrong with
 * it, in any of the formats of from.h.
 */
#ifndef MPSKCTL_LINES_H
#define MPSKCTL_LINES_H

#include <stddef.h>

#include "changes.h"
#include "ctl.h"
#include "input.h"
#include "line.h"

typedef struct {
	ctl_line_t	**lines;
	size_t		n;
	size_t		room;
} ctl_lines_t;

typedef struct ctl_from ctl_from_t;

typedef struct {
	ctl_from_t const	*from;		/* the format of the file (from.h); NULL: as it looks */
	ctl_changes_t const	*defaults;	/* for lines that do not say it themselves */
	ctl_input_t const	*made;		/* how a passphrase is made for a line without one; NULL: it is not */
} ctl_lines_how_t;

/*
 * Read a file, or the standard input where its name is "-". A line without an
 * id gets one of its name, SSID and place, always the same. CTL_INVALID,
 * said, where the file cannot be read or its first line is none of names;
 * what is wrong with one line is kept with it.
 */
ctl_exit_t ctl_lines_read(ctl_t *ctl, ctl_lines_t *lines, char const *file, ctl_lines_how_t const *how);

#endif
