/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the columns of an imported file mean: the fields of a key by their
 * own names, and by those of the files of other systems.
 */
#ifndef MPSKCTL_COLUMNS_H
#define MPSKCTL_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "changes.h"

typedef struct ctl_column_rule ctl_column_rule_t;

/* Which files a name stands in: the same name may mean another thing in the other. */
typedef enum {
	CTL_COLUMNS_OWN = 0,
	CTL_COLUMNS_MIST,
	CTL_COLUMNS_UNIFI,
	CTL_COLUMNS_DPSK,
	CTL_COLUMNS_HOSTAPD,
	CTL_COLUMNS_KINDS
} ctl_columns_t;

/* What a column means, or NULL. */
ctl_column_rule_t const *ctl_column_find(ctl_columns_t kind, char const *name, size_t len);

/* Whether it holds the key's id, or is passed over. */
bool ctl_column_is_id(ctl_column_rule_t const *rule);

/* The field of a key that it sets, or NULL. */
char const *ctl_column_field(ctl_column_rule_t const *rule);

/*
 * Put a cell among the changes, in the form of the store; an empty one
 * removes the field. BAD, with a text that names no column, for what can be
 * seen to be wrong here.
 */
mpsk_status_t ctl_column_put(ctl_column_rule_t const *rule, ctl_changes_t *changes, char const *text, size_t len,
			     int64_t now, mpsk_error_t *err);

/* The columns of Mist's file of an organisation, and how many of them, from the first, that of a site has. */
#define CTL_COLUMNS_MIST_ORG	13
#define CTL_COLUMNS_MIST_SITE	6
extern char const *const ctl_columns_mist[CTL_COLUMNS_MIST_ORG];

#endif
