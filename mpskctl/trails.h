/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries of trails, of all organisations together: those of the past in the
 * order in which they happened, and then those that come.
 */
#ifndef MPSKCTL_TRAILS_H
#define MPSKCTL_TRAILS_H

#include "ctl.h"
#include "store/trail.h"

/* What is shown of a trail, and how. */
typedef struct {
	ctl_t			*ctl;
	mpsk_trail_kind_t	kind;
	char const		*org;		/* one organisation; "" : none; NULL: all */
	int64_t			since, until;	/* epoch seconds; until 0: now */
	size_t			last;		/* at most so many, the newest; 0: all */
	ctl_column_t const	*columns;	/* rows are mpsk_trail_record_t */
	/* Whether an entry is shown. */
	bool			(*is_wanted)(void const *uctx, mpsk_trail_record_t const *record);
	void const		*uctx;
} ctl_trails_t;

/* Read what happened, in the order in which it did: an array of ctl->mem. Columns are not asked for. */
ctl_exit_t ctl_trails_past(ctl_trails_t const *trails, mpsk_trail_record_t **records, size_t *n_records);

/* Show what happened; `none` is said, quietly not, where that is nothing. */
ctl_exit_t ctl_trails_show(ctl_trails_t const *trails, char const *none);

/*
 * Show what happens from now on, a line for each, in JSON an object a line,
 * until somebody ends it. Where Redis goes away it is waited for, and said.
 */
ctl_exit_t ctl_trails_follow(ctl_trails_t const *trails);

/*
 * --- For options: what is wrong ends the program ---
 */

/* A time as people write it; a duration is one that ended now. */
int64_t ctl_trails_when(ctl_t const *ctl, char const *option, char const *text, struct argp_state *state);

/* A number of entries, 1 or more. */
size_t ctl_trails_count(char const *option, char const *text, struct argp_state *state);

/*
 * --- For columns ---
 */

/* A field as a text, json_null() where there is none. */
json_t *ctl_trails_field(void const *record, char const *name);

/* When: epoch seconds, and as people read it. */
json_t *ctl_trails_time(void const *record);
char *ctl_trails_time_text(TALLOC_CTX *ctx, json_t const *value);

/* The organisation, or json_null(). */
json_t *ctl_trails_org(void const *record);

/* Whether a field is this text; and whether it is one of the words that it holds. */
bool ctl_trails_is(mpsk_trail_record_t const *record, char const *name, char const *text);
bool ctl_trails_has(mpsk_trail_record_t const *record, char const *name, char const *word);

#endif
