/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of a key's fields: their names in the store, on the command
 * line and in JSON, and their grammars. One row, one field.
 *
 * An empty value of any field counts as an absent field: it is of no wrong
 * grammar, and leaves the record as it was. Numbers are [0-9]{1,12}. Texts
 * hold no control characters; org, site names and tags only letters, digits, '.',
 * '_', '-' and octets over 127, so UTF-8 goes.
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
	/*
	 * Put a stored value into the record, once; what it needs belongs to the record. BAD, with a text that does
	 * not name the field, for one that is wrong; ERR where memory or libcrypto fails.
	 */
	mpsk_status_t	(*parse)(mpsk_key_t *key, char const *value, size_t len, mpsk_error_t *err);
	/* The same of a value that is sealed; NULL where a field never is. */
	mpsk_status_t	(*unseal)(mpsk_key_t *key, mpsk_keyring_t const *keyring, char const *value, size_t len,
				  mpsk_error_t *err);
	/*
	 * The value as the store holds it, NUL-terminated for convenience, belonging to ctx. MISS where the record has
	 * what an absent field means; ERR where memory is out. What parse makes of it is what it was printed from.
	 */
	mpsk_status_t	(*print)(TALLOC_CTX *ctx, mpsk_key_t const *key, char **value, size_t *len);
	char const	*help;		/* one line: grammar, unit and default */
};

#define MPSK_KEY_FIELDS_MAX 32	/* rows, at most */

/* All rows, in the order in which people want to read them; ends with a NULL name. */
extern mpsk_key_field_t const mpsk_key_fields[];

/* As a row's print, but a PSK that the store has sealed in clear. */
mpsk_status_t mpsk_key_field_print_clear(TALLOC_CTX *ctx, mpsk_key_field_t const *field, mpsk_key_t const *key,
					 char **value, size_t *len);

/* The row of a name, or NULL. */
mpsk_key_field_t const *mpsk_key_field(char const *name, size_t len);

#endif
