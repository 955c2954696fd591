/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of `key import`: the lines of a file, what becomes of each, and
 * how it is told.
 */
#ifndef MPSKCTL_IMPORT_H
#define MPSKCTL_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl.h"
#include "disconnect.h"
#include "fields.h"
#include "input.h"
#include "lines.h"
#include "progress.h"
#include "twins.h"

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	ctl_fields_t	defaults;
	ctl_input_t	made;		/* of passphrases, where lines may lack one */
	ctl_from_t const *from;		/* NULL: as the file looks */
	bool		dry_run;
	bool		update;
	bool		skip_existing;
	bool		no_pmk;
	ctl_disconnect_options_t options;

	ctl_lines_t	lines;
	ctl_twins_t	*twins;
	ctl_progress_t	progress;
	ctl_disconnect_t *disconnect;	/* NULL: nobody is to be */
} ctl_import_t;

/*
 * Hold the lines against the keys and devices of the store: what is to be
 * written is UNDONE then, or in a dry run what it would be. Sets how many.
 * CTL_FAILED, said, where Redis fails.
 */
ctl_exit_t ctl_import_meet(ctl_import_t *import, size_t *n);

/* Write what is UNDONE. CTL_FAILED, said, where that ended before the last one. */
ctl_exit_t ctl_import_write(ctl_import_t *import, size_t n);

/* Note the sessions of keys that were changed, and that may not go on. CTL_FAILED, said, where Redis fails. */
ctl_exit_t ctl_import_disconnect(ctl_import_t *import);

/* Print what became of the lines. */
void ctl_import_report(ctl_import_t const *import);

#endif
