/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys for tests: a record from pairs of C strings, ended by NULL.
 */
#ifndef TESTS_UNIT_KEY_KEY_MAKE_H
#define TESTS_UNIT_KEY_KEY_MAKE_H

#include <stdarg.h>
#include <string.h>

#include "key/key.h"

#define KEY_MAKE_FIELDS 32

static inline mpsk_status_t key_vparse(TALLOC_CTX *ctx, mpsk_key_t **key, mpsk_error_t *err, char const *id, va_list ap)
{
	mpsk_field_t fields[KEY_MAKE_FIELDS];
	char const *name;
	size_t n = 0;

	while ((name = va_arg(ap, char const *)) && n < KEY_MAKE_FIELDS) {
		char const *value = va_arg(ap, char const *);

		fields[n++] = (mpsk_field_t) {
			.name = name, .name_len = strlen(name), .value = value, .value_len = strlen(value)
		};
	}
	return mpsk_key_parse(ctx, key, id, strlen(id), fields, n, NULL, err);
}

__attribute__((sentinel))
static inline mpsk_status_t key_parse(mpsk_key_t **key, mpsk_error_t *err, char const *id, ...)
{
	mpsk_status_t status;
	va_list ap;

	va_start(ap, id);
	status = key_vparse(NULL, key, err, id, ap);
	va_end(ap);
	return status;
}

/* NULL where the fields make no key. */
__attribute__((sentinel))
static inline mpsk_key_t *key_make(char const *id, ...)
{
	mpsk_key_t *key = NULL;
	va_list ap;

	va_start(ap, id);
	(void) key_vparse(NULL, &key, NULL, id, ap);
	va_end(ap);
	return key;
}

#endif
