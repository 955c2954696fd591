/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be written to a key: fields to set, and fields to remove. The
 * values are wiped when the list is freed. Memory that runs out ends the
 * program.
 */
#ifndef MPSKCTL_CHANGES_H
#define MPSKCTL_CHANGES_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "key/key.h"

typedef struct {
	mpsk_field_t	*fields;	/* as mpsk_store_key_write() takes them: value NULL removes; a NUL ends names */
	size_t		n;
	size_t		room;
} ctl_changes_t;

ctl_changes_t *ctl_changes_create(TALLOC_CTX *ctx);

/* Set a field to a copy of value, or remove it where value is NULL, whatever was said of it before. */
void ctl_changes_put(ctl_changes_t *changes, void const *name, size_t name_len, void const *value, size_t len);

/* The same for names and values that are C strings. */
void ctl_changes_set(ctl_changes_t *changes, char const *name, char const *value);
void ctl_changes_number(ctl_changes_t *changes, char const *name, int64_t value);
void ctl_changes_remove(ctl_changes_t *changes, char const *name);

/* Say nothing of a field any more: it stays as it is. */
void ctl_changes_drop(ctl_changes_t *changes, char const *name);

/* What is to become of a field, or NULL where it stays. */
mpsk_field_t const *ctl_changes_find(ctl_changes_t const *changes, char const *name);

#endif
