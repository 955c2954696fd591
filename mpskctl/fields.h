/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options from the table of a key's fields: each field that a person may
 * set is an option of its own name, some have a friendlier one as well.
 */
#ifndef MPSKCTL_FIELDS_H
#define MPSKCTL_FIELDS_H

#include <argp.h>
#include <stdint.h>

#include "base/status.h"
#include "changes.h"
#include "ctl.h"

/* The input of the parser below. */
typedef struct {
	ctl_t const	*ctl;
	ctl_changes_t	*changes;	/* where the options go */
} ctl_fields_t;

/* The parser: made on the first call, the same ever after. */
struct argp const *ctl_fields_argp(void);

/*
 * Put what was typed for an option (without its "--") among the changes, in
 * the form of the store. MISS where there is no such option. BAD, with a
 * text that does not name the option, for what can be seen to be wrong
 * here; mpsk_key_parse() sees the rest.
 */
mpsk_status_t ctl_fields_put(ctl_changes_t *changes, char const *option, char const *text, int64_t now,
			     mpsk_error_t *err);

/* Mark a field, by its name or its option's, for removal. BAD where there is none, or it must stay. */
mpsk_status_t ctl_fields_unset(ctl_changes_t *changes, char const *name, mpsk_error_t *err);

/* An SSID as text with \xNN escapes. BAD, with a text, where it is none. */
mpsk_status_t ctl_fields_ssid(mpsk_ssid_t *ssid, char const *text, mpsk_error_t *err);

#endif
