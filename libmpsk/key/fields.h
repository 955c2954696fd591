/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of a key's fields: their names in the store, on the command
 * line and in JSON, and their grammars. One row, one field.
 */
#ifndef MPSK_KEY_FIELDS_H
#define MPSK_KEY_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "key/key.h"

typedef struct mpsk_key_field mpsk_key_field_t;
struct mpsk_key_field {
	char const	*name;		/* in the store */
	bool		secret;		/* never shown unless asked for */
	bool		number;		/* a JSON number */
	/* Put a stored value into the record. BAD, with a text that does not name the field, for one that is wrong. */
	mpsk_status_t	(*parse)(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err);
	char const	*help;		/* one line: grammar, unit and default */
};

/* All rows, in the order in which people want to read them; ends with a NULL name. */
extern mpsk_key_field_t const mpsk_key_fields[];

/* The row of a name, or NULL. */
mpsk_key_field_t const *mpsk_key_field(char const *name, size_t len);

#endif
